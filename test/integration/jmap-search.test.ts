import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { markedPreview, markedSubject } from '../../functions/jmap/search-snippet.ts';
import { addEmails, jmapClient, seedAccount } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';
import { runs } from '../support/thorough.ts';

const accountId = 'a1';

async function prepared(t: Parameters<typeof testServices>[0]) {
  const services = await testServices(t);
  await seedAccount(services, accountId);
  const emails = await addEmails(services, accountId, [
    {
      raw: letter('Fish & <chips>', 'text/plain', 'The treasure is buried &\r\nforgotten.'),
      keywords: ['$seen'],
    },
    {
      raw: letter(
        'Gold',
        'text/html',
        '<title>x</title><p>Treas<b>ure</b> &amp; gr&uuml;n</p>',
        'Bcc: Eve <eve@example.org>',
      ),
    },
    { raw: letter('Old', 'text/plain', 'nothing of it', 'X-Ship: Marigold') },
  ]);
  const names = new Map(emails.map(({ emailId, subject }) => [emailId, subject]));
  const client = jmapClient(services);
  return {
    ...client,
    services,
    ids: emails.map(({ emailId }) => emailId),
    async subjects(filter: object, more: object = {}) {
      const { ids } = await client.call('Email/query', { accountId, filter, ...more });
      return ids.map(id => names.get(id)).sort();
    },
  };
}

function letter(subject: string, type: string, body: string, header = 'X-None: 1'): string {
  const head = ['From: a@example.org', `Subject: ${subject}`, header, `Content-Type: ${type}; charset=utf-8`];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

test('Email/query looks into messages for what no row tells (RFC 8621 section 4.4.1)', async t => {
  const { subjects, error } = await prepared(t);
  assert.deepEqual(await subjects({ body: 'treasure' }), ['Fish & <chips>', 'Gold']);
  assert.deepEqual(await subjects({ body: '"treasure & grün"' }), ['Gold']);
  assert.deepEqual(await subjects({ body: 'treasure', hasKeyword: '$seen' }), ['Fish & <chips>']);
  assert.deepEqual(await subjects({ operator: 'NOT', conditions: [{ body: 'treasure' }] }), ['Old']);
  const either = { operator: 'OR', conditions: [{ subject: 'old' }, { body: 'grün' }] };
  assert.deepEqual(await subjects(either, { limit: 5, sort: [{ property: 'subject' }] }), ['Gold', 'Old']);
  assert.deepEqual(await subjects({ bcc: 'eve@example.org' }), ['Gold']);
  assert.deepEqual(await subjects({ header: ['x-ship'] }), ['Old']);
  assert.deepEqual(await subjects({ header: ['X-Ship', 'mari'] }), ['Old']);
  assert.deepEqual(await subjects({ header: ['X-Ship', 'rose'] }), []);
  for (const header of [[], ['bad name'], ['a', 'b', 'c']]) {
    assert.equal(await error('Email/query', { accountId, filter: { header } }), 'invalidArguments');
  }
});

test('SearchSnippet/get shows where a search matched (RFC 8621 section 5)', async t => {
  const { call, error, ids } = await prepared(t);
  const [fish, gold, old] = ids;
  const get = (filter: object | null) => call('SearchSnippet/get', { accountId, filter, emailIds: ids });
  const all = await get({ operator: 'OR', conditions: [{ text: 'treasure' }, { subject: 'chip' }] });
  assert.deepEqual(all.list, [
    {
      emailId: fish,
      subject: 'Fish &amp; &lt;<mark>chip</mark>s&gt;',
      preview: 'The <mark>treasure</mark> is buried &amp; forgotten.',
    },
    { emailId: gold, subject: null, preview: '<mark>Treasure</mark> &amp; grün' },
    { emailId: old, subject: null, preview: null },
  ]);
  assert.deepEqual([all.accountId, all.notFound], [accountId, null]);
  const none = { emailId: old, subject: null, preview: null };
  const unsought = { operator: 'NOT', conditions: [{ text: 'old' }] };
  for (const filter of [null, { hasKeyword: '$seen' }, unsought]) {
    assert.deepEqual((await get(filter)).list[2], none);
  }
  const missing = await call('SearchSnippet/get', { accountId, filter: null, emailIds: [old, 'gone'] });
  assert.deepEqual([missing.list, missing.notFound], [[none], ['gone']]);
  const many = Array.from({ length: 101 }, (_, i) => `e${i}`);
  const snippets = 'SearchSnippet/get';
  assert.equal(await error(snippets, { accountId, filter: null, emailIds: many }), 'requestTooLarge');
  assert.equal(
    await error(snippets, { accountId, filter: { mood: 'x' }, emailIds: [] }),
    'unsupportedFilter',
  );
  assert.equal(await error(snippets, { accountId, filter: null }), 'invalidArguments');
});

test('a snippet is the text as HTML, at most 255 octets, whatever the text', () => {
  const words = fc.array(
    fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('boat', 'İ', 'ﬁ', '&<>', '😀')),
  );
  const tokens = fc.array(fc.constantFrom('boat', 'oat', 'fi', '&', 'i', '😀'), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(words, tokens, (parts, sought) => {
      const text = parts.join(' ');
      const preview = markedPreview(text, sought);
      const subject = markedSubject(text, sought);
      assert.equal(preview === null, subject === null);
      if (preview === null || subject === null) return;
      assert.ok(Buffer.byteLength(preview) <= 255, `${Buffer.byteLength(preview)} octets`);
      assert.match(preview, /^(?:[^<>&]|&(?:amp|lt|gt);|<mark>(?:[^<>&]|&(?:amp|lt|gt);)+<\/mark>)*$/u);
      const bare = subject
        .replace(/<\/?mark>/g, '')
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&amp;/g, '&');
      assert.equal(bare, text);
      assert.ok(preview.includes('<mark>'), 'the match is in the preview');
    }),
    { numRuns: runs(300) },
  );
});

test('a search for a book of words takes no longer than one for a hundred', () => {
  const book = Array.from({ length: 300_000 }, (_, i) => `word${i}`);
  const text = 'all work and no play makes Jack a dull boy. '.repeat(20_000);
  const startedAt = performance.now();
  assert.match(markedPreview(text, ['jack', ...book]) ?? '', /<mark>Jack<\/mark>/);
  const milliseconds = performance.now() - startedAt;
  assert.ok(milliseconds < 5_000, `${Math.round(milliseconds)} ms`);
});
