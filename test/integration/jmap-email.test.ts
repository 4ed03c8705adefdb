import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobKeys } from '../../functions/store/keys.ts';
import { commit, readLog } from '../../functions/store/log.ts';
import { addEmails, jmapClient, seedAccount } from '../support/jmap.ts';
import { type TestServices, testServices } from '../support/table.ts';

const accountId = 'a1';

async function prepared(t: Parameters<typeof testServices>[0]) {
  const services = await testServices(t);
  await seedAccount(services, accountId);
  return { services, ...jmapClient(services) };
}

const HTML = [
  'From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>',
  'Bcc: secret@example.org',
  'Subject: Fotos',
  'Message-ID: <fotos@example.org>',
  'List-Post: <mailto:list@example.org>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Gr\u00fc\u00dfe <b>aus Kiel</b></p>',
  '--b',
  'Content-Type: image/png; name=a.png',
  'Content-Disposition: attachment; filename=a.png',
  'Content-Transfer-Encoding: base64',
  '',
  'AAECAwQF',
  '--b--',
  '',
].join('\r\n');

async function ids(services: TestServices, count: number): Promise<string[]> {
  const emails = Array.from({ length: count }, (_, i) => ({
    subject: `m${i}`,
    at: 1000 + i,
    keywords: i % 2 ? ['$seen'] : [],
    mailboxIds: i % 3 ? ['inbox'] : ['boat'],
  }));
  return (await addEmails(services, accountId, emails)).map(summary => summary.emailId);
}

test('Email/get answers row properties, body properties and headers in every form', async t => {
  const { services, call, error } = await prepared(t);
  const [email] = await addEmails(services, accountId, [{ raw: HTML, keywords: ['$flagged'] }]);
  const id = email?.emailId;
  const rows = await call('Email/get', {
    accountId,
    ids: [id, id, 'gone'],
    properties: ['subject', 'keywords'],
  });
  assert.deepEqual(rows.list, [{ id, subject: 'Fotos', keywords: { $flagged: true } }]);
  assert.deepEqual(rows.notFound, ['gone']);
  const byDefault = (await call('Email/get', { accountId, ids: [id] })).list[0] as Record<string, unknown>;
  for (const name of [
    'blobId',
    'threadId',
    'bcc',
    'replyTo',
    'textBody',
    'htmlBody',
    'bodyValues',
    'preview',
  ]) {
    assert.ok(name in byDefault, name);
  }
  assert.deepEqual(byDefault.bcc, [{ name: null, email: 'secret@example.org' }]);
  assert.equal(byDefault.replyTo, null);
  assert.deepEqual(byDefault.bodyValues, {});
  assert.ok(!('bodyStructure' in byDefault));
  const asked = {
    ...{ accountId, ids: [id], fetchHTMLBodyValues: true, maxBodyValueBytes: 9 },
    bodyProperties: ['partId', 'type', 'header:Content-Type'],
    properties: ['htmlBody', 'attachments', 'bodyValues', 'header:LIST-post:asURLs', 'header:From'],
  };
  assert.deepEqual((await call('Email/get', asked)).list, [
    {
      id,
      'header:LIST-post:asURLs': ['mailto:list@example.org'],
      'header:From': ' =?utf-8?q?J=C3=BCrgen?= <j@example.org>',
      htmlBody: [{ partId: '1', type: 'text/html', 'header:Content-Type': ' text/html; charset=utf-8' }],
      attachments: [{ partId: '2', type: 'image/png', 'header:Content-Type': ' image/png; name=a.png' }],
      bodyValues: { 1: { value: '<p>Gr\u00fc\u00df', isTruncated: true, isEncodingProblem: false } },
    },
  ]);
  const invalid = (more: object) => error('Email/get', { accountId, ids: [], ...more });
  assert.equal(await invalid({ properties: ['header:From:asDate'] }), 'invalidArguments');
  assert.equal(await invalid({ bodyProperties: ['nope'] }), 'invalidArguments');
  assert.equal(await invalid({ maxBodyValueBytes: -1 }), 'invalidArguments');
});

