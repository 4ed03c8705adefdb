import { z } from 'zod';
import type { MailferryError } from '../errors.ts';
import type { Sentence } from '../jmap/types.ts';
import { catalogue } from './catalogue.ts';

/** Makes sentences for a person, in English and as data. Pure. */

/** A Sentence where one is read: from a row, or from another function. */
export const sentenceSchema = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  text: z.string(),
});

type Catalogue = typeof catalogue;
export type SentenceCode = keyof Catalogue;

/** The names in braces of a text: `'{a} of {b}'` gives `'a' | 'b'`. */
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type TextOf<Code extends SentenceCode> = Catalogue[Code] extends { other: infer Other extends string }
  ? Other
  : Catalogue[Code] extends string
    ? Catalogue[Code]
    : never;
type ValueOf<Name> = Name extends 'count' ? number : string | number;
type Values<Code extends SentenceCode> = { [Name in Names<TextOf<Code>>]: ValueOf<Name> };

const plurals = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A sentence of the catalogue. Numbers are written with separators in the text; give a port as a string. */
export function say<Code extends SentenceCode>(
  code: Code,
  ...[given]: Names<TextOf<Code>> extends never ? [] : [Values<Code>]
): Sentence {
  const values: Sentence['values'] = { ...given };
  const entry: string | { one: string; other: string } = catalogue[code];
  const form =
    typeof entry === 'string'
      ? entry
      : entry[plurals.select(Number(values.count)) === 'one' ? 'one' : 'other'];
  const text = form.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? numbers.format(value) : value;
  });
  return { code, values, text };
}

/** A sentence whose English is not of the catalogue: a client knows it by its code, or shows the text. */
export const saidOtherwise = (code: string, text: string): Sentence => ({ code, values: {}, text });

/** What an error says to the person. */
export function sentenceOf(error: MailferryError): Sentence {
  return error.sentence ?? saidOtherwise(error.code, error.message);
}

/** The sentences in English, one after the other. */
export const inEnglish = (sentences: readonly Sentence[]): string =>
  sentences.map(({ text }) => text).join(' ');
