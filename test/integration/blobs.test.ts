import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import type { Blobs } from '../../functions/services.ts';
import { s3Blobs } from '../../functions/store/blobs.ts';
import { fileBlobs } from '../../infra/local/file-blobs.ts';
import { S3RVER, startS3rver } from '../support/s3rver.ts';

const KEY = 'raw/account-1/0123abcd.eml';
const PATTERN = Buffer.from(Array.from({ length: 256 }, (_, index) => (index * 7) % 256));
const bytesOf = (length: number) => Buffer.alloc(length, PATTERN);

async function keysOf(blobs: Blobs, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of blobs.list(prefix)) keys.push(key);
  return keys.sort();
}

/** What every `Blobs` does, whatever it is made of. */
function contract(make: () => Blobs): void {
  test('gives back the bytes that were put, and their size', async () => {
    const blobs = make();
    for (const bytes of [Buffer.alloc(0), bytesOf(1), bytesOf(300_000)]) {
      await blobs.put(KEY, bytes, 'message/rfc822');
      assert.deepEqual(Buffer.from((await blobs.get(KEY)) ?? []), bytes);
      assert.deepEqual(await blobs.head(KEY), { size: bytes.length });
    }
  });

  test('a file is put like its bytes', async () => {
    const blobs = make();
    const folder = await mkdtemp(join(tmpdir(), 'mailferry-file-'));
    const path = join(folder, 'message.eml');
    for (const bytes of [Buffer.alloc(0), bytesOf(300_000)]) {
      await writeFile(path, bytes);
      await blobs.putFile(KEY, path, 'message/rfc822');
      assert.deepEqual(Buffer.from((await blobs.get(KEY)) ?? []), bytes);
    }
    await rm(folder, { recursive: true });
  });

  test('a stream is put as it comes, in parts where it is large, and not at all where it breaks', async () => {
    const blobs = make();
    for (const count of [0, 1, 20]) {
      const chunks = async function* () {
        for (let i = 0; i < count; i++) yield bytesOf(1_000_001);
      };
      assert.deepEqual(await blobs.putStream(KEY, chunks()), { size: count * 1_000_001 });
      const expected = Buffer.concat(Array.from({ length: count }, () => bytesOf(1_000_001)));
      assert.ok(Buffer.from((await blobs.get(KEY)) ?? []).equals(expected), 'the same octets');
    }
    const broken = async function* () {
      yield bytesOf(9_000_000);
      throw new Error('broken off');
    };
    await assert.rejects(blobs.putStream('raw/account-1/broken.eml', broken()), { message: 'broken off' });
    assert.equal(await blobs.head('raw/account-1/broken.eml'), null);
  });

  test('a view on a larger buffer is stored as the view', async () => {
    const blobs = make();
    await blobs.put(KEY, bytesOf(100).subarray(10, 20));
    assert.deepEqual(Buffer.from((await blobs.get(KEY)) ?? []), bytesOf(100).subarray(10, 20));
  });

  test('verifies size and checksum, of bytes and of files', async () => {
    const blobs = make();
    const folder = await mkdtemp(join(tmpdir(), 'mailferry-file-'));
    const path = join(folder, 'message.eml');
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    for (const bytes of [Buffer.alloc(0), bytesOf(300_000)]) {
      await writeFile(path, bytes);
      for (const put of [() => blobs.put(KEY, bytes), () => blobs.putFile(KEY, path)]) {
        await put();
        assert.equal(await blobs.verify(KEY, sha256(bytes), bytes.length), true);
        assert.equal(await blobs.verify(KEY, sha256(bytes), bytes.length + 1), false);
        assert.equal(await blobs.verify(KEY, sha256(Buffer.from('other')), bytes.length), false);
      }
    }
    assert.equal(await blobs.verify('raw/account-1/missing.eml', sha256(bytesOf(1)), 1), false);
    await rm(folder, { recursive: true });
  });

  test('gives any half-open range, cut at the end of the blob', async () => {
    const blobs = make();
    const bytes = bytesOf(1000);
    await blobs.put(KEY, bytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(1200), fc.nat(1200), async (a, b) => {
        const range = { start: Math.min(a, b), end: Math.max(a, b) };
        const found = await blobs.get(KEY, range);
        assert.deepEqual(Buffer.from(found ?? []), bytes.subarray(range.start, range.end));
      }),
      { numRuns: 40 },
    );
  });

  test('a missing blob is null, and no error to delete', async () => {
    const blobs = make();
    assert.equal(await blobs.get('raw/account-1/missing.eml'), null);
    assert.equal(await blobs.get('raw/account-1/missing.eml', { start: 0, end: 10 }), null);
    assert.equal(await blobs.get('raw/account-1/missing.eml', { start: 3, end: 3 }), null);
    assert.equal(await blobs.head('raw/account-1/missing.eml'), null);
    await blobs.delete(['raw/account-1/missing.eml']);
    await blobs.delete([]);
  });

  test('lists every key below a prefix, also one that ends within a name', async () => {
    const blobs = make();
    const keys = ['list/a/1.eml', 'list/a/2.eml', 'list/ab/3.eml', 'list/b/4.eml'];
    for (const key of keys) await blobs.put(key, Buffer.from(key));
    assert.deepEqual(await keysOf(blobs, 'list/'), keys);
    assert.deepEqual(await keysOf(blobs, 'list/a/'), keys.slice(0, 2));
    assert.deepEqual(await keysOf(blobs, 'list/a'), keys.slice(0, 3));
    assert.deepEqual(await keysOf(blobs, 'list/a/2'), keys.slice(1, 2));
    assert.deepEqual(await keysOf(blobs, 'list/none/'), []);
    await blobs.delete(keys.slice(0, 3));
    assert.deepEqual(await keysOf(blobs, 'list/'), keys.slice(3));
  });
}

