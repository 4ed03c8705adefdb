import { MailferryError } from '../errors.ts';

export type StoreErrorCode =
  /** a stored row does not have the shape its schema demands */
  | 'damaged-row'
  /** a blob that a commit names is not there */
  | 'missing-blob'
  /** the log is being written by so many at once that this writer gave up */
  | 'contended'
  /** the table takes or gives no more just now */
  | 'overloaded'
  /** more changes than fit into one commit */
  | 'too-large'
  /** a position in the log that is no longer (or not yet) there */
  | 'unknown-state'
  /** a credential cannot be opened */
  | 'sealed';

/** The store could not do what was asked; nothing was changed, but by `overloaded`, which may be half-way. */
export class StoreError extends MailferryError {
  override name = 'StoreError';
  declare readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
  }
}
