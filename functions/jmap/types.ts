/**
 * What travels between the API and a device, as plain types: the app imports this file and nothing else of `functions`.
 * Here are the objects of RFC 8620, beside it those of RFC 8621 and our own.
 */
export type * from './types-account.ts';
export type * from './types-mail.ts';

/** RFC 8620 section 1.2: 1 to 255 characters of A-Z a-z 0-9 - _ */
export type Id = string;
/** RFC 8620 section 1.4: `2014-10-30T06:12:00Z` */
export type UTCDate = string;

export const CORE = 'urn:ietf:params:jmap:core';
export const MAIL = 'urn:ietf:params:jmap:mail';
/** RFC 9749 */
export const WEBPUSH_VAPID = 'urn:ietf:params:jmap:webpush-vapid';
export const ACCOUNTS = 'urn:mailferry:params:jmap:accounts';

export interface Session {
  capabilities: Record<string, unknown>;
  accounts: Record<Id, SessionAccount>;
  primaryAccounts: Record<string, Id>;
  username: string;
  apiUrl: string;
  downloadUrl: string;
  uploadUrl: string;
  eventSourceUrl: string;
  state: string;
}

export interface SessionAccount {
  name: string;
  isPersonal: boolean;
  isReadOnly: boolean;
  accountCapabilities: Record<string, unknown>;
}

/** `[name, arguments, call id]`, RFC 8620 section 3.2 */
export type Invocation = [name: string, args: Record<string, unknown>, callId: string];

export interface Request {
  using: string[];
  methodCalls: Invocation[];
  createdIds?: Record<Id, Id>;
}

export interface Response {
  methodResponses: Invocation[];
  createdIds?: Record<Id, Id>;
  sessionState: string;
}

/**
 * A sentence for the person as data, beside the property that has it in English: `code` says which sentence it is,
 * `values` what stands in it (`count` chooses the plural form, `date` is a day: `2026-11-23`), `text` is the English. A
 * client that says it in another language takes one of its own for the code, for a code that it does not know that of
 * the part before the last `/`, and else the text. All codes: `functions/sentences/catalogue.ts`.
 */
export interface Sentence {
  code: string;
  values: Record<string, string | number>;
  text: string;
}

/** RFC 8620 section 5.3 */
export interface SetError {
  type: string;
  description?: string;
  properties?: string[];
}

/** What of a PushSubscription (RFC 8620 section 7.2) is told again. */
export interface PushSubscription {
  id: Id;
  deviceClientId: string;
  /** null until the client has sent the code that was pushed to it */
  verificationCode: string | null;
  expires: UTCDate;
  /** Mailbox, Thread, Email, EmailDelivery; null for all */
  types: string[] | null;
}

/** What is pushed when something changed, RFC 8620 section 7.1. */
export interface StateChange {
  '@type': 'StateChange';
  /** By account, the new state of each type. */
  changed: Record<Id, Record<string, string>>;
}

/** What is pushed once to a new subscription, RFC 8620 section 7.2.2. */
export interface PushVerification {
  '@type': 'PushVerification';
  pushSubscriptionId: Id;
  verificationCode: string;
}
