import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket, connect as toServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Blobs, Services } from '../../functions/services.ts';
import { aroundTable, type TableCommand } from '../support/wrapped.ts';

/** Distances as on AWS, in milliseconds, for measurements on one machine where everything is near. */
export interface Distances {
  /** A round trip to the mail server. */
  mailServer: number;
  /** Round trips of TCP and TLS 1.3 before the first octet of the protocol. */
  handshakes: number;
  table: number;
  blobPut: number;
  blobGet: number;
}

/** A port at which a server is as far away as it is said. */
export interface FarPort {
  port: number;
  /** Octets that went through, both ways. */
  octets(): number;
  /** Those of them that went to the server. */
  octetsOut(): number;
  stop(): Promise<void>;
}

/** Listens on loopback and passes everything on to `port`, half a round trip late each way. */
export async function farPort(
  port: number,
  { mailServer, handshakes }: Pick<Distances, 'mailServer' | 'handshakes'>,
): Promise<FarPort> {
  let octets = 0;
  let octetsOut = 0;
  const open = new Set<Socket>();
  const server = createServer(near => {
    const far = toServer(port, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true).on('error', () => socket.destroy());
      socket.on('close', () => open.delete(socket));
    }
    const readyAt = performance.now() + mailServer * handshakes;
    const pass = (from: Socket, to: Socket) => {
      const late = () => Math.max(0, readyAt - performance.now()) + mailServer / 2;
      from.on('data', data => {
        octets += data.length;
        if (to === far) octetsOut += data.length;
        setTimeout(() => to.writable && to.write(data), late());
      });
      from.on('end', () => setTimeout(() => to.end(), late()));
    };
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    octets: () => octets,
    octetsOut: () => octetsOut,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Services of which table and blobs are as far away as it is said. */
export function farServices<S extends Services>(near: S, { table, blobPut, blobGet }: Distances): S {
  const far = aroundTable(near, async (_command: TableCommand, send) => {
    await sleep(table);
    return send();
  });
  const after = <A extends unknown[], R>(wait: number, call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      await sleep(wait);
      return call(...args);
    };
  };
  const { blobs } = far;
  const delayed: Blobs = {
    ...blobs,
    put: after(blobPut, blobs.put),
    putFile: after(blobPut, blobs.putFile),
    get: after(blobGet, blobs.get),
    head: after(blobGet, blobs.head),
    verify: after(blobGet, blobs.verify),
  };
  return { ...far, blobs: delayed };
}
