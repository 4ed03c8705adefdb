import { SourceError, type SourceErrorCode } from './errors.ts';
import { limitReached } from './imap-errors.ts';
import type { Reply } from './pop3-reader.ts';
import { readThrottle } from './throttle.ts';

/**
 * What a `-ERR` means: by its response code where the server sends one (RFC 2449 section 8.1, RFC 3206), else
 * by where it was said. The server's own words never reach an error: they may repeat what was sent.
 */

/** Where the session was when the server refused. */
export type Pop3Stage = 'greeting' | 'login' | 'command';

const byResponseCode: Readonly<
  Record<string, readonly [code: SourceErrorCode, sentence: (host: string) => string]>
> = {
  AUTH: ['authentication', refusedLogin],
  'IN-USE': ['temporary', inUse],
  'LOGIN-DELAY': [
    'throttled',
    host => `${host} wants more time between two logins. Mailferry waits, and comes less often from now on.`,
  ],
  'SYS/TEMP': ['temporary', host => `${host} reports a passing fault of its own. It is tried again later.`],
  'SYS/PERM': [
    'protocol',
    host => `${host} reports a lasting fault of its own. Ask the provider of this mailbox.`,
  ],
};

/** The server answered `-ERR`; the session lives on unless it ends it. */
export class Pop3Refusal extends SourceError {
  override name = 'Pop3Refusal';
}

/**
 * Turns a `-ERR` into an error.
 *
 * @param reply the refused answer
 * @param host the server as the person named it
 * @param command the command without its arguments, for the sentence
 */
export function refusal(reply: Reply, host: string, stage: Pop3Stage, command: string): Pop3Refusal {
  const responseCode = /^\[([^\]\s]{1,40})/.exec(reply.text)?.[1]?.toUpperCase() ?? '';
  const throttle = stage === 'command' ? null : readThrottle(responseCode, reply.text);
  const retryAfter = throttle?.retryAfter;
  const known = byResponseCode[responseCode];
  if (throttle && known?.[0] !== 'throttled') {
    return new Pop3Refusal(throttle.code, limitReached(throttle.code, host), { retryAfter });
  }
  if (known !== undefined) return new Pop3Refusal(known[0], known[1](host), { retryAfter });
  if (stage === 'greeting') {
    return new Pop3Refusal('temporary', `${host} lets nobody in at the moment. It is tried again later.`);
  }
  if (stage === 'command') {
    return new Pop3Refusal('protocol', `${host} refused the command ${command}.`);
  }
  // Servers older than RFC 2449 say this in words only; a wrong "wrong password" would stop the account.
  if (/(maildrop|mailbox).*(lock|in use|busy)|already (locked|in use)|temporar/i.test(reply.text)) {
    return new Pop3Refusal('temporary', inUse(host));
  }
  return new Pop3Refusal('authentication', refusedLogin(host));
}

function refusedLogin(host: string): string {
  return `${host} refused the user name or the password. Check both; some providers want an app password here.`;
}

function inUse(host: string): string {
  return `The mailbox at ${host} is in use by another program. It is tried again later.`;
}
