import { inEnglish, saidOtherwise, say } from '../sentences/say.ts';
import type { SourceErrorCode } from '../source/errors.ts';
import { providerName } from '../source/oauth-client.ts';
import type { SourceAccount } from '../store/accounts.ts';
import type { Health } from '../store/health.ts';
import type { MailAccountStatus, Sentence } from './types.ts';

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

export type StatusWords = Pick<MailAccountStatus, 'phase' | 'code'> & Words;
/** What a person is told, in English and as data. */
export type Words = Pick<MailAccountStatus, 'message' | 'messageSentences' | 'action' | 'actionSentence'>;

/** The properties of a status that say these sentences. */
export function inWords(messageSentences: Sentence[], actionSentence: Sentence | null = null): Words {
  const message = inEnglish(messageSentences);
  return { message, messageSentences, action: actionSentence?.text ?? null, actionSentence };
}

/** Failures in a row after which a fault that passes by itself is worth a question to whoever can mend it. */
const MANY = 6;

/** What to do: at once; before the account has worked for the first time; after many failures in a row. */
interface Advice {
  now?: Sentence;
  neverWorked?: Sentence;
  many?: Sentence;
}

const ASK_PROVIDER = say('advice/provider');
const CHECK_SERVER = say('advice/server');
const CHECK_SECURITY = say('advice/security');

const ADVICE: Readonly<Record<StatusCode, Advice>> = {
  authentication: { now: say('advice/password') },
  sealed: { now: say('advice/sealed') },
  'forbidden-host': { now: say('advice/public-name') },
  'unknown-host': { neverWorked: say('advice/name'), many: CHECK_SERVER },
  unreachable: { neverWorked: CHECK_SERVER, many: ASK_PROVIDER },
  timeout: { neverWorked: CHECK_SERVER, many: ASK_PROVIDER },
  tls: { neverWorked: CHECK_SECURITY, many: CHECK_SECURITY },
  protocol: { neverWorked: CHECK_SERVER, many: ASK_PROVIDER },
  disconnected: { neverWorked: CHECK_SERVER, many: ASK_PROVIDER },
  temporary: { many: ASK_PROVIDER },
  refused: { many: ASK_PROVIDER },
  throttled: { many: say('advice/others') },
  quota: {},
  configuration: { now: say('advice/set-up') },
  internal: { many: say('advice/operator') },
};

/** Every code that has words. */
export const STATUS_CODES = Object.keys(ADVICE) as readonly StatusCode[];

/** The words for an account without a server. */
export const ARCHIVE_WORDS: StatusWords = { phase: 'ok', code: null, ...inWords([say('status/archive')]) };

/** The words for an account whose server is left alone. */
export const PAUSED_WORDS: StatusWords = { phase: 'paused', code: null, ...inWords([say('status/paused')]) };

/** The words for an account, whatever state it is in. */
export function statusWords(situation: Situation): StatusWords {
  const { health, now } = situation;
  const { phase, code, leaseOwner, leaseUntil } = health;
  switch (phase) {
    case 'new':
    case 'ok':
      return { phase, code, ...inWords(noted(health)) };
    case 'pulling':
      // A run that was killed could not say so: its lease tells. One that paused at its deadline has given it back.
      if (leaseOwner !== null && leaseUntil < now) {
        return { phase: 'failing', code, ...inWords([atWork('status/interrupted', situation)]) };
      }
      return { phase, code, ...inWords(pulling(situation)) };
    case 'failing':
    case 'stopped':
      return { phase, code, ...inWords([...noted(health), ...soFar(situation)], actionOf(situation)) };
  }
}

/** What the last run noted. */
function noted({ said, code, phase, message }: Health): Sentence[] {
  return said ?? [saidOtherwise(code ?? `status/${phase}`, message)];
}

function pulling(situation: Situation): Sentence[] {
  const { leaseOwner, lastSuccessAt } = situation.health;
  const isPaused = leaseOwner === null;
  const sentence = atWork(lastSuccessAt === null ? 'status/first' : 'status/fetching', situation);
  return isPaused ? [sentence, say('status/next-part')] : [sentence];
}

/** How many messages of how many are here, while there is enough to wait for. */
function progress({ health: { atSource }, stored }: Situation): { stored: number; count: number } | null {
  return atSource === null || atSource === 0 || stored >= atSource ? null : { stored, count: atSource };
}

function atWork(
  code: 'status/first' | 'status/fetching' | 'status/interrupted',
  situation: Situation,
): Sentence {
  const numbers = progress(situation);
  return numbers === null ? say(code) : say(`${code}/progress`, numbers);
}

/** How far an import came that has to wait. */
function soFar(situation: Situation): Sentence[] {
  const numbers = situation.health.code === 'quota' ? progress(situation) : null;
  return numbers === null ? [] : [say('status/so-far', numbers)];
}

function actionOf({ account, health: { code, failures, lastSuccessAt } }: Situation): Sentence | null {
  if (code === null) return null;
  const isOauth = account.authentication === 'oauth';
  if (isOauth && (code === 'authentication' || code === 'sealed')) {
    return say('advice/sign-in', { provider: providerName(account.oauthProvider ?? '') });
  }
  const { now, neverWorked, many } = ADVICE[code as StatusCode] ?? ADVICE.internal;
  if (now) return now;
  if (lastSuccessAt === null && neverWorked) return neverWorked;
  return failures >= MANY ? (many ?? null) : null;
}
