import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Services } from '../../functions/services.ts';
import { Killed } from './crash.ts';
import { aroundTable, beforePuts, isRead } from './wrapped.ts';

/**
 * A process that is killed after a number of its effects: everything it sends to and receives from the mail server,
 * blob puts, and writes to the table, counted together in the order in which they happen. From then on nothing that
 * it tries has any effect, and its connections are gone.
 */
export interface Doomed {
  /** What the process is given: its table and blobs stop working when it is dead. */
  services: Services;
  /** The mail server's port, as the process sees it. */
  port: number;
  /** What has been counted, each named: `> DELE 1`, `< 512 octets`, `put`, `PutCommand`. */
  effects: string[];
  isDead(): boolean;
  close(): Promise<void>;
}

const LINE = /[^\n]*\n|[^\n]+$/g;
const NAME = 40;

/** Starts a doomed process beside a mail server on loopback; `after` effects go through. */
export async function doomed(real: Services, serverPort: number, after: number): Promise<Doomed> {
  const effects: string[] = [];
  const sockets = new Set<Socket>();
  const isDead = () => effects.length > after;
  /** True when the effect may happen. */
  const step = (name: string): boolean => {
    if (!isDead()) effects.push(name.slice(0, NAME));
    if (isDead()) for (const socket of sockets) socket.destroy();
    return !isDead();
  };
  const server = createServer(client => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    if (isDead()) return void client.destroy();
    client.on('data', chunk => {
      // Line by line, so that a command among several in one packet can be the last one.
      for (const line of chunk.toString('latin1').match(LINE) ?? []) {
        if (!step(`> ${line.trim()}`)) return;
        upstream.write(Buffer.from(line, 'latin1'));
      }
    });
    upstream.on('data', chunk => {
      if (step(`< ${chunk.length} octets`)) client.write(chunk);
    });
    client.on('end', () => upstream.end()).on('close', () => upstream.destroy());
    upstream.on('end', () => client.end()).on('close', () => client.destroy());
  });
  const port = await listen(server);
  return {
    services: dying(real, step, isDead),
    port,
    effects,
    isDead,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function dying(real: Services, step: (name: string) => boolean, isDead: () => boolean): Services {
  const live = (isAllowed: boolean) => {
    if (!isAllowed) throw new Killed('killed');
  };
  const told = aroundTable(real, (command, send) => {
    live(isRead(command) ? !isDead() : step(command.constructor.name));
    return send();
  });
  const services = beforePuts(told, name => live(step(name)));
  return {
    ...services,
    blobs: {
      ...services.blobs,
      async delete(keys) {
        live(step('delete'));
        await real.blobs.delete(keys);
      },
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

/** Forwards to a port on loopback, but changes how the octets of the server arrive; see `startRelay`. */
export interface Relay {
  port: number;
  /** Octets that the server has sent through it. */
  received(): number;
  close(): Promise<void>;
}

/**
 * A relay that ends the connection after `cutAfter` octets of the server, or hands its octets on in packets of
 * `packet` octets each.
 */
export async function startRelay(
  serverPort: number,
  { cutAfter = Number.POSITIVE_INFINITY, packet = 0 }: { cutAfter?: number; packet?: number } = {},
): Promise<Relay> {
  let received = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, client => {
    const upstream = connect({ port: serverPort, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream);
    upstream.on('data', async (chunk: Buffer) => {
      const left = cutAfter - received;
      received += chunk.length;
      upstream.pause();
      const passed = chunk.subarray(0, Math.max(0, left));
      for (let at = 0; at < passed.length; at += packet || passed.length) {
        client.write(passed.subarray(at, packet ? at + packet : undefined));
        // Only a turn of the event loop makes two writes two packets.
        if (packet) await new Promise(resolve => setImmediate(resolve));
      }
      upstream.resume();
      if (left <= chunk.length) client.destroy();
    });
    upstream.on('end', () => client.end()).on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  const port = await listen(server);
  return {
    port,
    received: () => received,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
