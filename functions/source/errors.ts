import { MailferryError } from '../errors.ts';
import type { Sentence } from '../jmap/types.ts';

/** What went wrong with a mail server, by what has to happen next. */
export type SourceErrorCode =
  /** the server refused the user name or password: stops until the person acts */
  | 'authentication'
  /** the host name does not resolve */
  | 'unknown-host'
  /** the host is private, link-local or otherwise not allowed here */
  | 'forbidden-host'
  /** nothing answers at this port, or the connection was refused */
  | 'unreachable'
  /** the server did not answer in time, or hung in the middle of an answer */
  | 'timeout'
  /** TLS could not be established: plain-text port, wrong certificate, STARTTLS not offered */
  | 'tls'
  /** the server answered something that is not its protocol, or lied about a size */
  | 'protocol'
  /** the server refuses for now: [IN-USE], [SYS/TEMP], [UNAVAILABLE], too many connections */
  | 'temporary'
  /** the server limits how often we come, how many connections or how many commands: slower */
  | 'throttled'
  /** what the provider allows in a day is used up: tomorrow */
  | 'quota'
  /** the server refuses what it was asked, a tagged NO, and does not say that it may do so later */
  | 'refused'
  /** the connection was lost in the middle of a command */
  | 'disconnected';

/** A mail server could not be used. `message` is a full sentence for the person, without secrets. */
export class SourceError extends MailferryError {
  override name = 'SourceError';
  declare readonly code: SourceErrorCode;
  /** How long to wait, in milliseconds, where the server says so. */
  readonly retryAfter: number | undefined;
  /** Whether somebody else is in this mailbox, which lets only one in at a time (POP). */
  readonly isInUse: boolean;

  constructor(
    code: SourceErrorCode,
    message: string | Sentence,
    options?: { cause?: unknown; retryAfter?: number | undefined; isInUse?: boolean },
  ) {
    super(code, message, options);
    this.retryAfter = options?.retryAfter;
    this.isInUse = options?.isInUse ?? false;
  }
}

/** Whether a failure says "later", and so tells nothing against the message or the change that it was about. */
export const isForNow = (code: string): boolean =>
  code === 'temporary' || code === 'throttled' || code === 'quota';
