import { count } from '../numbers.ts';

export const selecting = {
  select: (subject: string) => `Select: ${subject}`,
  count: (n: number) => count(n, { one: '# selected', other: '# selected' }),
  none: 'End the selection',
  all: 'Select all that are loaded',
  actions: 'What to do with the selected',
};
