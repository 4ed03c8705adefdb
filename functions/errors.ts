/**
 * The one base of every error that Mailferry throws on purpose. `code` is for programs, `message` is a
 * sentence that a person can act on, `cause` is what happened underneath. Each area derives its own named
 * classes in an errors file beside its code. A message never carries a credential or message content.
 */
export class MailferryError extends Error {
  override name = 'MailferryError';
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
