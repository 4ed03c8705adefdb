/**
 * The one base of every error that the app throws on purpose. `code` is for programs; the sentence that a
 * person reads comes from `words`, by that code. A message never carries a token or message content.
 */
export class AppError extends Error {
  override name = 'AppError';
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
