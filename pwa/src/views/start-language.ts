import { readSetting } from '../mailbox/settings.ts';
import { direction, type Language, language, preferredLanguage } from '../words/language.ts';
import { speak } from '../words/words.ts';

/**
 * Speaks the language that was chosen on this device, else the first one of the browser's that the app knows.
 * @param known which that is, where it was found out before
 */
export async function startLanguage(known?: Language): Promise<void> {
  const preferred = preferredLanguage(navigator.languages);
  // A database that cannot be opened says so in the language of the browser, and missing words in English.
  const chosen = known ?? (await readSetting('language').catch(() => null));
  await speak(chosen ?? preferred).catch(() => {});
  document.documentElement.lang = language();
  document.documentElement.dir = direction();
}
