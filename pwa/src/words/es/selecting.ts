import { count } from '../numbers.ts';

export const selecting = {
  select: (subject: string) => `Seleccionar: ${subject}`,
  count: (n: number) => count(n, { one: '# seleccionado', other: '# seleccionados' }),
  none: 'Terminar la selección',
  all: 'Seleccionar todos los cargados',
  actions: 'Acciones para la selección',
};