describe('blobs as files', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailferry-blobs-'));
  });
  after(() => rm(folder, { recursive: true }));
  contract(() => fileBlobs(folder));

  test('no key leaves the folder or hides in it', async () => {
    const blobs = fileBlobs(join(folder, 'inner'));
    const bad = [
      '../out',
      'raw/../../out',
      '/etc/passwd',
      'raw//x',
      '',
      '.',
      'raw/.hidden',
      'a\\b',
      'a\0b',
      'é',
    ];
    for (const key of bad) {
      await assert.rejects(blobs.put(key, Buffer.from('x')), /not allowed/, key);
      await assert.rejects(async () => blobs.get(key), /not allowed/, key);
      await assert.rejects(async () => blobs.delete([key]), /not allowed/, key);
    }
    await assert.rejects(keysOf(blobs, '../'), /not allowed/);
    assert.deepEqual(await keysOf(blobs, ''), []);
  });

  test('a put leaves nothing beside the blob, which nobody else may read', async () => {
    const blobs = fileBlobs(join(folder, 'alone'));
    await Promise.all([1, 2, 3, 4].map(() => blobs.put('raw/a/1.eml', bytesOf(5000))));
    assert.deepEqual(await readdir(join(folder, 'alone/raw/a')), ['1.eml']);
    assert.equal((await stat(join(folder, 'alone/raw/a/1.eml'))).mode & 0o077, 0);
  });

  test('has no address: the function answers with the bytes', async () => {
    const blobs = fileBlobs(folder);
    await blobs.put(KEY, bytesOf(5_000_000));
    assert.equal(await blobs.address(KEY, { contentType: 'text/plain', fileName: 'a' }), null);
  });
});

describe('blobs in S3', () => {
  let folder: string;
  let server: Server;
  let client: S3Client;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailferry-s3-'));
    const s3rver = await startS3rver(folder);
    server = s3rver.server;
    client = new S3Client({ endpoint: s3rver.endpoint, ...S3RVER });
    await client.send(new CreateBucketCommand({ Bucket: 'mail' }));
  });
  after(async () => {
    client.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    await rm(folder, { recursive: true });
  });
  contract(() => s3Blobs(client, 'mail'));

  test('a large blob has an address that answers with the type and the name asked for', async () => {
    const blobs = s3Blobs(client, 'mail');
    await blobs.put(KEY, bytesOf(5_000_000));
    const options = { contentType: 'image/png', fileName: 'Grüße "1".png\r\nx: y' };
    const address = await blobs.address(KEY, options);
    assert.ok(address);
    const answer = await fetch(address);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'image/png');
    const disposition = answer.headers.get('content-disposition') ?? '';
    assert.equal(disposition, "attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22.png%0D%0Ax%3A%20y");
    assert.equal((await answer.arrayBuffer()).byteLength, 5_000_000);
  });

  test('an address for an upload takes the octets, as many as were agreed', async () => {
    const blobs = s3Blobs(client, 'mail');
    const address = await blobs.uploadAddress('upload/a/file-1', 5_000_000);
    const { searchParams } = new URL(address);
    assert.equal(searchParams.get('X-Amz-SignedHeaders'), 'content-length;host');
    assert.deepEqual(
      [...searchParams.keys()].filter(key => key.includes('checksum')),
      [],
    );
    const answer = await fetch(address, { method: 'PUT', body: bytesOf(5_000_000) });
    assert.equal(answer.status, 200);
    assert.deepEqual(await blobs.head('upload/a/file-1'), { size: 5_000_000 });
  });

  test('a small or missing blob has none', async () => {
    const blobs = s3Blobs(client, 'mail');
    await blobs.put(KEY, bytesOf(1000));
    assert.equal(await blobs.address(KEY, { contentType: 'text/plain', fileName: 'a' }), null);
    assert.equal(await blobs.address('raw/a/none', { contentType: 'text/plain', fileName: 'a' }), null);
  });
});
