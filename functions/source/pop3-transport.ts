import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import Pop3Command from 'node-pop3';
import { toSourceError } from './connection-errors.ts';
import { SourceError } from './errors.ts';
import { resolveHost } from './guard.ts';
import { type Pop3Capabilities, readCapabilities } from './pop3-capabilities.ts';
import type { Reply } from './pop3-exchange.ts';
import { checkCredential, logIn } from './pop3-login.ts';
import { pipelined } from './pop3-pipeline.ts';
import { defaultLimits, type Pop3Limits, type ReplyKind } from './pop3-reader.ts';
import { Pop3Refusal, refusal } from './pop3-refusal.ts';
import { openWire, type Pop3Wire } from './pop3-wire.ts';
import type { SourceSettings } from './source.ts';

/** A message by its number in this session, and its size in octets where that is known. */
export interface Numbered {
  number: number;
  size: number | null;
}

/** What came of a command for one message: a `+OK`, or a SourceError (a `-ERR` is a Pop3Refusal). */
export type Outcome<T extends Numbered> = { item: T; reply: Reply } | { item: T; error: SourceError };

/**
 * A POP session that is logged in. Commands may be called at any time and are answered one after the other.
 * Every method throws SourceError: `timeout`, `disconnected`, `protocol`, or a Pop3Refusal for a `-ERR`.
 */
export interface Pop3Session {
  /** CAPA (RFC 2449) as it is after the login, asked once. */
  capabilities(): Promise<Pop3Capabilities>;
  /** STAT: how many messages the maildrop holds. */
  count(): Promise<number>;
  /** UIDL: message number -> unique-id, read as Latin-1 so that no two differ only by bytes that were lost. */
  uniqueIds(): Promise<Map<number, string>>;
  /** LIST: every message number -> size in octets, as the server counts; null for one that cannot be. */
  sizes(): Promise<Map<number, number | null>>;
  /**
   * A command for each message, several under way at once where the server allows it (PIPELINING). RETR gives the
   * message byte for byte as the server sends it, dot-unstuffed. It always ends in CRLF: POP cannot say that a
   * message ended within a line, and LIST is too often wrong to tell. TOP gives its header, DELE marks it to be
   * deleted by QUIT.
   */
  each<T extends Numbered>(
    command: 'RETR' | 'TOP' | 'DELE',
    messages: readonly T[],
  ): AsyncIterable<Outcome<T>>;
  /** NOOP: throws SourceError when what follows the answers so far is no answer. */
  confirm(): Promise<void>;
  /** QUIT; settles when the server has answered. */
  quit(): Promise<void>;
  /** Whether answers are still to come. */
  isBusy(): boolean;
  /** Drops the connection. */
  destroy(): void;
}

/**
 * Connects, sets up TLS as the settings demand and logs in. A token that the server refuses is renewed once.
 *
 * @throws SourceError of any code; nothing was sent when the user name or password cannot be POP's
 */
export async function openPop3Session(
  settings: SourceSettings,
  limits: Pop3Limits = defaultLimits,
): Promise<Pop3Session> {
  checkCredential(settings);
  const { accessToken } = settings;
  if (accessToken === undefined) return connect(settings, limits, null);
  try {
    return await connect(settings, limits, await accessToken());
  } catch (error) {
    if (!(error instanceof Pop3Refusal) || error.code !== 'authentication') throw error;
    // On a new connection: not every server goes on after a refusal.
    return connect(settings, limits, await accessToken({ renew: true }));
  }
}

async function connect(
  settings: SourceSettings,
  limits: Pop3Limits,
  token: string | null,
): Promise<Pop3Session> {
  const target = await resolveHost(settings.host, settings.allowPrivateHosts, { timeout: settings.timeout });
  const wire = await openWire(settings, target, limits);
  try {
    const { pipelining } = await logIn(wire, settings, token);
    // It is the same before and after the login (RFC 2449 section 6.6).
    if (pipelining) wire.pipeline();
  } catch (error) {
    wire.destroy();
    throw error;
  }
  return createSession(wire, settings);
}

