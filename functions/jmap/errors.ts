import { MailferryError } from '../errors.ts';
import type { SetError } from './types.ts';

const PROBLEM = 'urn:ietf:params:jmap:error:';

/** The method-level errors that are answered here: RFC 8620 sections 3.6.2, 5.1 to 5.6. */
export type MethodErrorType =
  | 'serverUnavailable'
  | 'serverFail'
  | 'serverPartialFail'
  | 'unknownMethod'
  | 'invalidArguments'
  | 'invalidResultReference'
  | 'forbidden'
  | 'accountNotFound'
  | 'fromAccountNotFound'
  | 'accountNotSupportedByMethod'
  | 'accountReadOnly'
  | 'requestTooLarge'
  | 'cannotCalculateChanges'
  | 'stateMismatch'
  | 'anchorNotFound'
  | 'unsupportedSort'
  | 'unsupportedFilter';

/** A method call that is answered with `error`; the other calls of the request go on. `message` is its description. */
export class MethodError extends MailferryError {
  override name = 'MethodError';
  declare readonly code: MethodErrorType;

  constructor(type: MethodErrorType, description: string, options?: { cause?: unknown }) {
    super(type, description, options);
  }
}

export type RequestErrorType = 'unknownCapability' | 'notJSON' | 'notRequest' | 'limit';

/** A request that is refused as a whole: RFC 8620 section 3.6.1. */
export class RequestError extends MailferryError {
  override name = 'RequestError';
  declare readonly code: RequestErrorType;
  /** The name of the limit, for `limit`. */
  readonly limit: string | undefined;

  constructor(type: RequestErrorType, detail: string, options?: { cause?: unknown; limit?: string }) {
    super(type, detail, options);
    this.limit = options?.limit;
  }
}

/** Problem details, RFC 7807; `status` is also the status of the HTTP answer. */
export interface Problem {
  type: string;
  status: number;
  title?: string;
  detail?: string;
  limit?: string;
}

/** The problem details of a refused request. */
export function problemOf(error: RequestError): Problem {
  return {
    type: PROBLEM + error.code,
    status: 400,
    detail: error.message,
    ...(error.limit !== undefined && { limit: error.limit }),
  };
}

/** A SetError of RFC 8620 section 5.3; `properties` is left out when empty. */
export function setError(type: string, description: string, properties: readonly string[] = []): SetError {
  return { type, description, ...(properties.length > 0 && { properties: [...properties] }) };
}
