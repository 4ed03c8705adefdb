import { say as sentence } from '../sentences/say.ts';
import { SourceError } from './errors.ts';
import { type Pop3Capabilities, readCapabilities } from './pop3-capabilities.ts';
import type { Reply } from './pop3-exchange.ts';
import { type Pop3Stage, refusal } from './pop3-refusal.ts';
import type { Pop3Wire } from './pop3-wire.ts';
import type { SourceSettings } from './source.ts';

/** RFC 2449 section 4: a command line has at most 255 octets with its CRLF; a longer response follows by itself. */
const LONGEST_COMMAND = 255;

/**
 * POP has no quoting: a line break in a credential would be a command of its own, and NUL ends it in SASL PLAIN.
 *
 * @throws SourceError `authentication`
 */
export function checkCredential({ username, password }: SourceSettings): void {
  for (const [what, value] of [
    ['user name', username],
    ['password', password],
  ] as const) {
    if (/[\r\n\0]/.test(value)) {
      throw new SourceError(
        'authentication',
        `The ${what} contains a line break or a NUL character, which POP cannot send. Enter it again.`,
      );
    }
  }
}

/**
 * Takes the greeting, sets up TLS where the settings say STARTTLS, and logs in: by the token, if there is one; else
 * with USER and PASS, or with SASL PLAIN where the server takes nothing else.
 *
 * @param token a valid access token, or null to use the password
 * @returns what the server said before the login
 * @throws SourceError of any code; never with a credential in it
 */
export async function logIn(
  wire: Pop3Wire,
  settings: SourceSettings,
  token: string | null,
): Promise<Pop3Capabilities> {
  const { host } = settings;
  accept(await wire.exchange(null, 'line'), { host, stage: 'greeting', command: '' });
  if (settings.security === 'starttls') await negotiateTls(wire, settings);
  // Nothing that was said before TLS counts, so it is only asked for now.
  const capabilities = await readCapabilities(wire);
  const context = { wire, host, loginDelay: capabilities.loginDelay };
  if (token !== null) {
    await authenticateByToken(context, settings, capabilities, token);
  } else if (!capabilities.user && capabilities.sasl.has('PLAIN')) {
    const response = `\0${settings.username}\0${settings.password}`;
    await authenticate(context, 'PLAIN', response, 'login');
  } else {
    refusePlainText(settings, capabilities);
    await say(context, 'USER', settings.username);
    await say(context, 'PASS', settings.password);
  }
  return capabilities;
}

async function negotiateTls(wire: Pop3Wire, settings: SourceSettings): Promise<void> {
  const { sign } = await wire.exchange('STLS\r\n', 'line');
  if (sign !== 'ok') {
    throw new SourceError('tls', sentence('tls/no-starttls', { place: `${settings.host}:${settings.port}` }));
  }
  await wire.startTls();
}

/** A server that offers no way to log in before STLS would refuse the password after everyone could read it. */
function refusePlainText({ host, security }: SourceSettings, { user, stls }: Pop3Capabilities): void {
  if (security !== 'none' || user || !stls) return;
  throw new SourceError('tls', sentence('tls/required', { place: host }));
}

interface LoginContext {
  wire: Pop3Wire;
  host: string;
  loginDelay: number | null;
}

async function say(context: LoginContext, command: 'USER' | 'PASS', value: string): Promise<void> {
  const reply = await context.wire.exchange(`${command} ${value}\r\n`, 'line');
  accept(reply, { ...context, stage: 'login', command });
}

/** OAUTHBEARER (RFC 7628), or XOAUTH2 where the server knows only that or does not say. */
async function authenticateByToken(
  context: LoginContext,
  { host, port, username }: SourceSettings,
  { lines, sasl }: Pop3Capabilities,
  token: string,
): Promise<void> {
  // RFC 6750 section 2.1; anything else could end the field that it stands in.
  if (!/^[\x21-\x7e]+$/.test(token) || username.includes('\x01')) {
    throw new SourceError('authentication', `The access token for ${host} is damaged. Sign in again.`);
  }
  if (sasl.has('OAUTHBEARER')) {
    const identity = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
    const response = `n,a=${identity},\x01host=${host}\x01port=${port}\x01auth=Bearer ${token}\x01\x01`;
    return authenticate(context, 'OAUTHBEARER', response, 'token');
  }
  if (lines.length > 0 && !sasl.has('XOAUTH2')) {
    throw new SourceError('authentication', sentence('authentication/no-oauth', { place: host }));
  }
  return authenticate(context, 'XOAUTH2', `user=${username}\x01auth=Bearer ${token}\x01\x01`, 'token');
}

/** What answers a server that asks again, to say why it refuses: its `-ERR` comes then (RFC 7628 section 3.2.3). */
const acknowledgement = { PLAIN: '*', OAUTHBEARER: 'AQ==', XOAUTH2: '' } as const;

/**
 * AUTH (RFC 5034 section 4) with one response of the client: with the command where it fits, else, and for older
 * servers that ask although it stood there, by itself.
 */
async function authenticate(
  context: LoginContext,
  mechanism: keyof typeof acknowledgement,
  response: string,
  stage: Pop3Stage,
): Promise<void> {
  const encoded = Buffer.from(response, 'utf8').toString('base64');
  const whole = `AUTH ${mechanism} ${encoded}\r\n`;
  const isTold = whole.length <= LONGEST_COMMAND;
  let reply = await context.wire.exchange(isTold ? whole : `AUTH ${mechanism}\r\n`, 'sasl');
  let isRepeated = false;
  for (let turn = 0; turn < 3 && reply.sign === 'challenge'; turn += 1) {
    const asks: boolean = !isRepeated && (!isTold || reply.text === '');
    isRepeated ||= asks;
    reply = await context.wire.exchange(`${asks ? encoded : acknowledgement[mechanism]}\r\n`, 'sasl');
  }
  accept(reply, { ...context, stage, command: 'AUTH' });
}

function accept(reply: Reply, refused: Parameters<typeof refusal>[1]): void {
  if (reply.sign !== 'ok') throw refusal(reply, refused);
}
