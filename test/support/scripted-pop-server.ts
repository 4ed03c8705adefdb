import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';

/** A certificate for the name localhost (and no address), for tests only; it also serves as its own authority. */
export const testCertificate = readFileSync(
  new URL('../fixtures/localhost-test-certificate.pem', import.meta.url),
  'utf8',
);
const testKey = readFileSync(new URL('../fixtures/localhost-test-key.pem', import.meta.url), 'utf8');

/** One client of the scripted server. */
export interface PopClient {
  /** Sends bytes; settles when the system has them. */
  send(bytes: string | Buffer): Promise<void>;
  /** Sends bytes as packets that end at these offsets, and gives the client time to read each by itself. */
  sendCut(bytes: Buffer, cuts: readonly number[]): Promise<void>;
  /** Goes on in TLS. */
  startTls(): void;
  /** Ends the connection: FIN, or RST with `destroy`. */
  end(): void;
  destroy(): void;
}

export type PopAnswer = (client: PopClient, argument: string) => Promise<void> | void;

export interface ScriptedPopOptions {
  mails?: readonly { uidl: string; raw: Buffer }[];
  /** TLS from the first byte. */
  tls?: boolean;
  /** Offers PIPELINING. */
  pipelining?: boolean;
  /** Answers that differ from a well-behaved server, by command; `CONNECT` stands for the greeting. */
  on?: Readonly<Record<string, PopAnswer>>;
}

export interface ScriptedPopServer {
  port: number;
  /** Every line that came in, over all connections. */
  received: string[];
  /** Commands that came while the one before was still being answered. */
  overlaps: string[];
  connections: number;
  close(): Promise<void>;
}

/** Starts a POP server on a free loopback port that behaves well but for what `on` replaces. */
export async function startScriptedPopServer(options: ScriptedPopOptions = {}): Promise<ScriptedPopServer> {
  const open = new Set<Socket>();
  const answers = { ...goodAnswers(options), ...options.on };
  const server = createServer({ noDelay: true }, socket => {
    state.connections += 1;
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    converse(socket, options.tls === true, answers, state);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const state: ScriptedPopServer = {
    port: (server.address() as AddressInfo).port,
    received: [],
    overlaps: [],
    connections: 0,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return state;
}

/** A message as a POP server sends it after `+OK`: dot-stuffed, ended by a lone dot. */
export function onTheWire(raw: Buffer): Buffer {
  const text = raw.toString('latin1');
  const whole = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
  const stuffed = `\r\n${whole}`.replaceAll('\r\n.', '\r\n..').slice(2);
  return Buffer.from(`${stuffed}.\r\n`, 'latin1');
}

function goodAnswers({ mails = [], pipelining = false }: ScriptedPopOptions): Record<string, PopAnswer> {
  const capabilities = `TOP\r\nUSER\r\nUIDL\r\nSASL PLAIN\r\nstls\r\n${pipelining ? 'Pipelining\r\n' : ''}`;
  const deleted = new Set<string>();
  const listing = (value: (mail: { uidl: string; raw: Buffer }) => string | number) => {
    const lines = mails.map((mail, index) => `${index + 1} ${value(mail)}\r\n`);
    return `+OK\r\n${lines.join('')}.\r\n`;
  };
  const octets = mails.reduce((sum, { raw }) => sum + raw.length, 0);
  return {
    CONNECT: client => client.send('+OK ready\r\n'),
    USER: client => client.send('+OK\r\n'),
    PASS: client => client.send('+OK logged in\r\n'),
    CAPA: client => client.send(`+OK\r\n${capabilities}.\r\n`),
    STLS: async client => {
      await client.send('+OK begin\r\n');
      client.startTls();
    },
    STAT: client => client.send(`+OK ${mails.length} ${octets}\r\n`),
    UIDL: client => client.send(listing(mail => mail.uidl)),
    LIST: client => client.send(listing(mail => mail.raw.length)),
    RETR: (client, argument) => {
      const mail = mails[Number(argument) - 1];
      if (mail === undefined) return client.send('-ERR no such message\r\n');
      return client.send(Buffer.concat([Buffer.from('+OK octets follow\r\n'), onTheWire(mail.raw)]));
    },
    TOP: (client, argument) => {
      const mail = mails[Number(argument.split(' ')[0]) - 1];
      if (mail === undefined) return client.send('-ERR no such message\r\n');
      const [head = ''] = mail.raw.toString('latin1').split(/(?<=\r\n)\r\n/);
      return client.send(
        Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(Buffer.from(`${head}\r\n`, 'latin1'))]),
      );
    },
    DELE: (client, argument) => {
      const isThere = mails[Number(argument) - 1] !== undefined && !deleted.has(argument);
      deleted.add(argument);
      return client.send(isThere ? '+OK marked\r\n' : '-ERR no such message\r\n');
    },
    NOOP: client => client.send('+OK\r\n'),
    QUIT: async client => {
      await client.send('+OK bye\r\n');
      client.end();
    },
  };
}

function converse(
  plain: Socket,
  tls: boolean,
  answers: Readonly<Record<string, PopAnswer>>,
  state: ScriptedPopServer,
): void {
  let socket: Socket = tls ? encrypted(plain) : plain;
  let input = '';
  /** Commands are answered one after the other, also those that came ahead. */
  let turns: Promise<void> = Promise.resolve();
  let waiting = 0;
  const client: PopClient = {
    send: bytes => new Promise(resolve => socket.write(bytes, () => resolve())),
    async sendCut(bytes, cuts) {
      const ends = [...new Set([...cuts, bytes.length])].filter(end => end > 0 && end <= bytes.length);
      let start = 0;
      for (const end of ends.sort((a, b) => a - b)) {
        await client.send(bytes.subarray(start, end));
        // Two turns of the event loop: the client, in this process, has read the packet by then.
        await turn();
        await turn();
        start = end;
      }
    },
    startTls() {
      socket.removeAllListeners('data');
      socket = encrypted(plain);
      socket.on('data', onData);
    },
    end: () => socket.end(),
    destroy: () => plain.resetAndDestroy(),
  };

  function answer(name: string, argument: string): void {
    waiting += 1;
    turns = turns.then(async () => {
      await (answers[name] ?? (other => other.send('-ERR unknown command\r\n')))(client, argument);
      waiting -= 1;
    });
  }

  function onData(chunk: Buffer): void {
    input += chunk.toString('utf8');
    for (let end = input.indexOf('\r\n'); end >= 0; end = input.indexOf('\r\n')) {
      const line = input.slice(0, end);
      input = input.slice(end + 2);
      state.received.push(line);
      const [name = '', ...argument] = line.split(' ');
      if (waiting > 0) state.overlaps.push(line);
      answer(name, argument.join(' '));
    }
  }

  socket.on('data', onData);
  answer('CONNECT', '');
}

function encrypted(plain: Socket): TLSSocket {
  const socket = new TLSSocket(plain, { isServer: true, cert: testCertificate, key: testKey });
  return socket.on('error', () => {});
}
