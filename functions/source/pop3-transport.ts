import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import Pop3Command from 'node-pop3';
import { toSourceError } from './connection-errors.ts';
import { SourceError } from './errors.ts';
import { resolveHost } from './guard.ts';
import { defaultLimits, type Pop3Limits, type ReplyKind } from './pop3-reader.ts';
import { type Pop3Stage, refusal } from './pop3-refusal.ts';
import { openWire, type Pop3Wire } from './pop3-wire.ts';
import type { SourceSettings } from './source.ts';

/**
 * A POP session that is logged in. Commands may be called at any time and are sent one after the other.
 * Every method throws SourceError: `timeout`, `disconnected`, `protocol`, or a Pop3Refusal for a `-ERR`.
 */
export interface Pop3Session {
  /** CAPA (RFC 2449): one capability a line, as the server writes them; empty where it does not know CAPA. */
  capabilities(): Promise<string[]>;
  /** STAT: how many messages the maildrop holds. */
  count(): Promise<number>;
  /** UIDL: message number -> unique-id, read as Latin-1 so that no two differ only by bytes that were lost. */
  uniqueIds(): Promise<Map<number, string>>;
  /** LIST: message number -> size in octets, as the server counts. */
  sizes(): Promise<Map<number, number>>;
  /**
   * RETR: one message, byte for byte as the server sends it, dot-unstuffed. It always ends in CRLF: POP cannot
   * say that a message ended within a line, and LIST is too often wrong to tell.
   */
  retrieve(messageNumber: number): Promise<Buffer>;
  /** DELE: marks a message; it goes when the server says +OK to QUIT. */
  delete(messageNumber: number): Promise<void>;
  /** QUIT; settles when the server has answered. */
  quit(): Promise<void>;
  /** Drops the connection. */
  destroy(): void;
}

/**
 * Connects, sets up TLS as the settings demand and logs in with USER and PASS.
 *
 * @throws SourceError of any code; nothing was sent when the user name or password cannot be POP's
 */
export async function openPop3Session(
  settings: SourceSettings,
  limits: Pop3Limits = defaultLimits,
): Promise<Pop3Session> {
  refuseLineBreaks(settings);
  const target = await resolveHost(settings.host, settings.allowPrivateHosts, { timeout: settings.timeout });
  const wire = await openWire(settings, target, limits);
  try {
    await expectOk(wire, settings, 'greeting', null);
    if (settings.security === 'starttls') await negotiateTls(wire, settings);
    // Past the package, which would trim a password and keep it.
    await expectOk(wire, settings, 'login', `USER ${settings.username}\r\n`);
    await expectOk(wire, settings, 'login', `PASS ${settings.password}\r\n`);
  } catch (error) {
    wire.destroy();
    throw error;
  }
  return createSession(wire, settings);
}

/** POP has no quoting: a line break in a credential would be a command of its own. */
function refuseLineBreaks({ username, password }: SourceSettings): void {
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

async function negotiateTls(wire: Pop3Wire, settings: SourceSettings): Promise<void> {
  const reply = await wire.exchange('STLS\r\n', 'line');
  if (!reply.ok) {
    throw new SourceError(
      'tls',
      `${settings.host}:${settings.port} does not offer STARTTLS. Choose TLS with its port (usually 995).`,
    );
  }
  await wire.startTls();
}

async function expectOk(
  wire: Pop3Wire,
  settings: SourceSettings,
  stage: Pop3Stage,
  line: string | null,
): Promise<void> {
  const reply = await wire.exchange(line, 'line');
  if (!reply.ok) throw refusal(reply, settings.host, stage, line?.slice(0, 4) ?? '');
}

function createSession(wire: Pop3Wire, settings: SourceSettings): Pop3Session {
  const commands = new WireCommands(wire, settings.host);
  const queue = createQueue();
  /** Runs one command after those before it; the package throws plain errors, the caller sees SourceErrors. */
  function run<T>(command: () => Promise<T>): Promise<T> {
    return queue(async () => {
      try {
        return await command();
      } catch (error) {
        throw toSourceError(error, settings);
      }
    });
  }
  return {
    capabilities: () => run(() => commands.capabilities()),
    count: () => run(async () => parseCount(await commands.STAT(), settings.host)),
    uniqueIds: () => run(async () => parseListing(await commands.UIDL(), settings.host)),
    sizes: () =>
      run(async () => {
        const listing = parseListing(await commands.LIST(), settings.host);
        const sizes = [...listing].map(([number, size]) => [number, Number.parseInt(size, 10)] as const);
        return new Map(sizes.filter(([, size]) => size >= 0));
      }),
    retrieve: messageNumber => run(() => commands.retrieve(messageNumber)),
    delete: messageNumber =>
      run(async () => {
        await commands.DELE(messageNumber);
      }),
    quit: () =>
      run(async () => {
        await commands.QUIT();
      }),
    destroy: () => wire.destroy(),
  };
}

function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return task => {
    const result = last.then(task, task);
    last = result.catch(() => {});
    return result;
  };
}

