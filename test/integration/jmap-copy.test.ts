import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawBlobId } from '../../functions/mime/blob-id.ts';
import { sha256Of } from '../../functions/mime/identity.ts';
import { blobKeys } from '../../functions/store/keys.ts';
import { addEmails, jmapClient, seedAccount, textOf } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

test('an Email is copied to another account, and the original goes if that is wanted', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  await seedAccount(services, 'a2', { protocol: 'pop' });
  await seedAccount(services, 'b1', { userId: 'noor' });
  const [one, two] = await addEmails(services, 'a1', [
    { subject: 'one', keywords: ['$flagged'] },
    { subject: 'two' },
  ]);
  const { call, error, request } = jmapClient(services);
  const copy = { fromAccountId: 'a1', accountId: 'a2' };
  const create = {
    x: { id: one?.emailId, mailboxIds: { inbox: true } },
    y: { id: two?.emailId, mailboxIds: { inbox: true }, keywords: { $seen: true } },
    gone: { id: 'nothing', mailboxIds: { inbox: true } },
    other: { id: two?.emailId, mailboxIds: { inbox: true }, subject: 'x' },
  };
  const { methodResponses } = await request([
    ['Email/copy', { ...copy, create, onSuccessDestroyOriginal: true }, 'c'],
  ]);
  const [[, copied], [name, destroyed, callId]] = methodResponses as [
    [string, Record<string, Record<string, Record<string, unknown>>>],
    [string, Record<string, unknown>, string],
  ];
  assert.deepEqual([name, callId], ['Email/set', 'c']);
  assert.deepEqual(destroyed.destroyed, [one?.emailId, two?.emailId]);
  assert.equal(destroyed.accountId, 'a1');
  assert.deepEqual(Object.keys(copied.created?.x ?? {}).sort(), ['blobId', 'id', 'size', 'threadId']);
  assert.deepEqual(
    [copied.notCreated?.gone?.type, copied.notCreated?.other?.type],
    ['notFound', 'invalidProperties'],
  );
  const ids = [copied.created?.x?.id, copied.created?.y?.id];
  const got = await call('Email/get', { accountId: 'a2', ids, properties: ['subject', 'keywords'] });
  assert.deepEqual(
    got.list.map(({ subject, keywords }) => [subject, keywords]),
    [
      ['one', { $flagged: true }],
      ['two', { $seen: true }],
    ],
  );
  assert.deepEqual((await call('Email/query', { accountId: 'a1' })).ids, []);
  assert.equal(await error('Email/copy', { ...copy, fromAccountId: 'b1', create }), 'fromAccountNotFound');
  assert.equal(await error('Email/copy', { ...copy, accountId: 'a1', create }), 'invalidArguments');
  assert.equal(await error('Email/copy', { ...copy, ifFromInState: '0', create }), 'stateMismatch');
});

test('a message that is uploaded or attached is parsed without being an Email, and so are its parts', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  await seedAccount(services, 'a2');
  const inner = 'Subject: inside\r\nContent-Type: text/html\r\n\r\n<p>hello <b>there</b></p>\r\n';
  const outer = `Subject: outside\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${inner}\r\n--b--\r\n`;
  const [email] = await addEmails(services, 'a1', [{ raw: outer }]);
  const { call, error, http } = jmapClient(services);
  const ids = [email?.emailId];
  const [got] = (await call('Email/get', { accountId: 'a1', ids, properties: ['attachments'] })).list;
  const [attached] = (got?.attachments ?? []) as { blobId: string }[];
  const blobId = String(attached?.blobId);
  const nothing = rawBlobId('0'.repeat(64));
  const odd = Buffer.from('\r\nno header');
  await services.blobs.put(blobKeys.upload('a1', sha256Of(odd)), odd);
  const properties = [
    'id',
    'keywords',
    'blobId',
    'subject',
    'preview',
    'htmlBody',
    'bodyValues',
    'header:subject',
  ];
  const answer = await call('Email/parse', {
    ...{ accountId: 'a1', blobIds: [blobId, nothing, rawBlobId(sha256Of(odd))], properties },
    ...{ fetchHTMLBodyValues: true, bodyProperties: ['partId', 'blobId', 'type'] },
  });
  const parsed = (answer.parsed as Record<string, Record<string, unknown>>)[blobId];
  const { id, keywords, subject, preview } = parsed ?? {};
  assert.deepEqual([id, keywords, subject, preview], [null, null, 'inside', 'hello there']);
  assert.deepEqual(Object.keys(parsed ?? {}), properties);
  assert.deepEqual(answer.notFound, [nothing]);
  assert.deepEqual(answer.notParsable, [rawBlobId(sha256Of(odd))]);
  const [html] = (parsed?.htmlBody ?? []) as { blobId: string }[];
  const download = await http('GET', `/jmap/download/a1/${html?.blobId}/x`);
  assert.equal(textOf(download), '<p>hello <b>there</b></p>\r\n');
  assert.equal(
    await error('Email/parse', { accountId: 'a1', blobIds: [], properties: ['header:From:asDate'] }),
    'invalidArguments',
  );

  const copied = await call('Blob/copy', {
    fromAccountId: 'a1',
    accountId: 'a2',
    blobIds: [blobId, nothing],
  });
  const copy = (copied.copied as Record<string, string>)[blobId];
  assert.equal((copied.notCopied as Record<string, { type: string }>)[nothing]?.type, 'notFound');
  assert.equal(textOf(await http('GET', `/jmap/download/a2/${copy}/x`)).trim(), inner.trim());
});

test('what would fill the memory of a function is refused', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  await seedAccount(services, 'a2');
  const { call, error } = jmapClient(services);
  const put = async (nth: number, chunks: number) => {
    const sha256 = String(nth).padStart(64, '0');
    await services.blobs.putStream(
      blobKeys.upload('a1', sha256),
      (async function* () {
        yield Buffer.from(`Subject: ${nth}\r\n\r\n`);
        for (let i = 0; i < chunks; i++) yield Buffer.alloc(1_000_000, 'all work and no play\r\n');
      })(),
    );
    return rawBlobId(sha256);
  };
  const huge = await put(1, 101);
  const copied = await call('Blob/copy', { fromAccountId: 'a1', accountId: 'a2', blobIds: [huge] });
  assert.equal((copied.notCopied as Record<string, { type: string }>)[huge]?.type, 'tooLarge');
  assert.deepEqual((await call('Email/parse', { accountId: 'a1', blobIds: [huge] })).notParsable, [huge]);
  const emails = { x: { blobId: huge, mailboxIds: { inbox: true } } };
  const imported = await call('Email/import', { accountId: 'a1', emails });
  assert.equal((imported.notCreated as Record<string, { type: string }>).x?.type, 'tooLarge');

  const blobIds: string[] = [];
  for (let nth = 2; nth < 22; nth++) blobIds.push(await put(nth, 4));
  const args = { accountId: 'a1', blobIds, properties: ['bodyValues'], fetchTextBodyValues: true };
  assert.equal(await error('Email/parse', args), 'requestTooLarge');
});
