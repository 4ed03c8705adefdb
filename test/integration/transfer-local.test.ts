import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNTS, CORE, type MailExport, type MailImport } from '../../functions/jmap/types.ts';
import { startCloud } from '../../infra/local/cloud.ts';
import { unzip } from '../support/zip.ts';

const FROM = 'From ada@example.org Mon Jan  1 12:00:00 2024\n';
/** Above what goes through a function. */
const LARGE = 6_000_000;
const VERY_LARGE = 70_000_000;

async function touched(path: string): Promise<string> {
  await writeFile(path, '');
  return path;
}

test('on one machine a large mbox is uploaded, imported, exported and downloaded', async t => {
  const data = await mkdtemp(join(tmpdir(), 'mailferry-transfer-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  const cloud = await startCloud({ port: 0, data });
  t.after(() => cloud.stop());
  const headers = { authorization: `Bearer ${cloud.token}` };
  const call = async <T>(name: string, args: object): Promise<T> => {
    const response = await fetch(`${cloud.url}/jmap/api`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ using: [CORE, ACCOUNTS], methodCalls: [[name, args, 'c']] }),
    });
    const [[answered, result]] = ((await response.json()) as { methodResponses: [[string, T]] })
      .methodResponses;
    assert.equal(answered, name, JSON.stringify(result));
    return result;
  };
  type Made<T> = { created: Record<string, T> };
  const ended = async <T extends MailImport | MailExport>(name: string, accountId: string): Promise<T> => {
    for (let tries = 0; tries < 240; tries++) {
      const { list } = await call<{ list: T[] }>(name, { accountId });
      if (list[0]?.endedAt) return list[0];
      await sleep(250);
    }
    throw new Error(`${name} did not end.`);
  };

  const { created } = await call<Made<{ id: string }>>('MailAccount/set', {
    create: { a: { protocol: 'archive' } },
  });
  const accountId = created.a?.id ?? '';
  const body = `${'x'.repeat(76)}\n`.repeat(LARGE / 77);
  const mails = ['one', 'two', 'three'].map(
    subject => `Subject: ${subject}\n\n${subject === 'two' ? body : ''}end\n`,
  );
  const file = Buffer.from(mails.map(mail => `${FROM}${mail}\n`).join(''));

  const place = await call<{ blobId: string; url: string }>('MailImport/upload', {
    accountId,
    size: file.length,
  });
  const tooShort = await fetch(place.url, { method: 'PUT', body: file.subarray(1) });
  assert.equal(tooShort.status, 400, 'it takes what was agreed and nothing else');
  const forged = place.url.replace(/signature=./, 'signature=_');
  assert.equal((await fetch(forged, { method: 'PUT', body: file })).status, 403);
  assert.equal((await fetch(place.url)).status, 403, 'it is for uploads');
  assert.equal((await fetch(place.url, { method: 'PUT', body: file })).status, 200);
  await call('MailImport/set', { accountId, create: { i: { blobId: place.blobId } } });
  const imported = await ended<MailImport>('MailImport/get', accountId);
  assert.deepEqual([imported.status, imported.imported, imported.type], ['done', 3, 'mbox']);

  await call('MailExport/set', { accountId, create: { e: { type: 'zip' } } });
  const exported = await ended<MailExport>('MailExport/get', accountId);
  const [written] = exported.files;
  const answer = await fetch(`${cloud.url}${written?.url}`, { headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(createHash('sha256').update(bytes).digest('hex'), written?.sha256);
  const contents = [...(await unzip(bytes))].flatMap(([name, content]) =>
    name.endsWith('.eml') ? [content.toString()] : [],
  );
  assert.deepEqual(contents.sort(), mails.sort());

  // What is too large to be passed between processes is read from the gateway itself.
  const sha256 = 'a'.repeat(64);
  await truncate(await touched(join(data, 'blobs', 'raw', accountId, `${sha256}.eml`)), VERY_LARGE);
  const at = `${cloud.url}/jmap/download/${accountId}/r${sha256}/large.eml?type=message/rfc822`;
  const large = await fetch(at, { headers });
  assert.equal((await large.arrayBuffer()).byteLength, VERY_LARGE);
  assert.match(large.headers.get('content-disposition') ?? '', /attachment.*large\.eml/);
  const range = `bytes=1-${VERY_LARGE - 1}`;
  assert.equal((await fetch(at, { headers: { ...headers, range } })).status, 206);

  const { list } = await call<{ list: { id: string }[] }>('MailAccount/get', { ids: null });
  assert.deepEqual(
    list.map(({ id }) => id),
    [accountId],
  );
  await scripts(cloud, data, accountId, file);
});

async function scripts(
  cloud: { url: string; data: string },
  folder: string,
  accountId: string,
  file: Buffer,
): Promise<void> {
  const { transfer } = await import('../../infra/local/transfer.ts');
  const lines: string[] = [];
  const io = { url: cloud.url, data: cloud.data, log: (line: string) => void lines.push(line) };
  const path = join(folder, 'mail.mbox');
  await writeFile(path, file);
  await transfer('import', [path, '--account', accountId], io);
  assert.match(lines.at(-1) ?? '', /0 messages were imported.* 3 were here before/);
  await transfer('export', ['--account', accountId, '--type', 'mbox', '--out', join(folder, 'out')], io);
  const out = await unzip(await readFile(join(folder, 'out', 'export-1.zip')));
  assert.deepEqual([...out.keys()].sort(), ['Inbox.mbox', 'manifest.json']);
  assert.equal(
    out.get('Inbox.mbox')?.length,
    file.length - 3 * FROM.length + 3 * 'From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n'.length,
  );
}
