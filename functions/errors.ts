import type { Sentence } from './jmap/types.ts';

/**
 * The one base of every error that Mailferry throws on purpose. `code` is for programs, `message` is a
 * sentence that a person can act on, `cause` is what happened underneath. Each area derives its own named
 * classes in an errors file beside its code. A message never carries a credential or message content.
 */
export class MailferryError extends Error {
  override name = 'MailferryError';
  readonly code: string;
  /** The message as one of the catalogue, where it is one. */
  readonly sentence: Sentence | null;

  constructor(code: string, message: string | Sentence, options?: { cause?: unknown }) {
    super(typeof message === 'string' ? message : message.text, options);
    this.code = code;
    this.sentence = typeof message === 'string' ? null : message;
  }
}
