import { en } from './en/index.ts';
import { type Language, setLanguage } from './language.ts';

/** What each language has to say. */
export type Words = typeof en;

/** Every string of the user interface, in the language that is spoken now. */
export let words: Words = en;

/** The other languages, each loaded when it is spoken. */
const others: Partial<Record<Language, () => Promise<Words>>> = {
  de: async () => (await import('./de/index.ts')).de,
  es: async () => (await import('./es/index.ts')).es,
  fr: async () => (await import('./fr/index.ts')).fr,
  ja: async () => (await import('./ja/index.ts')).ja,
  ar: async () => (await import('./ar/index.ts')).ar,
};

/** From now on the app speaks this language; to be called before anything is shown. */
export async function speak(language: Language): Promise<void> {
  words = (await others[language]?.()) ?? en;
  setLanguage(words === en ? 'en' : language);
}