test('row properties are served without touching a message', async t => {
  const { services } = await prepared(t);
  const [email] = await addEmails(services, accountId, [{ raw: HTML }]);
  const noBlobs = { ...services.blobs, get: async () => assert.fail('a blob was read') };
  const properties = [
    'id',
    'blobId',
    'threadId',
    'mailboxIds',
    'keywords',
    'size',
    'receivedAt',
    'messageId',
  ];
  properties.push(
    'inReplyTo',
    'references',
    'from',
    'to',
    'cc',
    'subject',
    'sentAt',
    'preview',
    'hasAttachment',
  );
  const { call } = jmapClient({ ...services, blobs: noBlobs });
  const { list } = await call('Email/get', { accountId, ids: [email?.emailId], properties });
  assert.deepEqual(Object.keys(list[0] ?? {}), properties);
});

test('a list too long for its row is answered whole all the same', async t => {
  const { services, call } = await prepared(t);
  const to = Array.from({ length: 120 }, (_, i) => `p${i}@example.org`);
  const [email] = await addEmails(services, accountId, [{ raw: `To: ${to.join(',\r\n ')}\r\n\r\nHi` }]);
  const { list } = await call('Email/get', { accountId, ids: [email?.emailId], properties: ['to'] });
  assert.equal((list[0] as { to: unknown[] }).to.length, 120);
});

test('an answer too large for Lambda has its longest values truncated, and says so', async t => {
  const { services, call } = await prepared(t);
  const long = 'From: a@b\r\n\r\n"\u00e9\n'.concat('"quoted" '.repeat(600_000));
  const summaries = await addEmails(services, accountId, [{ raw: long }, { subject: 'short' }]);
  const answer = await call('Email/get', {
    ...{ accountId, ids: summaries.map(summary => summary.emailId) },
    ...{ properties: ['bodyValues'], fetchTextBodyValues: true },
  });
  const values = (
    answer.list as { bodyValues: Record<string, { value: string; isTruncated: boolean }> }[]
  ).map(email => Object.values(email.bodyValues)[0]);
  assert.equal(values[0]?.isTruncated, true);
  assert.ok((values[0]?.value.length ?? 0) > 2_000_000);
  assert.ok(long.endsWith('"quoted" ') && values[0]?.value.startsWith('"\u00e9\n"quoted"'));
  assert.deepEqual(values[1], { value: 'Body of short.\n', isTruncated: false, isEncodingProblem: false });
});

