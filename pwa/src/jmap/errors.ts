import { AppError } from '../errors.ts';

/** The server could not be reached or did not answer in time: whatever was asked may be asked again. */
export class Unreachable extends AppError {
  override name = 'Unreachable';
  constructor(cause?: unknown) {
    super('unreachable', 'The server cannot be reached.', { cause });
  }
}

/** The server no longer accepts our token, and no new one could be had: the person has to sign in. */
export class SignInNeeded extends AppError {
  override name = 'SignInNeeded';
  constructor(cause?: unknown) {
    super('sign-in-needed', 'Sign in again.', { cause });
  }
}

/** The server refused a whole request (RFC 8620 section 3.6.1); `code` is the last part of its type. */
export class RequestRefused extends AppError {
  override name = 'RequestRefused';
  readonly status: number;
  constructor(status: number, code: string, detail: string) {
    super(code, detail);
    this.status = status;
  }
}

/** One method call was refused (RFC 8620 section 3.6.2); `code` is its type, such as `cannotCalculateChanges`. */
export class MethodRefused extends AppError {
  override name = 'MethodRefused';
  /** What of an object is wrong, of a SetError. */
  readonly properties: readonly string[];
  constructor(code: string, description: string, properties: readonly string[] = []) {
    super(code, description);
    this.properties = properties;
  }
}
