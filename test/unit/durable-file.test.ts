import assert from 'node:assert/strict';
import { fsyncSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileBlobs } from '../../infra/local/file-blobs.ts';

/** Folders that were flushed to the disk, in order. */
const flushed: string[] = [];
const { open } = fs;
let folder: string;

before(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'mailferry-durable-'));
  fs.open = async (path, ...more) => {
    const handle = await open(path, ...more);
    handle.sync = async () => {
      fsyncSync(handle.fd);
      flushed.push(String(path));
    };
    return handle;
  };
  syncBuiltinESMExports();
});
after(async () => {
  fs.open = open;
  syncBuiltinESMExports();
  await fs.rm(folder, { recursive: true });
});

test('a blob is reported when the names of all folders above it are durable, whoever made them', async () => {
  const data = join(folder, 'data');
  await fs.mkdir(data);
  const blobs = fileBlobs(join(data, 'blobs'));
  const above = [data, join(data, 'blobs'), join(data, 'blobs/raw'), join(data, 'blobs/raw/a')];
  const put = async (name: string) => {
    await blobs.put(`raw/a/${name}`, Buffer.from(name));
    return above.filter(path => !flushed.includes(path));
  };
  // The second finds the folder that the first has just made.
  assert.deepEqual(await Promise.all([put('1'), put('2')]), [[], []]);
  flushed.length = 0;
  await blobs.put('raw/a/3', Buffer.from('3'));
  assert.deepEqual(flushed, [join(data, 'blobs/raw/a')], 'once for each folder');
  // A process that was killed may have made the folder and not have flushed its name.
  flushed.length = 0;
  await fileBlobs(join(data, 'blobs')).put('raw/a/4', Buffer.from('4'));
  assert.deepEqual([...flushed].sort(), above);
});

test('the same holds for a stream, which is written whole or not at all', async () => {
  const blobs = fileBlobs(join(folder, 'streams'));
  async function* chunks() {
    yield Buffer.from('one');
    yield Buffer.from('two');
  }
  flushed.length = 0;
  assert.deepEqual(await blobs.putStream('files/a/1', chunks(), 'text/plain'), { size: 6 });
  const above = [folder, join(folder, 'streams'), join(folder, 'streams/files')];
  assert.deepEqual(
    above.filter(path => !flushed.includes(path)),
    [],
  );
  await fs.rm(join(folder, 'streams'), { recursive: true });
  const again = await blobs.putStream('files/a/1', chunks(), 'text/plain').catch(() => null);
  const there = await blobs.head('files/a/1');
  assert.ok(again === null ? there === null : there?.size === 6, JSON.stringify([again, there]));
});

test('a folder that was removed is made again', async () => {
  const blobs = fileBlobs(join(folder, 'again'));
  await blobs.put('raw/a/1', Buffer.from('1'));
  await fs.rm(join(folder, 'again'), { recursive: true });
  await blobs.put('raw/a/1', Buffer.from('1'));
  assert.deepEqual(await blobs.head('raw/a/1'), { size: 1 });
});

test('a file that is not there is an error of its put and of nothing else', async () => {
  const blobs = fileBlobs(join(folder, 'missing'));
  await assert.rejects(blobs.putFile('raw/a/1', join(folder, 'nowhere')), /ENOENT/);
  assert.equal(await blobs.head('raw/a/1'), null);
});

test('what a killed process was writing goes with the next put, and when an account is listed to be erased', async () => {
  const made = join(folder, 'killed/raw/a');
  await fs.mkdir(made, { recursive: true });
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  const leave = async () => {
    for (const name of ['.tmp-old', '.tmp-new']) await fs.writeFile(join(made, name), 'half a mess');
    await fs.utimes(join(made, '.tmp-old'), longAgo, longAgo);
  };
  await leave();
  const blobs = fileBlobs(join(folder, 'killed'));
  await blobs.put('raw/a/1', Buffer.from('1'));
  assert.deepEqual((await fs.readdir(made)).sort(), ['.tmp-new', '1']);
  await leave();
  const keys: string[] = [];
  for await (const key of blobs.list('raw/a/')) keys.push(key);
  assert.deepEqual(keys, ['raw/a/1']);
  assert.deepEqual((await fs.readdir(made)).sort(), ['.tmp-new', '1']);
});
