import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { MailferryError } from '../errors.ts';
import type { Blobs, ByteRange } from '../services.ts';

/** DeleteObjects takes at most this many keys. */
const DELETE_BATCH = 1000;
/** Lambda answers with at most 6 MB; base64 takes a third more, and headers need room. */
const LARGEST_ANSWER = 4_400_000;
/** How long a presigned address works, in seconds: enough to begin a download. */
const ADDRESS_LIFETIME = 300;
/** How long an upload may take, in seconds. */
const UPLOAD_LIFETIME = 3_600;
/** Octets of a part of a large object: 10,000 of them are more than any of ours, and few fit into memory. */
const PART = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 3;
/** How often a file is sent, and the shortest bound of the pauses in between. */
const FILE_ATTEMPTS = 3;
const FILE_PAUSE_MS = 100;
const READ_ATTEMPTS = 2;

/**
 * `Blobs` in an S3 bucket. `address` gives a presigned GET for an object above what Lambda can answer with (its
 * answer carries the content type and file name asked for), and null for a smaller or a missing one. Errors are
 * the SDK's own, but for a delete that S3 did in part: `MailferryError('blob-delete')`.
 * @param signer makes addresses for uploads; it must be set to compute checksums only WHEN_REQUIRED, because an address
 *   is made without the octets, and a checksum in it would be that of none
 */
export function s3Blobs(client: S3Client, bucket: string, signer: S3Client = client): Blobs {
  const head = (key: string) => headObject(client, bucket, key);
  return {
    async put(key, bytes, contentType = 'application/octet-stream') {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: bytes,
          ContentType: contentType,
          // S3 refuses bytes that arrive otherwise, and keeps it: `verify` need not read them again.
          ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
        }),
      );
    },
    async putFile(key, path, contentType = 'application/octet-stream') {
      const { size } = await stat(path);
      const ChecksumSHA256 = await checksumOf(createReadStream(path), 'base64');
      await withPatience(() =>
        client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: createReadStream(path),
            ContentLength: size,
            ContentType: contentType,
            ChecksumSHA256,
          }),
        ),
      );
    },
    async putStream(key, chunks, contentType = 'application/octet-stream') {
      let size = 0;
      let fault: { error: unknown } | null = null;
      const counted = async function* () {
        try {
          for await (const chunk of chunks) {
            size += chunk.length;
            yield chunk;
          }
        } catch (error) {
          fault = { error };
          throw error;
        }
      };
      // Parts that were stored are removed when this fails; those of a killed function by the bucket's own rule.
      const upload = new Upload({
        client,
        params: {
          ...{ Bucket: bucket, Key: key, ContentType: contentType },
          Body: Readable.from(counted(), { objectMode: false }),
        },
        ...{ queueSize: PARTS_AT_ONCE, partSize: PART },
      });
      await upload.done().catch(error => {
        throw fault ? fault.error : error;
      });
      return { size };
    },
    get: (key, range) => getObject(client, bucket, key, range),
    head,
    verify: (key, sha256, size) => verifyObject(client, bucket, key, { sha256, size }),
    async delete(keys) {
      for (let from = 0; from < keys.length; from += DELETE_BATCH) {
        await deleteObjects(client, bucket, keys.slice(from, from + DELETE_BATCH));
      }
    },
    async *list(prefix) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      }
    },
    async address(key, options) {
      const found = await head(key);
      if (found === null || found.size <= LARGEST_ANSWER) return null;
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ResponseContentType: options.contentType,
        ResponseContentDisposition: attachmentNamed(options.fileName),
      });
      return getSignedUrl(client, command, { expiresIn: ADDRESS_LIFETIME });
    },
    async uploadAddress(key, size) {
      const command = new PutObjectCommand({ Bucket: bucket, Key: key, ContentLength: size });
      // Else S3 takes any length, and a client could store more than was agreed.
      const unhoistableHeaders = new Set(['content-length']);
      return getSignedUrl(signer, command, {
        ...{
          expiresIn: UPLOAD_LIFETIME,
          signableHeaders: new Set(['host', 'content-length']),
          unhoistableHeaders,
        },
      });
    },
  };
}