test('Email/query pages, filters and sorts', async t => {
  const { services, call, error } = await prepared(t);
  const all = await ids(services, 12);
  const newest = [...all].reverse();
  const query = async (args: object) =>
    (await call('Email/query', { accountId, ...args })) as never as {
      ids: string[];
      position: number;
      total?: number;
      limit?: number;
      canCalculateChanges: boolean;
      queryState: string;
    };
  const oldest = [{ property: 'receivedAt' }];
  const first = await query({ limit: 5 });
  assert.deepEqual(first.ids, newest.slice(0, 5));
  assert.deepEqual([first.position, 'total' in first, 'limit' in first], [0, false, false]);
  assert.equal(first.canCalculateChanges, false);
  assert.deepEqual((await query({ sort: oldest })).ids, all);
  assert.equal((await query({})).limit, 5000);
  assert.deepEqual((await query({ position: 3, limit: 2 })).ids, newest.slice(3, 5));
  const fromEnd = await query({ position: -3, limit: 2, calculateTotal: true });
  assert.deepEqual([fromEnd.ids, fromEnd.position, fromEnd.total], [newest.slice(9, 11), 9, 12]);
  assert.equal((await query({ position: -99 })).position, 0);
  assert.deepEqual((await query({ position: 50 })).ids, []);
  assert.deepEqual((await query({ limit: 0, calculateTotal: true })).total, 12);
  const anchored = await query({ anchor: newest[4], anchorOffset: -2, limit: 3 });
  assert.deepEqual([anchored.ids, anchored.position], [newest.slice(2, 5), 2]);
  assert.equal((await query({ anchor: newest[1], anchorOffset: -5 })).position, 0);
  assert.equal(await error('Email/query', { accountId, anchor: 'gone' }), 'anchorNotFound');
  assert.equal(await error('Email/query', { accountId, limit: -1 }), 'invalidArguments');
  assert.equal(await error('Email/query', { accountId, sort: [{ property: 'x' }] }), 'unsupportedSort');
  const collation = [{ property: 'subject', collation: 'x' }];
  assert.equal(await error('Email/query', { accountId, sort: collation }), 'unsupportedSort');
  assert.equal(await error('Email/query', { accountId, filter: { mood: 'x' } }), 'unsupportedFilter');
  assert.equal(await error('Email/query', { accountId, filter: { inMailbox: 3 } }), 'invalidArguments');
  const since = { accountId, sinceQueryState: first.queryState };
  assert.equal(await error('Email/queryChanges', since), 'cannotCalculateChanges');

  const matching = async (filter: object) =>
    (await query({ filter, calculateTotal: true, sort: oldest })).ids;
  const only = (test: (i: number) => boolean) => all.filter((_, i) => test(i));
  const boat = await query({ filter: { inMailbox: 'boat' }, limit: 2, calculateTotal: true });
  assert.deepEqual([boat.ids, boat.total], [[all[9], all[6]], 4]);
  assert.deepEqual(
    await matching({ inMailbox: 'boat' }),
    only(i => i % 3 === 0),
  );
  assert.deepEqual(
    await matching({ inMailboxOtherThan: ['boat'] }),
    only(i => i % 3 !== 0),
  );
  assert.deepEqual(
    await matching({ hasKeyword: '$SEEN' }),
    only(i => i % 2 === 1),
  );
  assert.deepEqual(await matching({ notKeyword: '$seen', inMailbox: 'boat' }), [all[0], all[6]]);
  assert.deepEqual(
    await matching({ after: '1970-01-01T00:16:50Z' }),
    only(i => i >= 10),
  );
  assert.deepEqual(await matching({ before: '1970-01-01T00:16:41Z' }), [all[0]]);
  assert.deepEqual(
    await matching({ subject: 'M1' }),
    only(i => i === 1 || i >= 10),
  );
  assert.deepEqual(await matching({ text: 'ada "m3"' }), [all[3]]);
  assert.deepEqual(await matching({ from: 'nobody' }), []);
  const conditions = [{ inMailbox: 'boat' }, { hasKeyword: '$seen' }];
  assert.deepEqual(await matching({ operator: 'AND', conditions }), [all[3], all[9]]);
  assert.deepEqual(
    await matching({ operator: 'OR', conditions }),
    only(i => i % 3 === 0 || i % 2 === 1),
  );
  assert.deepEqual(
    await matching({ operator: 'NOT', conditions }),
    only(i => i % 3 !== 0 && i % 2 === 0),
  );
  assert.deepEqual(await matching({}), all);
  const bySubject = await query({ sort: [{ property: 'subject' }], limit: 4 });
  assert.deepEqual(bySubject.ids, [all[0], all[1], all[10], all[11]]);
  const unreadFirst = await query({ sort: [{ property: 'hasKeyword', keyword: '$seen' }], limit: 6 });
  assert.deepEqual(unreadFirst.ids, only(i => i % 2 === 0).reverse());
});

test('a list paged by anchors stays true while mail comes and changes', async t => {
  const { services, call } = await prepared(t);
  const all = await ids(services, 6);
  const newest = [...all].reverse();
  const page = (anchor: string | undefined, filter: object = {}) =>
    call('Email/query', { accountId, anchor, anchorOffset: 1, limit: 2, calculateTotal: true, filter });
  const first = await page(newest[0]);
  assert.deepEqual([first.ids, first.position, first.total], [newest.slice(1, 3), 1, 6]);
  await addEmails(services, accountId, [{ subject: 'newer', at: 9_000 }]);
  await call('Email/set', { accountId, update: { [newest[3] ?? '']: { 'keywords/$flagged': true } } });
  const second = await page(newest[2]);
  assert.deepEqual([second.ids, second.position, second.total], [newest.slice(3, 5), 4, 7]);
  const flagged = await page(newest[2], { operator: 'NOT', conditions: [{ hasKeyword: '$flagged' }] });
  assert.deepEqual([flagged.ids, flagged.total], [newest.slice(4, 6), 6]);
  const [gone] = all;
  await commit(services, accountId, async () => {
    const { list } = await call('Email/get', { accountId, ids: [gone], properties: ['threadId'] });
    return { by: 'run', destroyed: [{ id: String(gone), threadId: String(list[0]?.threadId) }] };
  });
  const last = await page(newest[4]);
  assert.deepEqual([last.ids, last.total], [[], 6]);
});

