import type { SourceErrorCode } from './errors.ts';

/**
 * What a refusal tells of a provider's limits. They name them by response codes (RFC 5530, RFC 3206, RFC 2449) or in
 * words only: those of Gmail, Outlook, Yahoo and Dovecot are known. Pure.
 */

export interface Throttle {
  code: Extract<SourceErrorCode, 'throttled' | 'quota'>;
  /** How long to wait, in milliseconds, where the server says so. */
  retryAfter?: number;
}

/** What a day allows is used up; "Lockdown in sector 4" is how Gmail says it to POP clients. */
const QUOTA =
  /bandwidth|lockdown in sector|daily[\w\s]{0,30}(limit|quota)|exceeded[\w\s]{0,30}(download|transfer)|(download|transfer)[\w\s]{0,30}(limit|quota)/i;
const THROTTLED =
  /throttl|rate.?limit|too many[\w\s]{0,20}(connection|session|login|command|request|attempt)|maximum number of connections|login limit|reduce the frequency|(login|connection|command)s?[\w\s]{0,20}too (often|frequent)/i;
const THROTTLED_CODES: ReadonlySet<string> = new Set(['LIMIT', 'THROTTLED', 'LOGIN-DELAY', 'ETHROTTLE']);

const UNITS: readonly (readonly [unit: RegExp, milliseconds: number])[] = [
  [/^m(illi)?s/i, 1],
  [/^s/i, 1_000],
  [/^m/i, 60_000],
  [/^h/i, 3_600_000],
];
/** `Suggested Backoff Time: 92415 milliseconds`, `try again in 15 minutes`, `for a 15 minute period`. */
const STATED =
  /(?:back-?off|again|wait|after|within|period|for a|in)\D{0,20}?(\d{1,9})[\s-]?(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h)\b/i;
/** Nobody is believed who asks for longer, in milliseconds. */
export const LONGEST_STATED = 24 * 3_600_000;

/**
 * Reads a refusal: `responseCode` upper-cased without brackets (or imapflow's ETHROTTLE), `text` the server's words.
 * Null when it is not about limits. OVERQUOTA counts only with such words: alone it says that the mailbox is full.
 */
export function readThrottle(responseCode: string, text: string): Throttle | null {
  if (QUOTA.test(text)) return { code: 'quota', ...stated(text) };
  if (THROTTLED_CODES.has(responseCode) || THROTTLED.test(text))
    return { code: 'throttled', ...stated(text) };
  return null;
}

function stated(text: string): { retryAfter?: number } {
  const [, amount = '', unit = ''] = STATED.exec(text) ?? [];
  const factor = UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  if (factor === undefined) return {};
  return { retryAfter: Math.min(LONGEST_STATED, Number(amount) * factor) };
}
