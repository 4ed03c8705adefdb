import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errnoOf, LocalCloudError } from './errors.ts';

/** How often a free port is looked for that is free on both loopback addresses. */
const ATTEMPTS = 10;

/** The listening sockets of one port on loopback. */
export interface Listening {
  port: number;
  /** Stops listening and drops what is open. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and, where the machine has it, ::1, on the same port (0: a free one): `localhost` may mean
 * either to a browser. Nothing outside the machine can connect. Throws `LocalCloudError('port-in-use')`.
 */
export async function listenOnLoopback(port: number, listener: RequestListener): Promise<Listening> {
  for (let attempt = 1; ; attempt += 1) {
    const servers: Server[] = [];
    const close = async () => {
      await Promise.all(servers.map(closeServer));
    };
    try {
      const first = await open(port, '127.0.0.1', listener);
      servers.push(first);
      const taken = (first.address() as AddressInfo).port;
      const second = await open(taken, '::1', listener).catch(withoutIPv6);
      if (second) servers.push(second);
      return { port: taken, close };
    } catch (error) {
      await close();
      const code = errnoOf(error);
      if (port === 0 && code === 'EADDRINUSE' && attempt < ATTEMPTS) continue;
      throw unavailable(port, code, error);
    }
  }
}

async function open(port: number, host: string, listener: RequestListener): Promise<Server> {
  const server = createServer(
    // A client that sends nothing, or a byte a minute, holds no connection for long.
    { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 5000 },
    listener,
  );
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

function withoutIPv6(error: unknown): null {
  if (['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(errnoOf(error) ?? '')) return null;
  throw error;
}

function unavailable(port: number, code: string | null, cause: unknown): LocalCloudError {
  const why =
    code === 'EADDRINUSE'
      ? `Port ${port} is taken by another program. Stop it, or set MAILFERRY_PORT to another port.`
      : `Port ${port} cannot be used (${code ?? 'unknown'}). Set MAILFERRY_PORT to another port.`;
  return new LocalCloudError('port-in-use', why, { cause });
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
