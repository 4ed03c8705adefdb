import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createHandler } from '../../functions/api.ts';
import { getAllStates } from '../../functions/store/emails.ts';
import { KEPT_HERE } from '../../functions/store/keys.ts';
import { readLog } from '../../functions/store/log.ts';
import { addEmails, httpEvent, jmapClient, message, seedAccount } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

interface Made {
  id: string;
  blobId: string;
  threadId: string;
  size: number;
}
type Refused = Record<string, { type: string; properties?: string[]; existingId?: string }>;

const shaOf = (raw: Buffer) => createHash('sha256').update(raw).digest('hex');

async function prepared(t: TestContext, protocol: 'imap' | 'pop' = 'imap') {
  const services = await testServices(t);
  await seedAccount(services, 'a1', { protocol });
  const client = jmapClient(services);
  const upload = async (raw: Buffer): Promise<string> => {
    const event = httpEvent('POST', '/jmap/upload/a1/', { body: raw.toString('base64') });
    const answer = await createHandler(services)({ ...event, isBase64Encoded: true });
    return JSON.parse(answer.body ?? '').blobId;
  };
  const load = (emails: object, more: object = {}) =>
    client.call('Email/import', { accountId: 'a1', emails, ...more });
  const refused = async (email: object) => {
    const { type, properties = [] } = ((await load({ x: email })).notCreated as Refused | null)?.x ?? {
      type: 'none',
    };
    return [type, ...properties].join(' ');
  };
  return { services, ...client, upload, load, refused };
}

test('an uploaded message becomes an Email with all that the client says of it', async t => {
  const { services, upload, load, call, request } = await prepared(t);
  const raw = message({ subject: 'imported', replyTo: 'root' });
  const blobId = await upload(raw);
  const answer = await load({
    x: { blobId, mailboxIds: { inbox: true, boat: true }, keywords: { $SEEN: true, ferry: true } },
  });
  const made = (answer.created as Record<string, Made>).x ?? assert.fail('nothing was made');
  assert.deepEqual([answer.oldState, answer.newState, answer.notCreated], ['1', '2', null]);
  assert.deepEqual([made.blobId, made.size], [`r${shaOf(raw)}`, raw.length]);
  const { list } = await call('Email/get', { accountId: 'a1', ids: [made.id] });
  const [email] = list as { mailboxIds: object; keywords: object; subject: string; threadId: string }[];
  assert.deepEqual(email?.mailboxIds, { inbox: true, boat: true });
  assert.deepEqual(email?.keywords, { $seen: true, ferry: true });
  assert.deepEqual([email?.subject, email?.threadId], ['imported', made.threadId]);
  const [commit] = await readLog(services, 'a1', 1);
  assert.deepEqual([commit?.by, commit?.expires, commit?.created[0]?.locations], ['device', undefined, []]);
  assert.equal(commit?.created[0]?.receivedAt, 1_700_000_000_000);
  assert.deepEqual(services.asked, [{ accounts: ['a1'], reason: 'changed' }]);

  const other = await upload(message({ subject: 'other' }));
  const { methodResponses } = await request([
    ['Email/import', { accountId: 'a1', emails: { o: { blobId: other, mailboxIds: { inbox: true } } } }],
    ['Email/set', { accountId: 'a1', update: { '#o': { 'keywords/$flagged': true } } }],
  ]);
  const [, updated = {}] = methodResponses[1] ?? [];
  assert.deepEqual(updated.notUpdated, null);
});

