import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** One message as a push service gets it. */
export interface PushMessage {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** How the service answers a message; a string never ends the answer's body. */
export interface PushAnswer {
  status: number;
  headers?: Record<string, string>;
  endless?: boolean;
}

/** A push service on loopback: it keeps what it gets, and answers 201 unless it is told otherwise. */
export async function pushService(t: Pick<TestContext, 'after'>) {
  const got: PushMessage[] = [];
  const answers: PushAnswer[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
      got.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) });
      const { status, headers, endless } = answers.shift() ?? { status: 201 };
      response.writeHead(status, headers);
      if (endless) response.write('x'.repeat(200_000));
      else response.end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, got, answers };
}

/** A browser's side of a subscription: its keys, and how it reads what comes. */
export function pushReceiver() {
  const own = createECDH('prime256v1');
  own.generateKeys();
  const auth = randomBytes(16).toString('base64url');
  return {
    keys: { p256dh: own.getPublicKey('base64url'), auth },
    read: (message: PushMessage | undefined): Record<string, unknown> =>
      JSON.parse(decryptPush(message?.body ?? Buffer.alloc(0), own, auth).toString()),
  };
}

/** Reads a message of RFC 8291, as a browser does; throws for one that is not for it. */
export function decryptPush(message: Buffer, own: ECDH, auth: string): Buffer {
  const salt = message.subarray(0, 16);
  const keyLength = message.readUInt8(20);
  const sender = message.subarray(21, 21 + keyLength);
  const text = message.subarray(21 + keyLength);
  const about = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), sender]);
  const derive = (input: Uint8Array, by: Uint8Array, info: Uint8Array | string, length: number) =>
    Buffer.from(hkdfSync('sha256', input, by, info, length));
  const input = derive(own.computeSecret(sender), Buffer.from(auth, 'base64url'), about, 32);
  const key = derive(input, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = derive(input, salt, 'Content-Encoding: nonce\0', 12);
  const gcm = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(text.subarray(-16));
  const plain = Buffer.concat([gcm.update(text.subarray(0, -16)), gcm.final()]);
  const end = plain.lastIndexOf(2);
  return plain.subarray(0, end);
}
