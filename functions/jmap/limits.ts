/**
 * The limits that the core capability advertises, RFC 8620 section 2. A request reaches Lambda inside an event of
 * at most 6 MB, in which the body is a JSON string and octets are base64: hence less than what the RFC suggests.
 */
export const LIMITS = {
  maxSizeUpload: 4_400_000,
  maxConcurrentUpload: 4,
  maxSizeRequest: 4_000_000,
  maxConcurrentRequests: 8,
  maxCallsInRequest: 64,
  maxObjectsInGet: 500,
  maxObjectsInSet: 500,
  collationAlgorithms: ['i;ascii-casemap', 'i;unicode-casemap'],
} as const;

/** Octets of all method responses of one request: base64 of it, and headers, fit into Lambda's 6 MB. */
export const MAX_ANSWER = 4_400_000;
/** Ids that one /query answers at most: also the limit when the client names none (RFC 8620 section 5.5). */
export const MAX_QUERY_LIMIT = 5_000;
/** Ids that one /changes answers at most. */
export const MAX_CHANGES = 5_000;
/** Keywords and mailboxes that one Email may have; a STATE# row stays small. */
export const MAX_KEYWORDS_PER_EMAIL = 100;
export const MAX_MAILBOXES_PER_EMAIL = 100;
/** Octets of all attachments of an Email that is made here; a function holds them and the message. */
export const MAX_ATTACHMENTS = 20_000_000;
/** Octets of one message or upload that a request holds in memory as a whole. */
export const MAX_IN_MEMORY = 100_000_000;
/** Octets of the name of a mailbox. */
export const MAX_MAILBOX_NAME = 255;
/** References that one arguments object may hold: each may stand for as much as a whole answer. */
export const MAX_REFERENCES = 16;
