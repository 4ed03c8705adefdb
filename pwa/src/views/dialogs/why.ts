import { MethodRefused, SignInNeeded, Unreachable } from '../../jmap/errors.ts';
import { language } from '../../words/language.ts';
import { words } from '../../words/words.ts';

/** Why the server did not change a mailbox, as a sentence; what is no answer of it is thrown on. */
export function whyNotChanged(error: unknown): string {
  if (error instanceof Unreachable) return words.mailboxes.unreachable;
  if (error instanceof SignInNeeded) return words.status.signInNeeded;
  if (!(error instanceof MethodRefused)) throw error;
  // What the server says of it is in English.
  const described = language() === 'en' ? error.message : '';
  return words.mailboxes.reasons[error.code] ?? (described || words.mailboxes.refused);
}
