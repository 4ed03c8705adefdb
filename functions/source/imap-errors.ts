import { z } from 'zod';
import type { Sentence } from '../jmap/types.ts';
import { say } from '../sentences/say.ts';
import { toSourceError } from './connection-errors.ts';
import { SourceError, type SourceErrorCode } from './errors.ts';
import { serverWords, withoutSecrets } from './imap-words.ts';
import type { SourceSettings } from './source.ts';
import { readThrottle } from './throttle.ts';

/** What imapflow attaches to the errors it throws; every property may be missing. */
interface ImapFault {
  code: string;
  message: string;
  /** Status and response code of the tagged answer: `NO`, `AUTHENTICATIONFAILED`. */
  status: string;
  responseCode: string;
  /** The words of the tagged answer, or of BYE. */
  text: string;
  authenticationFailed: boolean;
  tlsFailed: boolean;
  /** Milliseconds that Outlook asks to wait, as imapflow reads them; 0 for none. */
  throttleReset: number;
}

/** What was being done when something failed, for the sentence. */
export interface Doing {
  /** Completes "while Mailferry tried to …": `open the folder “Sent”`. */
  action: string;
  /** The last [ALERT] text (RFC 9051 section 7.1 wants it shown). */
  alert?: string | null;
}

/** Response codes of RFC 5530 (and what servers use alike) that mean: later. */
const LATER = new Set(['UNAVAILABLE', 'LIMIT', 'INUSE', 'IN-USE', 'SERVERBUG', 'SYS/TEMP', 'THROTTLED']);
const LATER_WORDS =
  /temporar|try again|too many|unavailable|server busy|overload|rate limit|throttl|authenticated but not connected|maximum number of connections/i;

/** How servers say that an access token has run out during a session. */
const EXPIRED = /^EXPIRED |token\w*expired|(token|session)[\w\s]{0,20}(expired|invalidated)/i;

/** Codes of imapflow that mean: the server broke the protocol, or a bound of ours. */
const PROTOCOL =
  /^(ParserError|MAX_IMAP_NESTING|LineTooLarge|LiteralTooLarge|ResponseTooLarge|TooMany|UnexpectedTag|MissingTag|InvalidResponse|ResponseProcessingFailed|Download|Invalid\w+(Value|Set))/;
const LOST = /^(NoConnection|EConnectionClosed|StateLogout|ClosedAfterConnect)/;
const TIMED_OUT = /^(CONNECT_TIMEOUT|GREETING_TIMEOUT|UPGRADE_TIMEOUT|ETIMEOUT)$/;

/**
 * Says in a sentence what an error of imapflow means. A SourceError is returned as it is. The cause keeps the
 * error's code and the server's words without secrets, never imapflow's own error, which holds the command.
 */