test('Email/query collapses threads, and filters by what a thread has', async t => {
  const { services, call } = await prepared(t);
  const summaries = await addEmails(services, accountId, [
    { subject: 'a', at: 1 },
    { subject: 'b', at: 2 },
    { subject: 're a', at: 3, replyTo: 'a', keywords: ['$flagged'] },
  ]);
  const [a, b, reply] = summaries.map(summary => summary.emailId);
  const found = async (args: object) => (await call('Email/query', { accountId, ...args })).ids;
  assert.deepEqual(await found({ collapseThreads: true }), [reply, b]);
  assert.deepEqual(await found({ collapseThreads: true, sort: [{ property: 'receivedAt' }] }), [a, b]);
  assert.deepEqual(await found({ collapseThreads: true, position: 1, limit: 1 }), [b]);
  const keyword = '$flagged';
  assert.deepEqual(await found({ filter: { someInThreadHaveKeyword: keyword } }), [reply, a]);
  assert.deepEqual(await found({ filter: { allInThreadHaveKeyword: keyword } }), []);
  assert.deepEqual(await found({ filter: { noneInThreadHaveKeyword: keyword } }), [b]);
});

test('a sparse mailbox is found however much other mail there is', async t => {
  const { services, call } = await prepared(t);
  const mail = Array.from({ length: 1_100 }, (_, i) => ({
    subject: `n${i}`,
    at: 10_000 + i,
    mailboxIds: i < 3 ? ['boat'] : ['inbox'],
  }));
  const summaries = [];
  for (let i = 0; i < mail.length; i += 275) {
    summaries.push(...(await addEmails(services, accountId, mail.slice(i, i + 275))));
  }
  const rare = summaries.slice(0, 3).map(summary => summary.emailId);
  const asked = { accountId, filter: { inMailbox: 'boat' }, limit: 2 };
  const { ids: found } = await call('Email/query', asked);
  assert.deepEqual(found, [rare[2], rare[1]]);
  const { list, notFound } = await call('Thread/get', { accountId, ids: [summaries[0]?.threadId, 'gone'] });
  assert.deepEqual([list, notFound], [[{ id: summaries[0]?.threadId, emailIds: [rare[0]] }], ['gone']]);
});

test('Mailbox/get and Mailbox/query show what there is and what may be done', async t => {
  const { services, call, error } = await prepared(t);
  await ids(services, 6);
  const { list, state } = await call('Mailbox/get', { accountId });
  const byId = new Map((list as { id: string; totalEmails: number }[]).map(mailbox => [mailbox.id, mailbox]));
  assert.equal(state, '2');
  assert.equal(byId.get('inbox')?.totalEmails, 4);
  const right = async (id: string) =>
    (
      (await call('Mailbox/get', { accountId, ids: [id], properties: ['myRights'] })).list[0] as {
        myRights: Record<string, boolean>;
      }
    ).myRights;
  assert.deepEqual((await right('inbox')).mayAddItems, true);
  assert.deepEqual((await right('inbox')).mayDelete, false);
  assert.deepEqual((await right('boat')).mayRename, true);
  assert.deepEqual((await right('work')).mayReadItems, false);
  const query = async (args: object) => (await call('Mailbox/query', { accountId, ...args })).ids;
  assert.deepEqual(await query({}), ['inbox', 'boat', 'work', 'trash']);
  assert.deepEqual(await query({ sortAsTree: true }), ['inbox', 'work', 'boat', 'trash']);
  assert.deepEqual(await query({ sort: [{ property: 'name', isAscending: false }] }), [
    ...['work', 'trash', 'inbox', 'boat'],
  ]);
  assert.deepEqual(await query({ filter: { role: 'trash' } }), ['trash']);
  assert.deepEqual(await query({ filter: { hasAnyRole: false } }), ['boat', 'work']);
  assert.deepEqual(await query({ filter: { parentId: 'work' } }), ['boat']);
  assert.deepEqual(await query({ filter: { name: 'BOA' }, filterAsTree: true }), []);
  assert.equal(await error('Mailbox/query', { accountId, filter: { x: 1 } }), 'unsupportedFilter');
});