function parseCount(info: string, host: string): number {
  const [count = ''] = info.split(' ');
  if (!/^\d{1,9}$/.test(count)) throw unreadable(host);
  return Number(count);
}

/** Lines of a message number, blanks, and a value that may be missing or, on broken servers, contain blanks. */
function parseListing(lines: readonly (string | readonly string[])[], host: string): Map<number, string> {
  const listing = new Map<number, string>();
  for (const line of lines) {
    const [number = '', ...rest] = typeof line === 'string' ? line.split(' ') : line;
    if (!/^\d{1,9}$/.test(number)) throw unreadable(host);
    listing.set(Number(number), rest.join(' ').trim());
  }
  return listing;
}

function unreadable(host: string): SourceError {
  return new SourceError('protocol', `${host} sent a message list that cannot be read.`);
}

/**
 * node-pop3's commands over our own connection. The package connects only when it has no `_socket`, and does
 * all else by writing lines to it and waiting for the events `response` and `error`: so it is given something
 * to write to, and whole answers. Its own reader, which loses and mixes bytes, never runs.
 */
class WireCommands extends Pop3Command {
  readonly #wire: Pop3Wire;
  readonly #host: string;

  constructor(wire: Pop3Wire, host: string) {
    super({ user: '', password: '', host });
    this.#wire = wire;
    this.#host = host;
    const lines = {
      write: (line: string): boolean => {
        void this.#send(line);
        return true;
      },
    };
    this._socket = lines as unknown as Socket;
  }

  async capabilities(): Promise<string[]> {
    const [, stream] = await this.command('CAPA');
    return (await text(stream)).split('\r\n').filter(line => line !== '');
  }

  /** RETR as bytes; the package's RETR decodes as UTF-8. */
  async retrieve(messageNumber: number): Promise<Buffer> {
    const [, stream] = await this.command('RETR', messageNumber);
    return buffer(stream);
  }

  async #send(line: string): Promise<void> {
    const [command = '', argument] = line.trim().split(' ');
    const kind = replyKind(command, argument);
    try {
      const reply = await this.#wire.exchange(line, kind);
      if (!reply.ok) throw refusal(reply, this.#host, 'command', command);
      this.emit('response', reply.text, Readable.from(listingText(reply.body, kind)));
    } catch (error) {
      this.emit('error', error);
      // After an error the package leaves this listener behind, one for each failed command.
      this.removeAllListeners('response');
    }
  }
}

function replyKind(command: string, argument: string | undefined): ReplyKind {
  if (command === 'RETR' || command === 'TOP') return 'message';
  if (command === 'CAPA') return 'listing';
  return argument === undefined && (command === 'LIST' || command === 'UIDL') ? 'listing' : 'line';
}

/** The package decodes listings as UTF-8: bytes beyond ASCII are given to it as the Latin-1 they may be. */
function listingText(body: Buffer | null, kind: ReplyKind): Buffer {
  if (body === null) return Buffer.alloc(0);
  return kind === 'listing' ? Buffer.from(body.toString('latin1'), 'utf8') : body;
}