async function headObject(client: S3Client, bucket: string, key: string): Promise<{ size: number } | null> {
  try {
    const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { size: found.ContentLength ?? 0 };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Tries again what the SDK does not, because it cannot read a stream a second time: a put from a file. */
async function withPatience(put: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await put();
      return;
    } catch (error) {
      const status = statusOf(error) ?? 500;
      if (attempt === FILE_ATTEMPTS || (status < 500 && status !== 429)) throw error;
      await sleep(FILE_PAUSE_MS * 2 ** attempt * Math.random());
    }
  }
}

async function verifyObject(
  client: S3Client,
  bucket: string,
  key: string,
  { sha256, size }: { sha256: string; size: number },
): Promise<boolean> {
  try {
    const found = await client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }),
    );
    if (found.ContentLength !== size) return false;
    // A checksum of parts (`…-3`) is not that of the bytes.
    const recorded = found.ChecksumType === 'COMPOSITE' ? undefined : found.ChecksumSHA256;
    if (recorded) return Buffer.from(recorded, 'base64').toString('hex') === sha256;
    return await reading(client, { Bucket: bucket, Key: key }, async body => {
      return body !== undefined && (await checksumOf(body as AsyncIterable<Uint8Array>, 'hex')) === sha256;
    });
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

async function checksumOf(chunks: AsyncIterable<Uint8Array>, encoding: 'hex' | 'base64'): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest(encoding);
}

async function getObject(
  client: S3Client,
  bucket: string,
  key: string,
  range: ByteRange | undefined,
): Promise<Uint8Array | null> {
  // HTTP has no empty range, so its answer is what `head` says: nothing of something, or no such blob.
  if (range && range.end <= range.start) {
    return (await headObject(client, bucket, key)) ? new Uint8Array() : null;
  }
  const Range = range ? `bytes=${range.start}-${range.end - 1}` : undefined;
  try {
    const input = { Bucket: bucket, Key: key, Range };
    return await reading(
      client,
      input,
      async body => (await body?.transformToByteArray()) ?? new Uint8Array(),
    );
  } catch (error) {
    if (statusOf(error) === 404) return null;
    // A range that begins behind the end of the object: InvalidRange.
    if (statusOf(error) === 416) return new Uint8Array();
    throw error;
  }
}

/** Reads an object; once more where it breaks off, which the SDK does not see: it has given its answer by then. */
async function reading<T>(
  client: S3Client,
  input: GetObjectCommandInput,
  read: (body: GetObjectCommandOutput['Body']) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const { Body } = await client.send(new GetObjectCommand(input));
    try {
      return await read(Body);
    } catch (error) {
      if (attempt === READ_ATTEMPTS) throw error;
    }
  }
}

async function deleteObjects(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  const command = new DeleteObjectsCommand({
    Bucket: bucket,
    Delete: { Objects: keys.map(Key => ({ Key })), Quiet: true },
  });
  const answer = await client.send(withMd5(command));
  const failed = (answer.Errors ?? []).filter(({ Code }) => Code !== 'NoSuchKey');
  if (failed.length > 0) {
    throw new MailferryError(
      'blob-delete',
      `S3 did not delete ${failed.length} of ${keys.length} blobs (${failed[0]?.Code ?? 'no code'}).`,
    );
  }
}

/**
 * The command with a Content-MD5 (RFC 1864) of its body: the SDK sends a checksum of another kind, with which S3 is
 * content, and others that speak its protocol (OpenStack Swift) are not.
 */
function withMd5(command: DeleteObjectsCommand): DeleteObjectsCommand {
  command.middlewareStack.add(
    next => args => {
      const { body, headers } = args.request as {
        body: string | Uint8Array;
        headers: Record<string, string>;
      };
      headers['content-md5'] = createHash('md5').update(body).digest('base64');
      return next(args);
    },
    { step: 'build', name: 'withMd5' },
  );
  return command;
}

/** Content-Disposition of RFC 6266 with the name in the form of RFC 8187, which has no room for header tricks. */
function attachmentNamed(fileName: string): string {
  const encoded = encodeURIComponent(fileName.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /['()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}

function statusOf(error: unknown): number | null {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
  return status ?? null;
}
