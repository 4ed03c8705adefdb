/** The languages that the app speaks, each in its own words. */
export const languages = { en: 'English' } as const;

export type Language = keyof typeof languages;

/** What numbers and dates are formatted for; follows the language. English dates are those of Britain, day first. */
let current: Language = 'en';
const formats: Record<Language, string> = { en: 'en-GB' };

/** The BCP 47 tag for Intl. */
export const locale = (): string => formats[current];

export function setLanguage(language: Language): void {
  current = language;
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