test('what is here already is not imported again, whoever brought it', async t => {
  const { services, upload, load } = await prepared(t);
  const [stored] = await addEmails(services, 'a1', [{ subject: 'stored' }]);
  const blobId = await upload(message({ subject: 'stored' }));
  const twin = await upload(message({ subject: 'twin' }));
  const mailboxIds = { inbox: true };
  const answer = await load({
    s: { blobId, mailboxIds },
    a: { blobId: twin, mailboxIds },
    b: { blobId: twin, mailboxIds },
    m: { blobId: `r${stored?.sha256}`, mailboxIds },
  });
  const made = answer.created as Record<string, Made>;
  assert.deepEqual(Object.keys(made), ['a']);
  const refused = answer.notCreated as Refused;
  assert.deepEqual(
    ['s', 'b', 'm'].map(key => [refused[key]?.type, refused[key]?.existingId]),
    [
      ['alreadyExists', stored?.emailId],
      ['alreadyExists', made.a?.id],
      ['alreadyExists', stored?.emailId],
    ],
  );
});

test('an import is refused where the RFC says so', async t => {
  const { upload, refused, load, error } = await prepared(t);
  const blobId = await upload(message({ subject: 'x' }));
  const mailboxIds = { inbox: true };
  assert.equal(await refused({ mailboxIds }), 'invalidProperties blobId');
  assert.equal(await refused({ blobId: 'r0', mailboxIds }), 'invalidProperties blobId');
  assert.equal(await refused({ blobId: `r${'0'.repeat(64)}`, mailboxIds }), 'invalidProperties blobId');
  assert.equal(await refused({ blobId }), 'invalidProperties mailboxIds');
  assert.equal(await refused({ blobId, mailboxIds: {} }), 'invalidProperties mailboxIds');
  assert.equal(await refused({ blobId, mailboxIds: { inbox: false } }), 'invalidProperties mailboxIds');
  assert.equal(await refused({ blobId, mailboxIds: { work: true } }), 'invalidProperties mailboxIds');
  assert.equal(
    await refused({ blobId, mailboxIds, keywords: { 'a b': true } }),
    'invalidProperties keywords',
  );
  assert.equal(
    await refused({ blobId, mailboxIds, receivedAt: '2026-01-01' }),
    'invalidProperties receivedAt',
  );
  assert.equal(await refused({ blobId, mailboxIds, nonsense: 1 }), 'invalidProperties nonsense');
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, true]));
  assert.equal(await refused({ blobId, mailboxIds, keywords: many }), 'tooManyKeywords');
  for (const octets of ['\x89PNG\r\n\x1a\n\0\0', '', 'just words', 'Subject: x\r\n\r\na\0b']) {
    const other = await upload(Buffer.from(octets, 'latin1'));
    assert.equal(await refused({ blobId: other, mailboxIds }), 'invalidEmail', JSON.stringify(octets));
  }
  assert.equal(await error('Email/import', { accountId: 'a1', emails: {}, ifInState: '0' }), 'stateMismatch');
  assert.equal((await load({})).newState, '1');
});

test('a message without CR is stored as a server will give it back', async t => {
  const { upload, load, services } = await prepared(t);
  const raw = message({ subject: 'bare' });
  const blobId = await upload(Buffer.from(raw.toString().replaceAll('\r\n', '\n')));
  const answer = await load({ x: { blobId, mailboxIds: { inbox: true } } });
  const made = (answer.created as Record<string, Made>).x;
  assert.equal(made?.blobId, `r${shaOf(raw)}`);
  assert.notEqual(made?.blobId, blobId);
  assert.equal((await getAllStates(services.table, 'a1')).size, 1);
});

test('what is imported into a POP account lives here and waits for nobody', async t => {
  const { upload, load, services } = await prepared(t, 'pop');
  const blobId = await upload(Buffer.from('Subject: here\n\nonly\n'));
  const answer = await load({ x: { blobId, mailboxIds: { inbox: true } } });
  assert.equal((answer.created as Record<string, Made>).x?.blobId, blobId);
  const [state] = (await getAllStates(services.table, 'a1')).values();
  assert.deepEqual(state?.locations, [KEPT_HERE]);
  assert.ok((await readLog(services, 'a1', 1))[0]?.expires, 'it expires');
  assert.deepEqual(services.asked, []);
});
