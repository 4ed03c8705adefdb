import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawBlobId } from '../../functions/mime/blob-id.ts';
import { blobKeys } from '../../functions/store/keys.ts';
import { jmapClient, seedAccount } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

type Made = Record<string, { id: string; blobId: string; threadId: string; size: number }>;
type Refused = Record<string, { type: string; properties?: string[]; notFound?: string[] }>;

async function drafts(t: Parameters<typeof testServices>[0]) {
  const services = await testServices(t);
  await seedAccount(services, 'a1', { protocol: 'pop' });
  const client = jmapClient(services);
  const create = async (object: Record<string, unknown>) => {
    const args = { accountId: 'a1', create: { d: { mailboxIds: { inbox: true }, ...object } } };
    const { created, notCreated } = await client.call('Email/set', args);
    return { made: (created as Made | null)?.d, refused: (notCreated as Refused | null)?.d };
  };
  const get = async (id: string | undefined, properties: string[]) => {
    const [email] = (
      await client.call('Email/get', { accountId: 'a1', ids: [id], properties, fetchAllBodyValues: true })
    ).list;
    return email ?? {};
  };
  const raw = async (blobId = '') =>
    Buffer.from((await services.blobs.get(blobKeys.raw('a1', blobId.slice(1)))) ?? []).toString('latin1');
  return { services, client, create, get, raw };
}

test('a draft is written as its properties say, and reads back the same', async t => {
  const { create, get, raw, services } = await drafts(t);
  const long = 'Grüße an alle am Leuchtturm, '.repeat(8).trim();
  const text = `Dear Zoë,\n\n${'a very long line '.repeat(80)}\nFrom here\n.\ntrailing \n=\n`;
  const given = {
    from: [{ name: 'Mara, of the ferry', email: 'mara@example.org' }],
    to: [
      { name: 'Zoë Müller', email: 'zoe@example.org' },
      { name: null, email: 'bo@example.org' },
    ],
    subject: long,
    inReplyTo: ['1@example.org'],
    'header:X-Mood:asText': 'calm',
    'header:Resent-To:asGroupedAddresses': [
      { name: 'Crew', addresses: [{ name: null, email: 'c@example.org' }] },
    ],
    'header:List-Help:asURLs': ['https://example.org/help'],
    sentAt: '2026-03-01T10:00:00+02:00',
  };
  const blob = Buffer.from([0, 1, 2, 255, 13, 10]);
  const png = 'a'.repeat(64);
  await services.blobs.put(blobKeys.upload('a1', png), blob);
  const attachment = {
    blobId: rawBlobId(png),
    type: 'image/png',
    name: 'größe "1".png',
    disposition: 'attachment',
  };
  const { made, refused } = await create({
    ...given,
    keywords: { $draft: true, $seen: true },
    textBody: [{ partId: 't', type: 'text/plain' }],
    htmlBody: [{ partId: 'h', type: 'text/html' }],
    attachments: [attachment, { ...attachment, cid: 'p1', disposition: 'inline', name: null }],
    bodyValues: { t: { value: text }, h: { value: '<p>Grüße</p>' } },
  });
  assert.equal(refused, undefined);
  const names = [...Object.keys(given), 'keywords', 'messageId', 'bodyValues', 'textBody', 'htmlBody'];
  const email = await get(made?.id, [...names, 'attachments', 'bodyStructure', 'size', 'blobId', 'threadId']);
  for (const [name, value] of Object.entries(given)) assert.deepEqual(email[name], value, name);
  assert.deepEqual(email.keywords, { $draft: true, $seen: true });
  assert.match(String(email.messageId), /^[0-9a-f-]{36}@example\.org$/);
  const { id: _, ...told } = { ...made };
  assert.deepEqual(told, { blobId: email.blobId, threadId: email.threadId, size: email.size });
  const values = Object.values(email.bodyValues as Record<string, { value: string }>).map(
    ({ value }) => value,
  );
  assert.deepEqual(values.sort(), [text, '<p>Grüße</p>'].sort());
  const attachments = email.attachments as Record<string, unknown>[];
  assert.deepEqual(
    attachments.map(part => [part.type, part.name, part.cid, part.disposition, part.size]),
    [
      ['image/png', null, 'p1', 'inline', 6],
      ['image/png', 'größe "1".png', null, 'attachment', 6],
    ],
  );
  const message = await raw(made?.blobId);
  assert.equal(/[^\t\r\n -~]/.test(message), false, 'seven bits');
  assert.equal(
    message.split('\r\n').every(line => line.length <= 78 || line.includes('=utf-8')),
    true,
    message,
  );
});

