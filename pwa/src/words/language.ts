/** The languages that the app speaks, each named in itself. */
export const languages = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  ja: '日本語',
  ar: 'العربية',
} as const;

export type Language = keyof typeof languages;

/** What Intl formats numbers and dates for. English dates are those of Britain, day first; Arabic digits are ours. */
const tags: Record<Language, string> = {
  en: 'en-GB',
  de: 'de',
  es: 'es',
  fr: 'fr',
  ja: 'ja',
  ar: 'ar-u-nu-latn',
};

let current: Language = 'en';

/** The language that is spoken now. */
export const language = (): Language => current;

/** Its BCP 47 tag for Intl. */
export const locale = (): string => tags[current];

/** In which direction it is written. */
export const direction = (): 'ltr' | 'rtl' => (current === 'ar' ? 'rtl' : 'ltr');

/** Only `words.ts` calls this, when the words of the language are there. */
export function setLanguage(chosen: Language): void {
  current = chosen;
}

/** The first language of a list like `navigator.languages` that the app speaks, whatever the region; else English. */
export function preferredLanguage(wanted: readonly string[]): Language {
  const known = wanted.map(tag => tag.toLowerCase().split('-')[0] ?? '').find(tag => tag in languages);
  return (known as Language | undefined) ?? 'en';
}

/** Keeps what `make` gives for the present locale: Intl's formatters are costly to make. */
export function forLocale<T>(make: (locale: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const tag = locale();
    const known = made.get(tag);
    if (known !== undefined) return known;
    const fresh = make(tag);
    made.set(tag, fresh);
    return fresh;
  };
}
