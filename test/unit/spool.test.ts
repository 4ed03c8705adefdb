import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { removeSpooled, spool } from '../../functions/sync/pull/spool.ts';

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test('what a killed run left in the temporary folder goes with the next large message, and nothing else', async t => {
  const { TMPDIR } = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-spool-'));
  process.env.TMPDIR = folder;
  t.after(async () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    await rm(folder, { recursive: true });
  });
  const names = [`mailferry-${randomUUID()}.eml`, `mailferry-${randomUUID()}.eml`, 'mailferry-notes.eml'];
  const [left = '', present = '', foreign = ''] = names;
  for (const name of names) await writeFile(join(folder, name), 'mail');
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  for (const name of [left, foreign]) await utimes(join(folder, name), longAgo, longAgo);
  const spooled = await spool(chunks('Subject: x\r\n', '\r\n', 'y\r\n'));
  assert.equal(spooled.head.toString(), 'Subject: x\r\n\r\ny\r\n');
  assert.deepEqual((await readdir(folder)).sort(), [present, foreign, basename(spooled.path)].sort());
  await removeSpooled(spooled);
  assert.deepEqual((await readdir(folder)).sort(), [present, foreign].sort());
});
