import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { getExport, getImport } from '../../functions/store/jobs.ts';
import { largeMbox } from '../support/large-mbox.ts';
import { testServices } from '../support/table.ts';
import { newArchive } from '../support/transfer.ts';

const CHILD = fileURLToPath(new URL('../support/transfer-child.ts', import.meta.url));
const MOST_MEGABYTES = 256;

test('a file of 200 MB is imported, and its mail exported, in little memory', async t => {
  const services = await testServices(t);
  const file = largeMbox();
  const account = await newArchive({
    ...services,
    blobs: {
      ...services.blobs,
      head: async () => ({ size: file.size }),
      get: async (_key, range) => file.read(range?.start ?? 0, range?.end ?? 0),
    },
  });
  const { client, id: accountId } = account;
  const idOf = (made: unknown) => (made as Record<string, { id: string }>).x?.id ?? '';
  const imports = await client.call('MailImport/set', {
    accountId,
    create: { x: { blobId: `r${'0'.repeat(64)}` } },
  });
  const exports = await client.call('MailExport/set', { accountId, create: { x: { type: 'mbox' } } });
  const ids = [idOf(imports.created), idOf(exports.created)] as const;
  const { endpoint } = services.table.client.config;
  const { protocol, hostname, port, path } = (await endpoint?.()) ?? {};
  const args = ['--import', 'tsx', CHILD, `${protocol}//${hostname}:${port}${path}`, accountId, ...ids];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { outcomes, megabytes } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  assert.deepEqual(outcomes, ['done', 'done']);
  assert.equal((await getImport(services.table, accountId, ids[0]))?.progress.imported, file.count);
  assert.equal((await getExport(services.table, accountId, ids[1]))?.exported, file.count);
  assert.ok(megabytes < MOST_MEGABYTES, `${Math.round(megabytes)} MB`);
  t.diagnostic(`${Math.round(megabytes)} MB at most`);
});
