import type { Sentence } from '../jmap/types.ts';
import { say } from '../sentences/say.ts';
import { SourceError, type SourceErrorCode } from './errors.ts';
import { limitReached } from './imap-errors.ts';
import type { Status } from './pop3-reader.ts';
import { LONGEST_STATED, readThrottle, type Throttle } from './throttle.ts';

/**
 * What a `-ERR` means: by its response code where the server sends one (RFC 2449 section 8.1, RFC 3206), else
 * by where it was said. The server's own words never reach an error: they may repeat what was sent.
 */

/** Where the session was when the server refused: `login` by a password, `token` by OAuth. */
export type Pop3Stage = 'greeting' | 'login' | 'token' | 'command';

/** What was refused, for the sentence. */
export interface Refused {
  /** The server as the person named it. */
  host: string;
  stage: Pop3Stage;
  /** The command without its arguments. */
  command: string;
  /** Seconds between two logins, where the server announced them. */
  loginDelay?: number | null;
}

/** The server answered `-ERR`; the session lives on unless it ends it. */
export class Pop3Refusal extends SourceError {
  override name = 'Pop3Refusal';
}

type Meaning = readonly [code: SourceErrorCode, sentence: (refused: Refused) => string | Sentence];

const byResponseCode: Readonly<Record<string, Meaning>> = {
  AUTH: ['authentication', refusedLogin],
  'IN-USE': ['temporary', inUse],
  SYS: ['temporary', ({ host }) => `${host} reports a fault of its own. It is tried again later.`],
  'SYS/TEMP': [
    'temporary',
    ({ host }) => `${host} reports a passing fault of its own. It is tried again later.`,
  ],
  'SYS/PERM': [
    'refused',
    ({ host }) => `${host} reports a lasting fault of its own. Ask the provider of this mailbox.`,
  ],
};

/** Turns a `-ERR` into an error. */
export function refusal({ text }: Status, refused: Refused): Pop3Refusal {
  // A code may have levels below those that are known (RFC 2449 section 8): the nearest one counts.
  const [code = '', level = ''] = (/^\[([^\]\s]{1,40})/.exec(text)?.[1] ?? '').toUpperCase().split('/');
  const limit = readThrottle(code, text);
  if (limit !== null) return code === 'LOGIN-DELAY' ? tooEarly(limit, refused) : limited(limit, refused);
  const known = byResponseCode[`${code}/${level}`] ?? byResponseCode[code];
  const [errorCode, sentence] = known ?? inWords(text, refused.stage);
  return new Pop3Refusal(errorCode, sentence(refused), { isInUse: sentence === inUse });
}

/** Without a response code what counts is where the server refused; at the login, also how. */
function inWords(text: string, stage: Pop3Stage): Meaning {
  if (stage === 'greeting') {
    return ['temporary', ({ host }) => `${host} lets nobody in at the moment. It is tried again later.`];
  }
  if (stage === 'command')
    return ['refused', ({ host, command }) => `${host} refused the command ${command}.`];
  // Servers older than RFC 2449 say this in words only; a wrong "wrong password" would stop the account.
  const isBusy = /(maildrop|mailbox).*(lock|in use|busy)|already (locked|in use)|temporar/i.test(text);
  return isBusy ? ['temporary', inUse] : ['authentication', refusedLogin];
}

function limited({ code, retryAfter }: Throttle, { host }: Refused): Pop3Refusal {
  return new Pop3Refusal(code, limitReached(code, host), { retryAfter });
}

/** CAPA may have announced the time between two logins (RFC 2449 section 6.5), which is not said again now. */
function tooEarly({ retryAfter }: Throttle, { host, loginDelay }: Refused): Pop3Refusal {
  const wait = retryAfter ?? (loginDelay ? Math.min(LONGEST_STATED, loginDelay * 1000) : undefined);
  const time = wait === undefined ? 'more time' : `${Math.ceil(wait / 1000)} seconds`;
  const sentence = `${host} wants ${time} between two logins. Mailferry waits, and comes less often from now on.`;
  return new Pop3Refusal('throttled', sentence, { retryAfter: wait });
}

function refusedLogin({ host, stage }: Refused): string | Sentence {
  return stage === 'token'
    ? say('authentication/token', { place: host })
    : `${host} refused the user name or the password. Check both; some providers want an app password here.`;
}

function inUse({ host }: Refused): Sentence {
  return say('temporary/in-use', { host });
}