export function toImapError(error: unknown, settings: SourceSettings, doing: Doing): SourceError {
  if (error instanceof SourceError) return error;
  const fault = readFault(error);
  const place = `${settings.host}:${settings.port}`;
  const throttle = readLimits(fault, doing.alert ?? null);
  const fail = (code: SourceErrorCode, sentence: string | Sentence) =>
    new SourceError(code, sentence, {
      cause: safeCause(fault, settings),
      retryAfter: throttle?.retryAfter || fault.throttleReset || undefined,
    });
  if (throttle) {
    const words = serverWords(fault.text || (doing.alert ?? ''), settings);
    return fail(throttle.code, `${limitReached(throttle.code, place)}${words}`);
  }
  if (TIMED_OUT.test(fault.code)) return tooLate(settings, doing.action);
  if (fault.tlsFailed) return tlsError(error, fault, settings);
  if (fault.authenticationFailed) {
    const [code, sentence] = authenticationError(fault, settings, doing.alert ?? null);
    return fail(code, sentence);
  }
  if (settings.accessToken && EXPIRED.test(`${fault.responseCode} ${fault.text}`)) {
    return fail('temporary', `${place} has ended the session; Mailferry signs in again and goes on.`);
  }
  if (fault.responseCode === 'OVERQUOTA') {
    const general = say('temporary/full', { host: settings.host });
    const text = `The mailbox at ${settings.host} is full: it refused to ${doing.action}.`;
    return fail('temporary', { ...general, text });
  }
  // APPENDLIMIT (RFC 7889) is found by imapflow before it sends anything.
  if (/^(APPENDLIMIT|TOOBIG)$/.test(fault.responseCode)) {
    return fail('refused', `${place} takes no message as large as this one: it refused to ${doing.action}.`);
  }
  if (isLater(fault)) {
    const words = serverWords(fault.text, settings);
    return fail('temporary', `${place} cannot serve this account now; Mailferry tries again later.${words}`);
  }
  if (fault.status === 'BAD' || PROTOCOL.test(fault.code)) {
    return fail('protocol', `${place} broke the rules of IMAP while Mailferry tried to ${doing.action}.`);
  }
  if (fault.status === 'NO') {
    const words = serverWords(fault.text, settings);
    return fail('refused', `${place} refused to let Mailferry ${doing.action}.${words}`);
  }
  if (LOST.test(fault.code)) {
    return fail(
      'disconnected',
      `The connection to ${place} was lost while Mailferry tried to ${doing.action}.`,
    );
  }
  // Errors of sockets and TLS carry Node's code; they hold no command and no secret.
  if (fault.code !== '') return toSourceError(error, settings);
  return fail(
    'protocol',
    `${place} gave an answer that Mailferry cannot use while it tried to ${doing.action}.`,
  );
}

/** The server took longer than `settings.timeout`. */
export function tooLate(settings: SourceSettings, action: string): SourceError {
  const { host, port, timeout } = settings;
  const seconds = Math.max(1, Math.round(timeout / 1000));
  const wait = seconds === 1 ? '1 second' : `${seconds} seconds`;
  return new SourceError(
    'timeout',
    `${host}:${port} did not answer within ${wait} while Mailferry tried to ${action}.`,
  );
}

/** The server sends without end. */
export function tooMuch({ host, port }: SourceSettings, action: string): SourceError {
  return new SourceError('protocol', `${host}:${port} sends without end since Mailferry tried to ${action}.`);
}

/** A tagged NO or BAD of which only status and response code are known. */
export function refusal(
  status: string,
  responseCode: string,
  settings: SourceSettings,
  doing: Doing,
): SourceError {
  const error = Object.assign(new Error(status), {
    responseStatus: status,
    serverResponseCode: responseCode,
  });
  return toImapError(error, settings, doing);
}

/** Whether a failed command says "later" and so tells nothing about the message or mailbox it was about. */
export function meansLater(error: unknown): boolean {
  return isLater(readFault(error));
}

/** Whether the server answered a command with NO or BAD, so that the session goes on. */
export function isRefusal(error: unknown): boolean {
  const { status, code } = readFault(error);
  return (status === 'NO' || status === 'BAD') && code !== 'ETHROTTLE';
}

/** A mailbox as it may stand in a sentence. */
export function folder(path: string): string {
  const printable = path.replace(/[\p{C}\s]+/gu, ' ');
  return `the folder “${printable.length > 80 ? `${printable.slice(0, 79)}…` : printable}”`;
}