function createSession(wire: Pop3Wire, settings: SourceSettings): Pop3Session {
  const { host } = settings;
  const commands = new WireCommands(wire, host);
  const queue = createQueue();
  let asked: Promise<Pop3Capabilities> | null = null;
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
  async function ask(): Promise<Pop3Capabilities> {
    const capabilities = await readCapabilities(wire);
    if (capabilities.pipelining) wire.pipeline();
    return capabilities;
  }
  return {
    capabilities() {
      asked ??= ask();
      return asked;
    },
    async count() {
      const reply = await wire.exchange('STAT\r\n', 'line');
      if (reply.sign !== 'ok') throw refusal(reply, { host, stage: 'command', command: 'STAT' });
      return parseCount(reply.text, host);
    },
    uniqueIds: () => run(async () => parseListing(await commands.UIDL(), host)),
    sizes: () => run(async () => parseSizes(parseListing(await commands.LIST(), host))),
    async *each(command, messages) {
      // Also for one message: it is what tells whether the next ones may be asked for ahead.
      await this.capabilities();
      const kind = command === 'DELE' ? 'line' : 'message';
      const lines = command === 'TOP' ? ' 0\r\n' : '\r\n';
      const send = (message: Numbered) => wire.send(`${command} ${message.number}${lines}`, kind);
      const octetsOf = ({ size }: Numbered) => (command === 'RETR' ? size : 0);
      for await (const answer of pipelined(messages, send, octetsOf)) {
        yield 'reply' in answer && answer.reply.sign !== 'ok'
          ? { item: answer.item, error: refusal(answer.reply, { host, stage: 'command', command }) }
          : answer;
      }
    },
    async confirm() {
      await wire.exchange('NOOP\r\n', 'line');
    },
    quit: () =>
      run(async () => {
        await commands.QUIT();
      }),
    isBusy: () => wire.isBusy(),
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

/** No message has more octets; a server that says so does not know. */
const ABSURD_SIZE = 2 ** 40;

function parseSizes(listing: ReadonlyMap<number, string>): Map<number, number | null> {
  const sizeOf = (text: string): number | null => {
    const size = Number(/^\d+/.exec(text)?.[0] ?? Number.NaN);
    return size < ABSURD_SIZE ? size : null;
  };
  return new Map([...listing].map(([number, text]) => [number, sizeOf(text)]));
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

  async #send(line: string): Promise<void> {
    const command = line.trim();
    const kind: ReplyKind = command === 'LIST' || command === 'UIDL' ? 'listing' : 'line';
    try {
      const reply = await this.#wire.exchange(line, kind);
      if (reply.sign !== 'ok') throw refusal(reply, { host: this.#host, stage: 'command', command });
      if (lineCount(reply.body) > MOST_MESSAGES) throw tooMany(this.#host);
      this.emit('response', reply.text, Readable.from(listingText(reply.body)));
    } catch (error) {
      this.emit('error', error);
      // After an error the package leaves this listener behind, one for each failed command.
      this.removeAllListeners('response');
    }
  }
}

/** Each line of a listing takes some hundred octets of memory, however short it is. */
const MOST_MESSAGES = 1_000_000;

function lineCount(body: Buffer | null): number {
  let lines = 0;
  for (let at = body?.indexOf(10) ?? -1; at >= 0; at = body?.indexOf(10, at + 1) ?? -1) lines += 1;
  return lines;
}

function tooMany(host: string): SourceError {
  return new SourceError('protocol', `${host} lists more messages than Mailferry takes (a million).`);
}

/** The package decodes listings as UTF-8: bytes beyond ASCII are given to it as the Latin-1 they may be. */
function listingText(body: Buffer | null): Buffer {
  return body === null ? Buffer.alloc(0) : Buffer.from(body.toString('latin1'), 'utf8');
}
