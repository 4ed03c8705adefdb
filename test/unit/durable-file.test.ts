import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fsyncSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { fileBlobs } from '../../infra/local/file-blobs.ts';

const THREAD = new URL('../../infra/local/file-thread.mjs', import.meta.url);

/** Notes what the thread asks of the disk, in order. */
const TRACED = `
  const fs = require('node:fs');
  const { basename } = require('node:path');
  const { parentPort, workerData } = require('node:worker_threads');
  const { openSync, fsyncSync, renameSync } = fs;
  const names = new Map();
  const trace = [];
  fs.openSync = (path, ...more) => {
    const descriptor = openSync(path, ...more);
    names.set(descriptor, basename(path));
    return descriptor;
  };
  fs.fsyncSync = descriptor => {
    fsyncSync(descriptor);
    trace.push('fsync ' + names.get(descriptor));
  };
  fs.renameSync = (from, to) => {
    renameSync(from, to);
    trace.push('rename ' + basename(to));
  };
  require('node:module').syncBuiltinESMExports();
  import(workerData).then(() => {
    const post = parentPort.postMessage.bind(parentPort);
    parentPort.postMessage = answer => post({ ...answer, trace });
    post('ready');
  });
`;

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
  const above = [data, join(data, 'blobs'), join(data, 'blobs/raw')];
  const put = async (name: string) => {
    await blobs.put(`raw/a/${name}`, Buffer.from(name));
    return above.filter(path => !flushed.includes(path));
  };
  // The second finds the folder that the first has just made.
  assert.deepEqual(await Promise.all([put('1'), put('2')]), [[], []]);
  flushed.length = 0;
  await blobs.put('raw/a/3', Buffer.from('3'));
  assert.deepEqual(flushed, [], 'once for each folder');
  // A process that was killed may have made the folder and not have flushed its name.
  flushed.length = 0;
  await fileBlobs(join(data, 'blobs')).put('raw/a/4', Buffer.from('4'));
  assert.deepEqual([...flushed].sort(), above);
});

test('the thread flushes each file before it has its name, and their folder before it says so', async () => {
  const made = join(folder, 'thread');
  await fs.mkdir(made);
  const thread = new Worker(TRACED, { eval: true, execArgv: [], workerData: String(THREAD) });
  const [ready] = await once(thread, 'message');
  assert.equal(ready, 'ready');
  const bytes = new TextEncoder().encode('onetwo');
  const file = (name: string, start: number) => ({
    path: join(made, name),
    temporary: join(made, `.tmp-${name}`),
    start,
    end: start + 3,
  });
  thread.postMessage({ bytes: bytes.buffer, files: [file('1', 0), file('nowhere/2', 0), file('3', 3)] });
  const [{ errors, trace }] = await once(thread, 'message');
  await thread.terminate();
  assert.deepEqual(
    errors.map((error: { code: string } | null) => error?.code ?? null),
    [null, 'ENOENT', null],
  );
  assert.deepEqual(trace, ['fsync .tmp-1', 'fsync .tmp-3', 'rename 1', 'rename 3', 'fsync thread']);
  assert.deepEqual((await fs.readdir(made)).sort(), ['1', '3'], 'nothing is left of what failed');
  assert.equal(await fs.readFile(join(made, '3'), 'utf8'), 'two');
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
