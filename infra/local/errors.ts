import { MailferryError } from '../../functions/errors.ts';

/** Why the local cloud cannot start or go on. */
export type LocalErrorCode =
  /** a setting of the environment is not usable */
  | 'setting'
  /** another Mailferry works on this data folder */
  | 'data-in-use'
  /** the port is taken */
  | 'port-in-use'
  /** one of our processes did not start or ended */
  | 'process'
  /** a function did not answer within its time limit */
  | 'function-timeout'
  /** a function threw */
  | 'function-failed'
  /** the app could not be built */
  | 'build';

/** The local cloud could not do something; `message` tells the person what to do about it. */
export class LocalCloudError extends MailferryError {
  override name = 'LocalCloudError';
  declare readonly code: LocalErrorCode;

  constructor(code: LocalErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
  }
}

/** The errno code of a failed system call (`ENOENT`, `EADDRINUSE`, …), or null for anything else. */
export function errnoOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}
