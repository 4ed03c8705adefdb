import { count } from '../numbers.ts';

export const selecting = {
  select: (subject: string) => `Auswählen: ${subject}`,
  count: (n: number) => count(n, { one: '# ausgewählt', other: '# ausgewählt' }),
  none: 'Auswahl beenden',
  all: 'Alle geladenen auswählen',
  actions: 'Aktionen für die Auswahl',
};
