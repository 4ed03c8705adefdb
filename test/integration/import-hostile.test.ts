import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Blobs } from '../../functions/services.ts';
import type { ImportJob } from '../../functions/store/jobs.ts';
import { removeSpooled } from '../../functions/sync/pull/spool.ts';
import { TransferError } from '../../functions/transfer/errors.ts';
import { type ImportEntry, readImport } from '../../functions/transfer/import-file.ts';
import { readZipName } from '../../functions/transfer/zip-names.ts';
import { zipOf } from '../support/zip.ts';

const FROM = 'From ada@example.org Mon Jan  1 12:00:00 2024\n';

/** Only what a reader asks of a store. */
function fileOf(bytes: Buffer): Blobs {
  const get = async (_key: string, range?: { start: number; end: number }) =>
    bytes.subarray(range?.start ?? 0, range?.end ?? bytes.length);
  return { get } as unknown as Blobs;
}

async function readAll(type: ImportJob['type'], bytes: Buffer, from = { entry: 0, offset: 0 }) {
  const file = { blobs: fileOf(bytes), key: 'x', size: bytes.length };
  const entries: ImportEntry[] = [];
  for await (const entry of readImport({ type } as ImportJob, { file, from, forImap: false })) {
    entries.push(entry);
    if (entry.found.kind === 'message' && 'file' in entry.found.message) {
      await removeSpooled(entry.found.message.file);
    }
  }
  return entries;
}

const told = ({ found }: ImportEntry) =>
  found.kind === 'message' && 'raw' in found.message
    ? `${found.mailbox.join('/')} ${found.message.raw.toString('latin1')}`
    : found.kind;

const name = fc.oneof(
  fc.constantFrom(
    'a.eml',
    '../../etc/passwd.eml',
    '/abs.eml',
    'C:\\x\\y.eml',
    'Work/b.mbox',
    'x.txt',
    '.eml',
    'd/',
  ),
  fc.string({ minLength: 1, maxLength: 8 }).map(text => `${text.replace(/[\\/\0]/g, '_')}.eml`),
);
const files = fc.dictionary(
  name,
  fc.constantFrom('Subject: x\n\nx', `${FROM}Subject: y\n\ny\n\n${FROM}z\n`),
  {
    maxKeys: 4,
  },
);
const BEYOND =
  'From ada@example.org Mon Jan  1 12:00:00 2024\nSubject: y\n\ny\n\nFrom ada@example.org Mon Jan  1 12:00:00 2024\nz\n';
const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), { maxLength: 6 });

async function archive(content: Record<string, string>): Promise<Buffer> {
  const allowed = Object.entries(content).filter(
    ([path]) => !/^\/|\\|^[A-Za-z]:|(^|\/)\.\.(\/|$)|\/$/.test(path),
  );
  return zipOf(Object.fromEntries(allowed));
}

test('a zip with any octets changed or cut off ends in messages, failures or one sentence', async () => {
  await fc.assert(
    fc.asyncProperty(files, damage, fc.option(fc.nat()), async (content, changes, end) => {
      const whole = Buffer.from(await archive(content));
      for (const { at, byte } of changes) whole[at % whole.length] = byte;
      const bytes = end === null ? whole : whole.subarray(0, end % (whole.length + 1));
      try {
        const entries = await readAll('zip', bytes);
        for (const { bytes: handled } of entries)
          assert.ok(handled <= bytes.length, 'never more than there is');
      } catch (error) {
        assert.ok(error instanceof TransferError, String(error));
      }
    }),
    // A length in a local header that leads beyond the file.
    { numRuns: 400, examples: [[{ '  .eml': BEYOND }, [{ at: 633579896, byte: 1 }], null]] },
  );
});

test('any octets that are said to be an mbox end in messages and failures', async () => {
  const part = fc.oneof(fc.constantFrom(FROM, '\n', '\r\n', '>From ', 'From '), fc.string());
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), async parts => {
      await readAll('mbox', Buffer.from(parts.join('')));
    }),
    { numRuns: 300 },
  );
});

test('reading goes on at any position as if it had not been interrupted', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.nat(), async (content, nth) => {
      const bytes = await archive(content);
      const whole = await readAll('zip', bytes);
      if (whole.length === 0) return;
      const at = nth % whole.length;
      const rest = await readAll('zip', bytes, whole[at]?.next);
      assert.deepEqual(rest.map(told), whole.slice(at + 1).map(told));
    }),
    { numRuns: 200 },
  );
});

test('names lead nowhere but to mailboxes', () => {
  const names = [
    '../../etc/passwd.eml',
    '/etc/x.eml',
    'C:\\mail\\x.eml',
    './a/../b/x.eml',
    'a\u0000\n/x.eml',
  ];
  assert.deepEqual(
    names.map(path => readZipName(path).mailbox),
    [['etc'], ['etc'], ['C:', 'mail'], ['a', 'b'], ['a']],
  );
  assert.ok(readZipName(`${'x/'.repeat(100)}y.eml`).mailbox.length <= 10, 'not too deep');
  assert.ok(
    Buffer.byteLength(readZipName(`${'ü'.repeat(500)}/y.eml`).mailbox[0] ?? '') <= 200,
    'not too long',
  );
});
