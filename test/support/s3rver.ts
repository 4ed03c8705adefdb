import { once } from 'node:events';
import type { createWriteStream } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { S3ClientConfig } from '@aws-sdk/client-s3';

const require = createRequire(import.meta.url);

/** s3rver has no types of its own. */
type S3rver = new (options: {
  port: number;
  address: string;
  silent: boolean;
  directory: string;
}) => {
  run(): Promise<AddressInfo>;
  httpServer: Server;
  store: Record<'putObject' | 'putPart', (...parameters: unknown[]) => Promise<unknown>>;
};

/** What a client of s3rver needs beside the endpoint. */
export const S3RVER = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  forcePathStyle: true,
  // s3rver stores the chunk framing of the SDK's default checksums as content.
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const satisfies S3ClientConfig;

/** An S3 on a free loopback port, its objects below a folder. */
export async function startS3rver(directory: string): Promise<{ server: Server; endpoint: string }> {
  const Emulator = require('s3rver') as S3rver;
  const s3rver = new Emulator({ port: 0, address: '127.0.0.1', silent: true, directory });
  answerWhenWritten(s3rver);
  const { port } = await s3rver.run();
  return { server: s3rver.httpServer, endpoint: `http://127.0.0.1:${port}` };
}

/**
 * s3rver answers a put when it has read the last octet, so that the next get may find an empty file.
 * S3 does not: with this the answer waits until what is being written is closed.
 */
function answerWhenWritten({ store }: InstanceType<S3rver>): void {
  const files: { createWriteStream: typeof createWriteStream } = createRequire(require.resolve('s3rver'))(
    'fs-extra',
  );
  const create = files.createWriteStream;
  const open = new Set<Promise<unknown>>();
  files.createWriteStream = (...parameters) => {
    const stream = create(...parameters);
    const closed = once(stream, 'close').finally(() => open.delete(closed));
    open.add(closed);
    return stream;
  };
  for (const name of ['putObject', 'putPart'] as const) {
    const put = store[name].bind(store);
    store[name] = async (...parameters) => {
      const answer = await put(...parameters);
      await Promise.all(open);
      return answer;
    };
  }
}
