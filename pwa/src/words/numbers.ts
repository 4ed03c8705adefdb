import { forLocale } from './language.ts';

const numbers = forLocale(tag => new Intl.NumberFormat(tag));
const plurals = forLocale(tag => new Intl.PluralRules(tag));

/** A sentence or part of one for each plural form that the language has; `#` stands for the number. */
export type Forms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** `12,345` */
export function digits(n: number): string {
  return numbers().format(n);
}

/** The form that goes with a number. */
export const formFor = (n: number, forms: Forms): string => forms[plurals().select(n)] ?? forms.other;

/** The same with the number in it: `count(2, { one: '# message', other: '# messages' })` is `2 messages`. */
export function count(n: number, forms: Forms): string {
  return formFor(n, forms).replace('#', digits(n));
}
