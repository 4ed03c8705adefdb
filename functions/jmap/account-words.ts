import type { SourceErrorCode } from '../source/errors.ts';
import { providerName } from '../source/oauth.ts';
import type { Health, SourceAccount } from '../store/accounts.ts';
import type { MailAccountStatus } from './types.ts';

/** What a person is told of an account: what happens, in numbers while there is much to fetch, and what to do. Pure. */

/** Everything that a run can end with: what a source throws, and what goes wrong here. */
export type StatusCode =
  | SourceErrorCode
  /** the credential cannot be opened any more */
  | 'sealed'
  /** the stack lacks what this account needs, such as a sign-in at its provider */
  | 'configuration'
  /** a fault of our own */
  | 'internal';

export interface Situation {
  account: Pick<SourceAccount, 'authentication' | 'oauthProvider'>;
  health: Health;
  /** Messages stored here. */
  stored: number;
  now: number;
}

export type StatusWords = Pick<MailAccountStatus, 'phase' | 'code' | 'message' | 'action'>;

/** Failures in a row after which a fault that passes by itself is worth a question to whoever can mend it. */
const MANY = 6;
const ASK_PROVIDER =
  'This has gone on for a while. Ask the provider of this mailbox whether something is wrong.';
const ASK_OPERATOR = 'This has gone on for a while. Tell whoever runs this Mailferry.';
const CHECK_SERVER = 'Check the server name and the port in the settings of this account.';
const CHECK_SECURITY = 'Check the port and the encryption in the settings of this account.';

/** What to do: at once; before the account has worked for the first time; after many failures in a row. */
interface Advice {
  now?: string;
  neverWorked?: string;
  many?: string;
}

const ADVICE: Readonly<Record<StatusCode, Advice>> = {
  authentication: {
    now: 'Enter the password again in the settings of this account. Some providers want an app password.',
  },
  sealed: { now: 'Enter the password again in the settings of this account.' },
  'forbidden-host': { now: 'Enter the public name of the mail server in the settings of this account.' },
  'unknown-host': {
    neverWorked: 'Check the server name in the settings of this account.',
    many: CHECK_SERVER,
  },
  unreachable: { neverWorked: CHECK_SERVER, many: ASK_PROVIDER },
  timeout: { neverWorked: CHECK_SERVER, many: ASK_PROVIDER },
  tls: { neverWorked: CHECK_SECURITY, many: CHECK_SECURITY },
  protocol: { neverWorked: CHECK_SERVER, many: ASK_PROVIDER },
  disconnected: { neverWorked: CHECK_SERVER, many: ASK_PROVIDER },
  temporary: { many: ASK_PROVIDER },
  refused: { many: ASK_PROVIDER },
  throttled: { many: 'Close other programs that read this mailbox, or let them look less often.' },
  quota: {},
  configuration: { now: 'Ask whoever runs this Mailferry to set it up.' },
  internal: { many: ASK_OPERATOR },
};

/** Every code that has words. */
export const STATUS_CODES = Object.keys(ADVICE) as readonly StatusCode[];

/** The words for an account without a server. */
export const ARCHIVE_WORDS: StatusWords = {
  ...{ phase: 'ok', code: null },
  ...{ message: 'An archive: mail lives here only.', action: null },
};

/** The words for an account whose server is left alone. */
export const PAUSED_WORDS: StatusWords = {
  ...{ phase: 'paused', code: null },
  message: 'Paused: the mail server is left alone, and what you change here waits.',
  action: null,
};

/** The words for an account, whatever state it is in. */
export function statusWords(situation: Situation): StatusWords {
  const { health, now } = situation;
  const said = (message: string, action: string | null = null): StatusWords => ({
    ...{ phase: health.phase, code: health.code, message, action },
  });
  switch (health.phase) {
    case 'new':
      return said(health.message);
    case 'ok':
      return said(health.message);
    case 'pulling':
      // A run that was killed could not say so: its lease tells. One that paused at its deadline has given it back.
      if (health.leaseOwner !== null && health.leaseUntil < now) {
        const message = `The last pull was interrupted${progress(situation, ' at')}; it goes on at the next one.`;
        return { ...said(message), phase: 'failing' };
      }
      return said(pulling(situation));
    case 'failing':
    case 'stopped':
      return said(health.message + (health.code === 'quota' ? soFar(situation) : ''), actionOf(situation));
  }
}

function pulling(situation: Situation): string {
  const isPaused = situation.health.leaseOwner === null;
  const first = situation.health.lastSuccessAt === null ? 'Fetching mail' : 'Fetching new mail';
  return `${first}${progress(situation, ':')}${isPaused ? '; the next part follows at once' : ''}.`;
}

/** `: 1,240 of 52,880 messages`, while there is enough to wait for. */
function progress({ health: { atSource }, stored }: Situation, lead: string): string {
  if (atSource === null || atSource === 0 || stored >= atSource) return '';
  const messages = atSource === 1 ? 'message' : 'messages';
  return `${lead} ${number.format(stored)} of ${number.format(atSource)} ${messages}`;
}

/** How far an import came that has to wait. */
function soFar(situation: Situation): string {
  const words = progress(situation, '');
  return words === '' ? '' : `${words} are here.`;
}

const number = new Intl.NumberFormat('en');

function actionOf({ account, health: { code, failures, lastSuccessAt } }: Situation): string | null {
  if (code === null) return null;
  const isOauth = account.authentication === 'oauth';
  if (isOauth && (code === 'authentication' || code === 'sealed')) {
    return `Sign in again at ${providerName(account.oauthProvider ?? '')}.`;
  }
  const { now, neverWorked, many } = ADVICE[code as StatusCode] ?? ADVICE.internal;
  if (now) return now;
  if (lastSuccessAt === null && neverWorked) return neverWorked;
  return failures >= MANY ? (many ?? null) : null;
}
