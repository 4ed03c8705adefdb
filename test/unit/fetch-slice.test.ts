import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Blobs } from '../../functions/services.ts';
import type { MailSource, SourceEntry } from '../../functions/source/source.ts';
import type { PulledMailbox, RunContext } from '../../functions/sync/context.ts';
import { fetchSlice } from '../../functions/sync/pull/fetch.ts';
import { createPuts } from '../../functions/sync/pull/overlap.ts';

const MB = 1024 * 1024;
const mailbox = { id: 'm1', path: 'INBOX' } as PulledMailbox;

/** Spooled messages go to a folder of this test's own. */
const { TMPDIR } = process.env;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailferry-slice-'));
  process.env.TMPDIR = folder;
});
after(async () => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  await rm(folder, { recursive: true });
});

async function* megabytes(count: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i += 1) yield Buffer.alloc(MB, 'x\r\n');
}

/** A slice of large messages that say of themselves that they are small. */
async function fetchLarge(sizes: readonly number[], putFile: Blobs['putFile'], checkLease = () => {}) {
  const entries = sizes.map((_, i): SourceEntry => ({ uid: String(i + 1), size: 1, keywords: [] }));
  const source: Partial<MailSource> = {
    protocol: 'pop',
    async *fetch() {
      for (const [i, size] of sizes.entries()) yield { uid: String(i + 1), chunks: megabytes(size) };
    },
  };
  const run = { source, checkLease, account: { id: 'a1' }, services: { blobs: { putFile } } };
  const slice = await fetchSlice(run as unknown as RunContext, mailbox, 'pop', entries, createPuts());
  await slice.durable;
  return slice;
}

test('a run that has lost its lease leaves no message behind in the temporary folder', async () => {
  const lost = () => {
    throw new Error('lost');
  };
  await assert.rejects(
    fetchLarge([5], async () => {}, lost),
    /lost/,
  );
  assert.deepEqual(await readdir(folder), []);
});

test('however many large messages come under small sizes, the beginnings of few are held', async () => {
  let [now, most] = [0, 0];
  const slice = await fetchLarge([10, 10, 10, 10, 10], async () => {
    now += 1;
    most = Math.max(most, now);
    for (let i = 0; i < 100; i += 1) await turn();
    now -= 1;
  });
  assert.equal(slice.stored.length, 5);
  assert.ok(most <= 2, `${most} at once`);
  assert.deepEqual(await readdir(folder), []);
});

test('a message for which there is no room here breaks the slice for now, and says so', async t => {
  t.after(syncBuiltinESMExports);
  t.mock.method(fs, 'createWriteStream', () => {
    const full = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' });
    return new Writable({ write: (_chunk, _encoding, done) => done(full) });
  });
  syncBuiltinESMExports();
  const slice = await fetchLarge([5, 5], async () => {});
  assert.deepEqual([slice.broken?.code, slice.missing], ['temporary', ['1', '2']]);
  assert.match(slice.broken?.message ?? '', /room/);
});
