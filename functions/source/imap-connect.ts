import { ImapFlow } from 'imapflow';
import { z } from 'zod';
import { say } from '../sentences/say.ts';
import { SourceError } from './errors.ts';
import { resolveHost } from './guard.ts';
import { keepBrief } from './imap-brief.ts';
import { tooLate } from './imap-errors.ts';
import { type ImapSession, sessionOf } from './imap-session.ts';
import { imapTransport, type Progress } from './imap-transport.ts';
import type { SourceSettings } from './source.ts';

/**
 * Largest literal, in octets. Messages come in parts, so this is only for servers that send a message whole
 * whatever part they are asked for.
 */
const LARGEST_LITERAL = 64 * 1024 * 1024;
const LONGEST_LINE = 16 * 1024 * 1024;
/** imapflow's own watch must never fire: it also counts the time in which the caller is busy. */
const NO_SOCKET_TIMEOUT = 24 * 60 * 60 * 1000;
/**
 * Where COMPRESS=DEFLATE (RFC 4978) does not pay: on one machine 52 MB of mail came in 0.4 s without and 3.3 s with it,
 * for 64 % of the octets, so that it pays below some 50 Mbit/s.
 */
const LOOPBACK = /^(127\.|::1$)/;
const TOKEN_MECHANISMS = ['AUTH=OAUTHBEARER', 'AUTH=XOAUTH2', 'AUTH=XOAUTH'];

/**
 * Connects and logs in, within `settings.timeout` for each attempt: by the access token with OAUTHBEARER (RFC 7628)
 * or XOAUTH2, else by the password with AUTHENTICATE PLAIN or LOGIN, or the LOGIN command, as the server offers. A
 * token that the server refuses is renewed once, in a second connection. Throws SourceError of any code.
 *
 * A session whose token runs out later ends with `temporary`: the next one starts with a valid token, and a run
 * goes on where its cursor is.
 */
export async function connectImap(settings: SourceSettings): Promise<ImapSession> {
  const { accessToken } = settings;
  if (!accessToken) return signIn(settings, settings.password, null);
  return signIn(settings, await accessToken(), () => accessToken({ renew: true }));
}

/** One connection, and another one with what `renew` gives when the first is refused; null: the secret is no token. */
async function signIn(
  settings: SourceSettings,
  secret: string,
  renew: (() => Promise<string>) | null,
): Promise<ImapSession> {
  checkCredential(settings, secret);
  const since = Date.now();
  const { host, timeout } = settings;
  const target = await resolveHost(host, settings.allowPrivateHosts, { timeout });
  const progress: Progress = { connected: false, greeted: false };
  let onThrottle: (milliseconds: number) => void = () => {};
  const client = new ImapFlow({
    ...clientOptions(settings),
    logger: throttleLogger(milliseconds => onThrottle(milliseconds)),
    host: target.address,
    servername: target.servername || undefined,
    transport: imapTransport(settings, target, progress),
    auth: settings.accessToken
      ? { user: settings.username, accessToken: secret }
      : { user: settings.username, pass: secret },
  });
  const { port, username } = settings;
  const password = settings.accessToken ? null : secret;
  // Everything is bounded after inflating: lines, literals and whole answers.
  const compress = settings.compress ?? !LOOPBACK.test(target.address);
  const brief = keepBrief(client, { host, port, username, password }, compress);
  const session = sessionOf(client, settings, { username, password: secret }, brief);
  onThrottle = session.throttled;
  const left = Math.max(1, timeout - (Date.now() - since));
  try {
    await session.connect(left, () => connectLate(settings, progress));
    return session;
  } catch (error) {
    if (!settings.accessToken || !(error instanceof SourceError)) throw error;
    if (knowsNoToken(client, error)) throw noTokens(settings);
    if (!renew || error.code !== 'authentication') throw error;
  }
  return signIn(settings, await renew(), null);
}

function clientOptions({ port, timeout, security }: SourceSettings) {
  return {
    port,
    secure: security === 'tls',
    doSTARTTLS: security === 'starttls',
    clientInfo: { name: 'Mailferry', version: false, vendor: false, 'support-url': false },
    qresync: true,
    disableAutoIdle: true,
    // Both in their time, see `keepBrief`.
    disableCompression: true,
    disableAutoEnable: true,
    connectionTimeout: timeout * 2,
    greetingTimeout: timeout * 2,
    socketTimeout: NO_SOCKET_TIMEOUT,
    maxLineLength: LONGEST_LINE,
    maxLiteralSize: LARGEST_LITERAL,
    maxResponseSize: LARGEST_LITERAL + LONGEST_LINE,
  } as const;
}

/**
 * Logs nothing. When a server names the time to wait (Outlook), imapflow waits up to five minutes of it without a word
 * but this: a run ends then and comes back when it may.
 */
function throttleLogger(onThrottle: (milliseconds: number) => void) {
  const nothing = () => {};
  const warn = (entry: unknown) => {
    const read = throttling.safeParse(entry);
    if (read.success) onThrottle(read.data.throttleDelay);
  };
  const isLevelEnabled = (level: string) => level === 'warn';
  return { debug: nothing, info: nothing, warn, error: nothing, fatal: nothing, isLevelEnabled };
}

const throttling = z.object({ throttleDelay: z.number().positive() });

function checkCredential({ username, accessToken }: SourceSettings, secret: string): void {
  if (username === '' || secret === '') {
    const sentence = accessToken ? 'Sign in to the provider again.' : 'Enter a user name and a password.';
    throw new SourceError('authentication', sentence);
  }
  // They would end the command (RFC 9051 section 9: no CR, LF or NUL in a string), or a field of RFC 7628 section 3.1.
  if (/[\0\r\n]/.test(username + secret) || (accessToken && /\p{Cc}/u.test(username + secret))) {
    const sentence = 'The user name or the password contains a line break. Enter it again without.';
    throw new SourceError('authentication', sentence);
  }
}

function knowsNoToken({ capabilities }: ImapFlow, { code }: SourceError): boolean {
  const isAsked = capabilities.size > 0 && (code === 'authentication' || code === 'protocol');
  return isAsked && !TOKEN_MECHANISMS.some(name => capabilities.has(name));
}

function noTokens({ host, port }: SourceSettings): SourceError {
  return new SourceError('authentication', say('authentication/no-oauth', { place: `${host}:${port}` }));
}

function connectLate(settings: SourceSettings, { connected, greeted }: Progress): SourceError {
  const place = `${settings.host}:${settings.port}`;
  if (greeted) return tooLate(settings, 'sign in');
  if (!connected) {
    const sentence = `Nothing answers at ${place}. Check the server name and the port.`;
    return new SourceError('timeout', sentence);
  }
  const hint = settings.security === 'tls' ? '' : ' If this port is for TLS, choose TLS.';
  return new SourceError('timeout', `${place} lets us connect but does not greet.${hint}`);
}
