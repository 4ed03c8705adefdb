import { type Language, language, preferredLanguage } from '../words/language.ts';
import type { Entry } from './entries.ts';

/**
 * What the inbox showed last, as far as one screen goes, kept where it can be read at once: a browser may take some
 * hundred milliseconds to open a large database. The database is read beside it, and has the last word.
 */
export interface FirstScreen {
  language: Language;
  /** whether the list shows conversations */
  threads: boolean;
  /** how many entries the whole list has */
  total: number;
  /** the first of them, newest first */
  entries: Entry[];
}

const KEY = 'mailferry:first-screen';
/** Another one whenever what is kept changes its shape. */
const VERSION = 1;
/** Rows of a tall phone's screen. */
const ROWS = 14;

/** What was kept; null where nothing was, or another version or a browser of another language kept it. */
export function readFirstScreen(): FirstScreen | null {
  try {
    const { version, preferred, ...kept } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return version === VERSION && preferred === preferredLanguage(navigator.languages) ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps what the inbox shows now. */
export function keepFirstScreen({ entries, ...shown }: Omit<FirstScreen, 'language'>): void {
  const preferred = preferredLanguage(navigator.languages);
  const spoken = { version: VERSION, preferred, language: language() };
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...spoken, ...shown, entries: entries.slice(0, ROWS) }));
  } catch {
    // Full, or switched off: the app opens as fast as its database.
  }
}

/** Forgets it: its language is not spoken any more, or nothing may be left here. */
export function removeFirstScreen(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing could be written either.
  }
}