test('Email/set changes keywords and mailboxes, whole and by patch, in one commit', async t => {
  const { services, call } = await prepared(t);
  const [a = '', b = '', c = ''] = await ids(services, 3);
  const answer = await call('Email/set', {
    accountId,
    update: {
      [a]: {
        'keywords/$seen': true,
        'keywords/Work~1Boat': true,
        'mailboxIds/boat': null,
        'mailboxIds/trash': true,
      },
      [b]: { keywords: { $flagged: true }, mailboxIds: { boat: true } },
      [c]: {},
    },
  });
  assert.deepEqual(answer.updated, { [a]: null, [b]: null, [c]: null });
  assert.deepEqual([answer.oldState, answer.newState], ['2', '3']);
  assert.deepEqual([answer.created, answer.notUpdated, answer.destroyed], [null, null, null]);
  const { list } = await call('Email/get', {
    accountId,
    ids: [a, b],
    properties: ['keywords', 'mailboxIds'],
  });
  assert.deepEqual(list, [
    { id: a, keywords: { $seen: true, 'work/boat': true }, mailboxIds: { trash: true } },
    { id: b, keywords: { $flagged: true }, mailboxIds: { boat: true } },
  ]);
  const { updated } = await call('Email/changes', { accountId, sinceState: '2' });
  assert.deepEqual([...(updated as string[])].sort(), [a, b].sort());
  assert.deepEqual(services.asked, [{ accounts: [accountId], reason: 'changed' }]);
  const again = await call('Email/set', { accountId, update: { [b]: { keywords: { $flagged: true } } } });
  assert.deepEqual([again.oldState, again.newState, again.updated], ['3', '3', { [b]: null }]);
  assert.equal(services.asked.length, 1);
});

test('Email/set refuses what is not valid, each object alone', async t => {
  const { services, call, error } = await prepared(t);
  const [a = '', b = ''] = await ids(services, 2);
  const refusal = async (patch: object, id = a) => {
    const { notUpdated } = await call('Email/set', { accountId, update: { [id]: patch, [b]: {} } });
    const { type, properties } =
      (notUpdated as Record<string, { type: string; properties?: string[] }> | null)?.[id] ?? {};
    return properties ? `${type} ${properties.join()}` : type;
  };
  assert.equal(await refusal({ 'keywords/$seen': true }, 'gone'), 'notFound');
  assert.equal(await refusal({ 'keywords/$seen': false }), 'invalidProperties keywords/$seen');
  assert.equal(await refusal({ 'keywords/a b': true }), 'invalidProperties keywords/a b');
  assert.equal(await refusal({ keywords: { '(': true } }), 'invalidProperties keywords');
  assert.equal(await refusal({ mailboxIds: {} }), 'invalidProperties mailboxIds');
  assert.equal(await refusal({ mailboxIds: null }), 'invalidProperties mailboxIds');
  assert.equal(await refusal({ 'mailboxIds/boat': null }), 'invalidProperties mailboxIds');
  assert.equal(await refusal({ 'mailboxIds/nowhere': true }), 'invalidProperties mailboxIds');
  assert.equal(await refusal({ 'mailboxIds/work': true }), 'invalidProperties mailboxIds');
  assert.equal(await refusal({ 'keywords/a/b': true }), 'invalidPatch');
  assert.equal(await refusal({ keywords: {}, 'keywords/$seen': true }), 'invalidPatch');
  assert.equal(await refusal({ subject: 'other', size: 1 }), 'invalidProperties subject,size');
  assert.equal(await refusal({ nonsense: 1 }), 'invalidProperties nonsense');
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, true]));
  assert.equal(await refusal({ keywords: many }), 'tooManyKeywords');
  const { list } = await call('Email/get', {
    accountId,
    ids: [a],
    properties: ['keywords', 'subject', 'size'],
  });
  assert.equal(await refusal(list[0] ?? {}), undefined);
  assert.deepEqual((list[0] as { keywords: object }).keywords, {});
  const answer = await call('Email/set', { accountId, create: { x: {} }, destroy: ['gone'] });
  assert.equal((answer.notCreated as { x: { type: string } }).x.type, 'invalidProperties');
  const notDestroyed = answer.notDestroyed as Record<string, { type: string }>;
  assert.equal(notDestroyed.gone?.type, 'notFound');
  const stale = { accountId, ifInState: '1', update: { [a]: { 'keywords/$seen': true } } };
  assert.equal(await error('Email/set', stale), 'stateMismatch');
  const current = { ...stale, ifInState: '2' };
  assert.equal((await call('Email/set', current)).newState, '3');
});

