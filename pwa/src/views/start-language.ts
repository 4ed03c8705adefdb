import { readSetting } from '../mailbox/settings.ts';
import { direction, type Language, language, preferredLanguage } from '../words/language.ts';
import { speak } from '../words/words.ts';

/**
 * Speaks the language that was chosen on this device, else the first one of the browser's that the app knows.
 * @param known which that is, where it was found out before
 */
export async function startLanguage(known?: Language): Promise<void> {
  const chosen = known ?? (await readSetting('language'));
  await speak(chosen ?? preferredLanguage(navigator.languages));
  document.documentElement.lang = language();
  document.documentElement.dir = direction();
}
