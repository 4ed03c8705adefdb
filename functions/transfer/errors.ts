import { MailferryError } from '../errors.ts';
import type { Sentence } from '../jmap/types.ts';

/** What ends an import or export for good; the message is for the person. */
export type TransferErrorCode =
  /** the file that was uploaded is not there (any more), or not whole */
  | 'missing-file'
  /** the file is not what it is said to be */
  | 'not-readable'
  /** unpacked, the file would be out of all proportion */
  | 'zip-bomb'
  /** the mailbox to import into was destroyed */
  | 'no-mailbox'
  /** run after run came to nothing */
  | 'internal';

/** An import or export that is given up. */
export class TransferError extends MailferryError {
  override name = 'TransferError';
  declare readonly code: TransferErrorCode;

  constructor(code: TransferErrorCode, message: Sentence, options?: { cause?: unknown }) {
    super(code, message, options);
  }
}

/** One message that cannot be imported; the others go on. */
export class MessageError extends MailferryError {
  override name = 'MessageError';
}
