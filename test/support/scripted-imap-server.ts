import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createDeflateRaw, createInflateRaw } from 'node:zlib';
import type { SourceSettings } from '../../functions/source/source.ts';

/** One command as the client sent it: `a1 UID FETCH 1:* (FLAGS)`. */
export interface ScriptedCommand {
  tag: string;
  /** Upper case, with UID in front where it has one: `UID FETCH`. */
  name: string;
  args: string;
  socket: Socket;
  /** Sends as the connection does now, deflated after COMPRESS; settles when it was taken. */
  send(data: string | Buffer): Promise<void>;
}

/** A message of the scripted server's INBOX; `size` is what RFC822.SIZE claims, `body` what is really sent. */
export interface ScriptedMessage {
  uid: number;
  raw: Buffer;
  size?: number;
  flags?: string;
  /** Sent in place of the literal, for example `NIL`. */
  body?: string;
}

export interface ScriptedImap {
  /** Settings that reach it in plain text. */
  settings: SourceSettings;
  port: number;
  /** Every command line so far, without its tag. */
  commands: string[];
  /** The mechanism of every AUTHENTICATE so far; what follows it is a command of its own. */
  mechanisms: string[];
  /** Connections that are open now. */
  sockets: ReadonlySet<Socket>;
}

export interface ImapScript {
  /** Sent at once; null sends nothing. */
  greeting?: string | null;
  capabilities?: string;
  messages?: ScriptedMessage[];
  /** What EXAMINE says in place of the number of messages. */
  exists?: number;
  /** Longest wait of the settings, in milliseconds; short only where the time-out is what is tested. */
  timeout?: number;
  /** Handles a command itself: a string is sent as it is, `silence` never answers, undefined is the default. */
  answer?: (command: ScriptedCommand) => string | Buffer | 'silence' | undefined;
}

/** Never the cause of a failure, even on a busy machine. */
const PATIENCE = 30_000;

export const SECRET = 'hunter2 "grün"\\';

/** A server that speaks just enough IMAP4rev1 to break it on purpose. It ends with the test. */
export async function scriptedImapServer(
  t: Pick<TestContext, 'after'>,
  script: ImapScript = {},
): Promise<ScriptedImap> {
  const sockets = new Set<Socket>();
  const commands: string[] = [];
  const mechanisms: string[] = [];
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const greeting = script.greeting === undefined ? '* OK Scripted\r\n' : script.greeting;
    if (greeting !== null) socket.write(greeting, 'latin1');
    serve(socket, script, { commands, mechanisms });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    commands,
    mechanisms,
    sockets,
    settings: scriptedSettings(port, script.timeout ?? PATIENCE),
  };
}

/** Settings for a server on this port of the loopback, in plain text. */
export function scriptedSettings(port: number, timeout = PATIENCE): SourceSettings {
  return {
    protocol: 'imap',
    host: '127.0.0.1',
    port,
    security: 'none',
    username: 'mara',
    password: SECRET,
    allowPrivateHosts: 'all',
    timeout,
  };
}

function serve(
  socket: Socket,
  script: ImapScript,
  heard: Pick<ScriptedImap, 'commands' | 'mechanisms'>,
): void {
  let input = '';
  let authenticating = '';
  let wire: Wire = { send: data => new Promise(resolve => socket.write(data, () => resolve())) };
  socket.on('data', hear);
  function hear(chunk: Buffer) {
    input += chunk.toString('latin1');
    for (let end = input.indexOf('\r\n'); end >= 0; end = input.indexOf('\r\n')) {
      const line = input.slice(0, end);
      input = input.slice(end + 2);
      const parsed = authenticating
        ? { tag: authenticating, name: 'AUTHENTICATE', args: line, socket, send: wire.send }
        : { ...parse(line), socket, send: wire.send };
      // With SASL-IR the password is there already.
      const isWhole = /^PLAIN ./.test(parsed.args);
      if (!authenticating && parsed.name === 'AUTHENTICATE' && !isWhole) {
        authenticating = parsed.tag;
        heard.mechanisms.push(parsed.args);
        void wire.send('+ \r\n');
        continue;
      }
      authenticating = '';
      heard.commands.push(`${parsed.name} ${parsed.args}`.trim());
      const answer = script.answer?.(parsed) ?? usualAnswer(parsed, script);
      // Another challenge.
      if (typeof answer === 'string' && answer.startsWith('+ ')) authenticating = parsed.tag;
      if (answer !== 'silence' && !socket.destroyed) void wire.send(answer);
      if (parsed.name === 'COMPRESS' && answer.includes(' OK ')) wire = compressedWire(socket, hear);
    }
  }
}