test('a draft may be empty, give its whole structure, and follow in the same request', async t => {
  const { client, create, get, raw } = await drafts(t);
  const empty = await create({});
  const body = await get(empty.made?.id, ['textBody', 'bodyValues', 'sentAt', 'subject', 'to']);
  assert.deepEqual([body.subject, body.to, (body.textBody as unknown[]).length], [null, null, 1]);
  assert.ok(Math.abs(Date.parse(String(body.sentAt)) - Date.now()) < 60_000, 'a Date of now');
  const { made } = await create({
    'header:Subject': ' as it\r\n is',
    'header:X-List:asText:all': ['one', 'two'],
    bodyStructure: {
      type: 'multipart/mixed',
      'header:X-Part': ' 1',
      subParts: [
        {
          partId: '1',
          type: 'text/plain',
          language: ['de'],
          location: 'here',
          'header:X-Deep:asText': 'yes',
        },
        { type: 'multipart/digest', subParts: [] },
      ],
    },
    bodyValues: { 1: { value: 'x', isTruncated: false } },
  });
  const email = await get(made?.id, [
    'subject',
    'header:X-List:asText:all',
    'header:X-Part',
    'bodyStructure',
  ]);
  assert.equal(email.subject, 'as it is');
  assert.deepEqual(email['header:X-List:asText:all'], ['one', 'two']);
  assert.equal(email['header:X-Part'], ' 1');
  assert.match(await raw(made?.blobId), /X-Deep: yes/);
  const { methodResponses } = await client.request([
    ['Email/set', { accountId: 'a1', create: { k: { mailboxIds: { inbox: true }, subject: 'next' } } }],
    ['Email/get', { accountId: 'a1', ids: ['#k'], properties: ['subject'] }],
    ['Email/set', { accountId: 'a1', destroy: ['#k'] }],
  ]);
  const [, got, gone] = methodResponses.map(([, args]) => args) as Record<string, unknown[]>[];
  assert.equal(((got?.list ?? []) as { subject: string }[])[0]?.subject, 'next');
  assert.equal(gone?.destroyed?.length, 1);
});

test('what RFC 8621 section 4.6 forbids is refused, and leaves nothing', async t => {
  const { create, client, services } = await drafts(t);
  const why = async (object: Record<string, unknown>) => {
    const { refused } = await create(object);
    return [refused?.type, ...(refused?.properties ?? refused?.notFound ?? [])].join(' ');
  };
  const value = { bodyValues: { t: { value: 'x' } } };
  assert.equal(await why({ headers: [] }), 'invalidProperties headers');
  assert.equal(await why({ subject: 'a', 'header:Subject': ' b' }), 'invalidProperties header:Subject');
  assert.equal(
    await why({ 'header:From:asDate': '2026-01-01T00:00:00Z' }),
    'invalidProperties header:From:asDate',
  );
  assert.equal(await why({ 'header:Content-Type': ' text/html' }), 'invalidProperties header:Content-Type');
  assert.equal(await why({ 'header:X': ' a\r\nBcc: spy@example.org' }), 'invalidProperties header:X');
  assert.equal(await why({ 'header:X:asText:all': 'a' }), 'invalidProperties header:X:asText:all');
  assert.equal(await why({ from: 'mara' }), 'invalidProperties from');
  assert.equal(await why({ size: 3 }), 'invalidProperties size');
  assert.equal(await why({ mailboxIds: {} }), 'invalidProperties mailboxIds');
  assert.equal(await why({ mailboxIds: { nowhere: true } }), 'invalidProperties mailboxIds');
  const part = { partId: 't' };
  assert.equal(await why({ ...value, bodyStructure: part, textBody: [part] }), 'invalidProperties textBody');
  assert.equal(await why({ ...value, textBody: [part, part] }), 'invalidProperties textBody');
  assert.equal(
    await why({ ...value, htmlBody: [{ ...part, type: 'text/plain' }] }),
    'invalidProperties htmlBody',
  );
  assert.equal(
    await why({ ...value, bodyStructure: { partId: 'u' } }),
    'invalidProperties bodyStructure/partId',
  );
  assert.equal(
    await why({ ...value, bodyStructure: { ...part, charset: 'utf-8' } }),
    'invalidProperties bodyStructure/charset',
  );
  assert.equal(
    await why({ ...value, bodyStructure: { ...part, 'header:Content-Transfer-Encoding': ' 8bit' } }),
    'invalidProperties bodyStructure/header:Content-Transfer-Encoding',
  );
  assert.equal(
    await why({ ...value, 'header:X-A': ' 1', bodyStructure: { ...part, 'header:X-A': ' 2' } }),
    'invalidProperties bodyStructure',
  );
  assert.equal(
    await why({ bodyValues: { t: { value: 'x', isTruncated: true } } }),
    'invalidProperties bodyValues',
  );
  // However often a blob or a text is named: each time it is written once more.
  const blob = rawBlobId('c'.repeat(64));
  await services.blobs.put(blobKeys.upload('a1', 'c'.repeat(64)), new Uint8Array(4_000_000));
  assert.equal(await why({ attachments: Array(6).fill({ blobId: blob, type: 'image/png' }) }), 'tooLarge');
  const long = { bodyValues: { t: { value: 'x'.repeat(1_000_000) } } };
  const many = { type: 'multipart/mixed', subParts: Array(5).fill(part) };
  assert.equal(await why({ ...long, bodyStructure: many }), 'tooLarge');
  const missing = rawBlobId('b'.repeat(64));
  assert.equal(await why({ attachments: [{ blobId: missing }] }), `blobNotFound ${missing}`);
  assert.deepEqual((await client.call('Email/query', { accountId: 'a1' })).ids, []);
});
