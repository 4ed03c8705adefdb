import { readSetting } from '../mailbox/settings.ts';
import { direction, language, preferredLanguage } from '../words/language.ts';
import { speak } from '../words/words.ts';

/** Speaks the language that was chosen on this device, else the first one of the browser's that the app knows. */
export async function startLanguage(): Promise<void> {
  const chosen = await readSetting('language');
  await speak(chosen ?? preferredLanguage(navigator.languages));
  document.documentElement.lang = language();
  document.documentElement.dir = direction();
}