type Wire = Pick<ScriptedCommand, 'send'>;

/** From here on both directions are deflated (RFC 4978). */
function compressedWire(socket: Socket, hear: (chunk: Buffer) => void): Wire {
  socket.removeListener('data', hear);
  const inflate = createInflateRaw().on('data', hear);
  // The client leaves without ending its stream.
  inflate.on('error', () => socket.destroy());
  const deflate = createDeflateRaw();
  socket.pipe(inflate);
  deflate.pipe(socket);
  return {
    send: data =>
      new Promise(resolve => {
        socket.once('close', resolve);
        deflate.write(data, () => {
          socket.off('close', resolve);
          resolve();
        });
        deflate.flush();
      }),
  };
}

function parse(line: string): Pick<ScriptedCommand, 'tag' | 'name' | 'args'> {
  const [, tag = '', name = '', args = ''] = /^(\S+) ((?:UID )?[A-Z]+)(?: (.*))?$/i.exec(line) ?? [];
  return { tag, name: name.toUpperCase(), args };
}

function usualAnswer(command: ScriptedCommand, script: ImapScript): string | Buffer {
  const { tag, name } = command;
  const ok = `${tag} OK Done\r\n`;
  const messages = script.messages ?? [];
  const exists = script.exists ?? messages.length;
  const next = Math.max(0, ...messages.map(({ uid }) => uid)) + 1;
  switch (name) {
    case 'CAPABILITY':
      return `* CAPABILITY IMAP4rev1 AUTH=PLAIN ${script.capabilities ?? ''}\r\n${ok}`;
    case 'LIST':
      // An empty pattern only asks for the delimiter (RFC 9051 section 6.3.9).
      return command.args.endsWith('""')
        ? `* LIST (\\Noselect) "/" ""\r\n${ok}`
        : `* LIST () "/" INBOX\r\n${ok}`;
    case 'STATUS':
      return `* STATUS INBOX (MESSAGES ${exists} UIDNEXT ${next} UIDVALIDITY 7)\r\n${ok}`;
    case 'SELECT':
    case 'EXAMINE':
      return (
        `* ${exists} EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT ${next}] n\r\n` +
        `${tag} OK [READ-${name === 'SELECT' ? 'WRITE' : 'ONLY'}] Done\r\n`
      );
    case 'UID FETCH':
      return Buffer.concat([...rows(command, messages), Buffer.from(ok)]);
    case 'LOGOUT':
      return `* BYE Bye\r\n${ok}`;
    default:
      return ok;
  }
}

function rows({ args }: ScriptedCommand, messages: readonly ScriptedMessage[]): Buffer[] {
  const [set = ''] = args.split(' ');
  return messages
    .map((message, index) => ({ message, index }))
    .filter(({ message }) => inSet(message.uid, set))
    .map(({ message, index }) => {
      const { uid, raw, flags = '' } = message;
      const head = `* ${index + 1} FETCH (UID ${uid} RFC822.SIZE ${message.size ?? raw.length} FLAGS (${flags})`;
      const partial = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/.exec(args);
      if (!partial) return Buffer.from(`${head})\r\n`);
      if (message.body !== undefined) return Buffer.from(`${head} BODY[] ${message.body})\r\n`);
      const start = Number(partial[1] ?? 0);
      const part = raw.subarray(start, start + Number(partial[2] ?? raw.length));
      const item = partial[1] === undefined ? 'BODY[]' : `BODY[]<${start}>`;
      return Buffer.concat([Buffer.from(`${head} ${item} {${part.length}}\r\n`), part, Buffer.from(')\r\n')]);
    });
}

function inSet(uid: number, set: string): boolean {
  return set.split(',').some(range => {
    const [first = '', last = first] = range.split(':');
    return uid >= Number(first) && (last === '*' || uid <= Number(last));
  });
}
