import { MailferryError } from '../../functions/errors.ts';

export type OperatorErrorCode =
  /** the command was called in a way that it does not take */
  | 'usage'
  /** a customer file is there already, or is not */
  | 'customer'
  /** the CDK command failed */
  | 'cdk'
  /** there is no such stack here, or it is in no state for this */
  | 'stack'
  /** the folder of an export is not usable */
  | 'export'
  /** what was asked for would lose something, and the word that it may is missing */
  | 'refused';

/** A command of the operator could not be carried out; `message` says what to do. */
export class OperatorError extends MailferryError {
  override name = 'OperatorError';
  declare readonly code: OperatorErrorCode;

  constructor(code: OperatorErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
  }
}
