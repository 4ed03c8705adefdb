import { count } from '../numbers.ts';

export const selecting = {
  select: (subject: string) => `Sélectionner : ${subject}`,
  count: (n: number) => count(n, { one: '# sélectionné', other: '# sélectionnés' }),
  none: 'Terminer la sélection',
  all: 'Sélectionner tous les messages chargés',
  actions: 'Actions sur la sélection',
};
