import type { Sentence } from '../../../functions/jmap/types.ts';
import { type Language, language } from './language.ts';
import { digits, type Forms, formFor } from './numbers.ts';
import { longDay } from './time.ts';
import { words } from './words.ts';

/**
 * Sentences of the server in the language of the person. Only the pages of accounts need them, and whoever imports
 * this has them: they are loaded with it.
 */

/** By the code of a sentence; `{name}` stands for a value. In English the server says them itself. */
export type Sentences = Readonly<Record<string, string | Forms>>;

const load: Readonly<Record<Language, () => Promise<Sentences>>> = {
  en: async () => ({}),
  de: async () => (await import('./de/sentences.ts')).sentences,
  es: async () => (await import('./es/sentences.ts')).sentences,
  fr: async () => (await import('./fr/sentences.ts')).sentences,
  ja: async () => (await import('./ja/sentences.ts')).sentences,
  ar: async () => (await import('./ar/sentences.ts')).sentences,
};

let known: Sentences = {};

/** Learns what the server may say in the language that is spoken now. */
export async function learnSentences(): Promise<void> {
  known = await load[language()]();
}

/** A value may be written in another direction than the sentence around it. */
const apart = (value: string) => `\u2068${value}\u2069`;

/** A mailbox as the mail server calls it; the one that every account has is called as in the lists. */
export const mailboxSaid = (path: string): string => (path === 'INBOX' ? (words.roles.inbox ?? path) : path);

function shown(name: string, value: string | number): string {
  if (typeof value === 'number') return digits(value);
  if (name === 'mailbox') return apart(mailboxSaid(value));
  return name === 'date' ? longDay(value) : apart(value);
}

/** The words for a code, or for the part of it before the last `/`. */
function wordsFor(code: string): string | Forms | undefined {
  const found = known[code] ?? words.onboarding.problems[code]?.title;
  if (found !== undefined || !code.includes('/')) return found;
  return wordsFor(code.slice(0, code.lastIndexOf('/')));
}

/** The server's own words, with its day as people write it. */
function withDate({ date }: Sentence['values'], text: string): string {
  return language() === 'en' && typeof date === 'string' ? text.replace(date, longDay(date)) : text;
}

/** A sentence of the server: ours for its code, and its own where we have none, as in English. */
export function said({ code, values, text }: Sentence): string {
  const found = language() === 'en' ? undefined : wordsFor(code);
  if (found === undefined) return withDate(values, text);
  const form = typeof found === 'string' ? found : formFor(Number(values.count), found);
  const names = [...form.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  // A server that tells less than the sentence needs is understood better by its own words.
  if (names.some(name => values[name] === undefined)) return text;
  return form.replace(/\{(\w+)\}/g, (_, name: string) => shown(name, values[name] ?? ''));
}

/** All that the server says in one place. A device may have an answer of a server that sent no sentences: its text. */
export function saidAll(sentences: readonly Sentence[] | undefined, text: string): string {
  // Japanese has no space between sentences.
  return sentences?.length ? sentences.map(said).join(language() === 'ja' ? '' : ' ') : text;
}

await learnSentences();