function authenticationError(
  fault: ImapFault,
  settings: SourceSettings,
  alert: string | null,
): [SourceErrorCode, string | Sentence] {
  const place = `${settings.host}:${settings.port}`;
  const alertText = alert ?? (fault.responseCode === 'ALERT' ? fault.text : '');
  const words = serverWords(alertText, settings);
  if (fault.responseCode === 'PRIVACYREQUIRED' || /login is disabled/i.test(fault.message)) {
    return settings.security === 'none'
      ? ['tls', say('tls/required', { place })]
      : ['authentication', say('authentication/no-password', { place })];
  }
  if (isLater(fault) || LATER_WORDS.test(alertText)) {
    return ['temporary', `${place} cannot check the password now; Mailferry tries again later.${words}`];
  }
  if (settings.accessToken) {
    const text = `${place} does not accept the sign-in any more. Sign in to the provider again.${words}`;
    return ['authentication', { ...say('authentication/token', { place }), text }];
  }
  return [
    'authentication',
    `${place} refused the user name or password. Check both; some providers want an app password.${words}`,
  ];
}

function tlsError(error: unknown, fault: ImapFault, settings: SourceSettings): SourceError {
  const place = `${settings.host}:${settings.port}`;
  const cause = safeCause(fault, settings);
  if (/PREAUTH|does not support STARTTLS|can not start TLS/i.test(fault.message)) {
    return new SourceError('tls', say('tls/no-starttls', { place }), { cause });
  }
  const translated = toSourceError(error, settings);
  if (translated.code === 'tls') return translated;
  return new SourceError('tls', `TLS could not be set up with ${place}.`, { cause });
}

/** What a refusal says of the provider's limits; a wrong password, a wrong command or a broken line says nothing. */
function readLimits(
  { code, responseCode, text, status, authenticationFailed }: ImapFault,
  alert: string | null,
) {
  const isRefused = status !== '' || authenticationFailed || LOST.test(code);
  if (code !== 'ETHROTTLE' && !isRefused) return null;
  return readThrottle(
    code === 'ETHROTTLE' ? code : responseCode,
    authenticationFailed ? `${text} ${alert}` : text,
  );
}

/** A limit of the provider in a sentence. */
export function limitReached(code: 'throttled' | 'quota', place: string): string {
  return code === 'quota'
    ? `${place} allows no more for today; Mailferry goes on tomorrow.`
    : `${place} limits how often it may be asked; Mailferry waits, and asks less often from now on.`;
}

function isLater({ code, responseCode, text, status, authenticationFailed }: ImapFault): boolean {
  if (code === 'ETHROTTLE' || LATER.has(responseCode)) return true;
  // A BYE is the server's own decision to stop; its reason is the text.
  const closing = LOST.test(code) && text !== '';
  return closing || ((status !== '' || authenticationFailed) && LATER_WORDS.test(text));
}

function readFault(error: unknown): ImapFault {
  const empty = { code: '', message: '', status: '', responseCode: '', text: '', throttleReset: 0 };
  if (!(error instanceof Error)) return { ...empty, authenticationFailed: false, tlsFailed: false };
  const found = error as Error & Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    code: text(found.code),
    message: error.message,
    status: text(found.responseStatus).toUpperCase(),
    responseCode: (text(found.serverResponseCode) || codeIn(found.response)).toUpperCase(),
    text: text(found.responseText) || text(found.response) || text(found.reason),
    authenticationFailed: found.authenticationFailed === true,
    tlsFailed: found.tlsFailed === true,
    throttleReset: typeof found.throttleReset === 'number' ? found.throttleReset : 0,
  };
}

/** The response code in an answer as imapflow parsed it: of a failed FETCH it tells nothing else. */
function codeIn(response: unknown): string {
  const parsed = failedAnswer.safeParse(response);
  return parsed.success ? parsed.data.attributes[0].section[0].value : '';
}

const failedAnswer = z.object({
  attributes: z.tuple(
    [z.object({ section: z.tuple([z.object({ value: z.string() })], z.unknown()) })],
    z.unknown(),
  ),
});

function safeCause(fault: ImapFault, settings: SourceSettings): Error {
  const parts = [fault.code, fault.status, fault.responseCode && `[${fault.responseCode}]`, fault.text];
  const summary = parts.filter(part => part !== '').join(' ') || fault.message;
  return new Error(withoutSecrets(summary, settings).slice(0, 300));
}