test('two devices and a run that change the same Emails at once all land', async t => {
  const { services, call } = await prepared(t);
  const [a = ''] = await ids(services, 1);
  const device = (name: string) =>
    Promise.all(
      [1, 2, 3].map(i =>
        call('Email/set', { accountId, update: { [a]: { [`keywords/${name}${i}`]: true } } }),
      ),
    );
  const run = commit(services, accountId, async () => {
    const { list } = await call('Email/get', { accountId, ids: [a], properties: ['threadId'] });
    const { threadId } = list[0] as { threadId: string };
    return { by: 'run', patched: [{ id: a, threadId, keywords: { $answered: true } }] };
  });
  await Promise.all([device('x'), device('y'), run]);
  const { list } = await call('Email/get', { accountId, ids: [a], properties: ['keywords'] });
  const keywords = Object.keys((list[0] as { keywords: object }).keywords).sort();
  assert.deepEqual(keywords, ['$answered', 'x1', 'x2', 'x3', 'y1', 'y2', 'y3']);
});

test('a device change of an IMAP account is kept until pushed; of a POP account it expires', async t => {
  const { services } = await prepared(t);
  await seedAccount(services, 'p1', { protocol: 'pop' });
  const { call } = jmapClient(services);
  for (const [id, expires] of [
    ['a1', false],
    ['p1', true],
  ] as const) {
    const [email] = await addEmails(services, id, [{ subject: 'x' }]);
    await call('Email/set', {
      accountId: id,
      update: { [email?.emailId ?? '']: { 'keywords/$seen': true } },
    });
    const last = (await readLog(services, id, 2))[0];
    assert.equal(last?.expires !== undefined, expires, id);
    assert.equal(last?.by, 'device');
  }
  assert.deepEqual(services.asked, [{ accounts: ['a1'], reason: 'changed' }]);
});

test('an Email/set of more than one item of the log can hold is refused as a whole', async t => {
  const { services, call, error } = await prepared(t);
  const emails = await addEmails(
    services,
    accountId,
    Array.from({ length: 20 }, (_, i) => ({ subject: `large ${i}` })),
  );
  const long = Array.from({ length: 100 }, (_, i) => `${i}`.padStart(255, 'k'));
  const keywords = Object.fromEntries(long.map(keyword => [keyword, true]));
  const update = Object.fromEntries(emails.map(({ emailId }) => [emailId, { keywords }]));
  assert.equal(await error('Email/set', { accountId, update }), 'requestTooLarge');
  const [one = ''] = Object.keys(update);
  const { updated } = await call('Email/set', { accountId, update: { [one]: { keywords } } });
  assert.deepEqual(updated, { [one]: null });
});

test('what a device destroys is destroyed for all devices at once, and keeps its bytes and where it was', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const [a, b] = await addEmails(services, 'a1', [{ subject: 'a' }, { subject: 'b' }]);
  assert.ok(a && b, 'two Emails');
  const { call } = jmapClient(services);
  const { newState } = await call('Email/set', {
    accountId: 'a1',
    update: { [a.emailId]: { 'keywords/$seen': true }, [b.emailId]: { 'keywords/$seen': true } },
    destroy: [a.emailId],
  });
  const told = await call('Email/changes', { accountId: 'a1', sinceState: '2' });
  assert.deepEqual([told.destroyed, told.updated, told.newState], [[a.emailId], [b.emailId], newState]);
  const { notFound } = await call('Email/get', { accountId: 'a1', ids: [a.emailId] });
  assert.deepEqual(notFound, [a.emailId]);
  const [inbox] = (await call('Mailbox/get', { accountId: 'a1', ids: ['inbox'] })).list;
  assert.deepEqual([inbox?.totalEmails, inbox?.unreadEmails], [1, 0]);
  const [last] = await readLog(services, 'a1', 2);
  const { size, sha256 } = a;
  assert.deepEqual(last?.destroyed, [
    {
      ...{ id: a.emailId, threadId: a.threadId, blob: { sha256, size } },
      locations: [`UID#inbox#1#${sha256.slice(0, 10)}`],
    },
  ]);
  assert.ok(await services.blobs.verify(blobKeys.raw('a1', sha256), sha256, size), 'its bytes stay');
  const again = await call('Email/set', { accountId: 'a1', destroy: [a.emailId] });
  assert.equal((again.notDestroyed as Record<string, { type: string }>)[a.emailId]?.type, 'notFound');
});
