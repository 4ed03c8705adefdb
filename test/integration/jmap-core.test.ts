import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ACCOUNTS, CORE, MAIL, WEBPUSH_VAPID } from '../../functions/jmap/types.ts';
import { addEmails, jmapClient, seedAccount, textOf, USING } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

test('the session names the accounts of the user and addresses as the client reached us', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1', { name: 'Home' });
  await seedAccount(services, 'a2', { userId: 'noor' });
  const { http } = jmapClient(services);
  const answer = await http('GET', '/.well-known/jmap', {
    headers: { 'x-forwarded-host': 'localhost:4180', 'x-forwarded-proto': 'http' },
  });
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers?.['cache-control'], 'no-cache, no-store, must-revalidate');
  const session = JSON.parse(textOf(answer));
  assert.deepEqual(Object.keys(session.accounts), ['a1']);
  assert.equal(session.accounts.a1.name, 'Home');
  assert.deepEqual(session.primaryAccounts, { [MAIL]: 'a1' });
  assert.equal(session.username, 'mara');
  assert.equal(session.apiUrl, 'http://localhost:4180/jmap/api');
  for (const variable of ['accountId', 'blobId', 'type', 'name']) {
    assert.ok(session.downloadUrl.includes(`{${variable}}`), variable);
  }
  assert.deepEqual(Object.keys(session.capabilities), [CORE, MAIL, WEBPUSH_VAPID, ACCOUNTS]);
  assert.deepEqual(session.capabilities[MAIL], {});
  const mail = session.accounts.a1.accountCapabilities[MAIL];
  assert.equal(mail.mayCreateTopLevelMailbox, true);
  assert.ok(mail.maxSizeMailboxName >= 100);
  assert.ok(mail.emailQuerySortOptions.includes('receivedAt'));
  const plain = JSON.parse(textOf(await http('GET', '/.well-known/jmap')));
  assert.equal(plain.apiUrl, 'https://mail.example.org/jmap/api');
  const { sessionState } = await jmapClient(services).request([['Core/echo', {}]]);
  assert.equal(sessionState, session.state);
});

test('requests that cannot be processed get the problem of RFC 8620 section 3.6.1', async t => {
  const { post } = jmapClient(await testServices(t));
  const problem = async (body: string, contentType?: string) => {
    const answer = await post(body, contentType);
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.headers?.['content-type'], 'application/problem+json');
    const { type, status, limit } = JSON.parse(textOf(answer));
    assert.equal(status, 400);
    const name = String(type).replace('urn:ietf:params:jmap:error:', '');
    return limit ? `${name} ${limit}` : name;
  };
  const request = (more: object) => JSON.stringify({ using: [CORE], methodCalls: [], ...more });
  assert.equal(await problem('{', 'application/json'), 'notJSON');
  assert.equal(await problem(request({}), 'text/plain'), 'notJSON');
  assert.equal(await problem('{"using":[],"using":[],"methodCalls":[]}'), 'notJSON');
  assert.equal(await problem('{"using":["\\ud800"],"methodCalls":[]}'), 'notJSON');
  assert.equal(await problem(`\ufeff${request({})}`), 'notJSON');
  assert.equal(await problem('[]'), 'notRequest');
  assert.equal(await problem(request({ using: 'x' })), 'notRequest');
  assert.equal(await problem(request({ methodCalls: [['Core/echo', {}]] })), 'notRequest');
  assert.equal(await problem(request({ methodCalls: [['Core/echo', [], 'c']] })), 'notRequest');
  assert.equal(await problem(request({ using: [CORE, 'urn:x'] })), 'unknownCapability');
  const calls = Array.from({ length: 65 }, (_, i) => ['Core/echo', {}, `c${i}`]);
  assert.equal(await problem(request({ methodCalls: calls })), 'limit maxCallsInRequest');
  const large = JSON.stringify({ using: [CORE], methodCalls: [['Core/echo', { x: 'x'.repeat(4e6) }, 'c']] });
  assert.equal(await problem(large), 'limit maxSizeRequest');
});

test('a request may carry a charset, strings that look like JSON, and members it does not know', async t => {
  const { post } = jmapClient(await testServices(t));
  const args = { text: 'a"b,{"a":1,"a":2}', list: [{ a: 1 }, { a: 2 }], nested: { a: { a: 1 } } };
  const body = { using: [CORE], methodCalls: [['Core/echo', args, 'c']], extra: true };
  const answer = await post(JSON.stringify(body), 'application/json; charset=utf-8');
  assert.deepEqual(JSON.parse(textOf(answer)).methodResponses, [['Core/echo', args, 'c']]);
});

test('errors of a method leave the other calls alone', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  await seedAccount(services, 'a2', { userId: 'noor' });
  const { request, error } = jmapClient(services);
  const { methodResponses } = await request([
    ['Core/echo', { a: 1 }],
    ['Email/nonsense', {}],
    ['Core/echo', { b: 2 }],
  ]);
  assert.deepEqual(
    methodResponses.map(([name, args, id]) => [name, name === 'error' ? args.type : args, id]),
    [
      ['Core/echo', { a: 1 }, 'c0'],
      ['error', 'unknownMethod', 'c1'],
      ['Core/echo', { b: 2 }, 'c2'],
    ],
  );
  assert.equal(await error('Mailbox/get', {}), 'invalidArguments');
  assert.equal(await error('Mailbox/get', { accountId: 'a1', ids: 'inbox' }), 'invalidArguments');
  assert.equal(await error('Mailbox/get', { accountId: 'a1', idz: null }), 'invalidArguments');
  assert.equal(await error('Mailbox/get', { accountId: 'a1', properties: ['nope'] }), 'invalidArguments');
  assert.equal(await error('Mailbox/get', { accountId: 'nowhere' }), 'accountNotFound');
  assert.equal(await error('Mailbox/get', { accountId: 'a2' }), 'accountNotFound');
  assert.equal(await error('Email/set', { accountId: 'a2', update: {} }), 'accountNotFound');
  const tooMany = Array.from({ length: 501 }, (_, i) => `e${i}`);
  assert.equal(await error('Email/get', { accountId: 'a1', ids: tooMany }), 'requestTooLarge');
  assert.equal(await error('Email/set', { accountId: 'a1', destroy: tooMany }), 'requestTooLarge');
  assert.equal(await error('Email/changes', { accountId: 'a1', sinceState: 'x' }), 'cannotCalculateChanges');
  assert.equal(await error('Email/changes', { accountId: 'a1', sinceState: '99' }), 'cannotCalculateChanges');
  const zero = { accountId: 'a1', sinceState: '1', maxChanges: 0 };
  assert.equal(await error('Email/changes', zero), 'invalidArguments');
});

test('a method is unknown unless its capability is in use', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const { post } = jmapClient(services);
  const body = { using: [CORE], methodCalls: [['Mailbox/get', { accountId: 'a1' }, 'c']] };
  const { methodResponses } = JSON.parse(textOf(await post(JSON.stringify(body))));
  assert.equal(methodResponses[0][1].type, 'unknownMethod');
});

test('what breaks inside is serverFail without its words, and the other calls go on', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const [email] = await addEmails(services, 'a1', [{ subject: 'one' }]);
  const broken = { ...services.blobs, get: async () => Promise.reject(new Error('secret inside')) };
  const { request, http } = jmapClient({ ...services, blobs: broken });
  const { methodResponses } = await request([
    ['Email/get', { accountId: 'a1', ids: [email?.emailId], properties: ['textBody'] }],
    ['Email/get', { accountId: 'a1', ids: [email?.emailId], properties: ['subject'] }],
  ]);
  assert.equal(methodResponses[0]?.[1].type, 'serverFail');
  assert.ok(!JSON.stringify(methodResponses).includes('secret'));
  assert.equal(methodResponses[1]?.[0], 'Email/get');
  const answer = await http('GET', `/jmap/download/a1/p${email?.sha256}-1/x`);
  assert.equal(answer.statusCode, 500);
  assert.ok(!textOf(answer).includes('secret'));
});

test('result references: pointers, *, and every way to fail', async t => {
  const { request } = jmapClient(await testServices(t));
  const first = { list: [{ ids: ['a', 'b'] }, { ids: ['c'] }], 'a/b': 1, nested: [[1], [2, [3]]] };
  const reference = async (path: string, more: object = {}) => {
    const ref = { resultOf: 'c0', name: 'Core/echo', path, ...more };
    const { methodResponses } = await request([
      ['Core/echo', first],
      ['Core/echo', { '#got': ref }],
    ]);
    const answer = methodResponses[1];
    return answer?.[0] === 'error' ? answer[1].type : answer?.[1].got;
  };
  assert.deepEqual(await reference('/list/*/ids'), ['a', 'b', 'c']);
  assert.deepEqual(await reference('/list/1/ids/0'), 'c');
  assert.deepEqual(await reference('/a~1b'), 1);
  assert.deepEqual(await reference(''), first);
  assert.deepEqual(await reference('/nested/*'), [1, 2, [3]]);
  const failed = 'invalidResultReference';
  assert.equal(await reference('/nothing'), failed);
  assert.equal(await reference('/list/01'), failed);
  assert.equal(await reference('/list/*/nothing'), failed);
  assert.equal(await reference('list'), failed);
  assert.equal(await reference('/list', { name: 'Email/get' }), failed);
  assert.equal(await reference('/list', { resultOf: 'c1' }), failed);
  assert.equal(await reference('/__proto__'), failed);
  const { methodResponses } = await request([
    ['Core/echo', first],
    ['Core/echo', { got: 1, '#got': { resultOf: 'c0', name: 'Core/echo', path: '' } }],
  ]);
  assert.equal(methodResponses[1]?.[1].type, 'invalidArguments');
});

test('the first threads of the inbox in one request, as RFC 8620 section 3.7 shows it', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  await addEmails(services, 'a1', [
    { subject: 'boats', at: 100 },
    { subject: 'oars', at: 200 },
    { subject: 're boats', at: 300, replyTo: 'boats' },
  ]);
  const ref = (resultOf: string, name: string, path: string) => ({ resultOf, name, path });
  const { methodResponses } = await jmapClient(services).request([
    [
      'Email/query',
      {
        accountId: 'a1',
        filter: { inMailbox: 'inbox' },
        sort: [{ property: 'receivedAt', isAscending: false }],
        ...{ collapseThreads: true, position: 0, limit: 10, calculateTotal: true },
      },
    ],
    ['Email/get', { accountId: 'a1', '#ids': ref('c0', 'Email/query', '/ids'), properties: ['threadId'] }],
    ['Thread/get', { accountId: 'a1', '#ids': ref('c1', 'Email/get', '/list/*/threadId') }],
    [
      'Email/get',
      {
        accountId: 'a1',
        '#ids': ref('c2', 'Thread/get', '/list/*/emailIds'),
        properties: ['subject', 'receivedAt', 'from'],
      },
    ],
  ]);
  const list = methodResponses[3]?.[1].list as { subject: string; receivedAt: string }[];
  assert.deepEqual(
    list.map(email => email.subject),
    ['boats', 're boats', 'oars'],
  );
  assert.equal(list[0]?.receivedAt, '1970-01-01T00:01:40Z');
  assert.equal(methodResponses[0]?.[1].total, 2);
});

test('creation ids are mapped within a request and passed out when passed in', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const { request } = jmapClient(services);
  const call = ['Mailbox/get', { accountId: '#acc', ids: ['#box', '#other'] }] as const;
  const known = await request([[...call]], { createdIds: { acc: 'a1', box: 'inbox' } });
  assert.equal(JSON.stringify(known.methodResponses).match(/"myRights"/g)?.length, 1);
  assert.deepEqual(known.methodResponses[0]?.[1].notFound, ['#other']);
  assert.deepEqual(known.createdIds, { acc: 'a1', box: 'inbox' });
  const unknown = await request([[...call]]);
  assert.equal(unknown.methodResponses[0]?.[1].type, 'accountNotFound');
  assert.ok(!('createdIds' in unknown));
});

test('an answer that Lambda could not carry is refused, call by call', async t => {
  const { request } = jmapClient(await testServices(t));
  const whole = { resultOf: 'c0', name: 'Core/echo', path: '/text' };
  const { methodResponses } = await request([
    ['Core/echo', { text: 'x'.repeat(2e6) }],
    ['Core/echo', { '#a': whole }],
    ['Core/echo', { '#a': whole, '#b': whole }],
    ['Core/echo', { small: true }],
  ]);
  assert.deepEqual(
    methodResponses.map(([name, args]) => (name === 'error' ? args.type : name)),
    ['Core/echo', 'Core/echo', 'requestTooLarge', 'Core/echo'],
  );
});

test('other addresses and methods get problem details', async t => {
  const { http } = jmapClient(await testServices(t));
  const cases: [string, string, number][] = [
    ['GET', '/nothing', 404],
    ['POST', '/.well-known/jmap', 405],
    ['GET', '/jmap/api', 405],
    ['DELETE', '/jmap/download/a/b/c', 405],
    ['GET', '/jmap/upload/a1/', 405],
    ['POST', '/jmap/upload/a1/', 404],
    ['GET', '/jmap/eventsource/', 501],
  ];
  for (const [method, path, status] of cases) {
    const answer = await http(method, path);
    assert.equal(answer.statusCode, status, `${method} ${path}`);
    assert.equal(JSON.parse(textOf(answer)).status, status);
    if (status === 405) assert.ok(answer.headers?.allow);
  }
  assert.equal((await http('GET', '/.well-known/jmap', { user: '' })).statusCode, 401);
});

test('a long answer is compressed as the client takes it, and a short one is not', async t => {
  const { http } = jmapClient(await testServices(t));
  const ask = (text: string, accept: string) => {
    const body = JSON.stringify({ using: USING, methodCalls: [['Core/echo', { text }, 'c']] });
    const headers = { 'content-type': 'application/json', 'accept-encoding': accept };
    return http('POST', '/jmap/api', { body, headers });
  };
  const long = 'Ä long letter. '.repeat(1_000);
  const bytes = ({ body }: { body?: string | undefined }) => Buffer.from(body ?? '', 'base64');
  for (const [accept, encoding, decompress] of [
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip;q=1.0, br;q=0', 'gzip', gunzipSync],
  ] as const) {
    const answer = await ask(long, accept);
    assert.equal(answer.headers?.['content-encoding'], encoding);
    assert.ok(bytes(answer).length < 500, `${bytes(answer).length} octets`);
    const { methodResponses } = JSON.parse(decompress(bytes(answer)).toString());
    assert.deepEqual(methodResponses, [['Core/echo', { text: long }, 'c']]);
  }
  for (const [text, accept] of [
    [long, 'identity'],
    [long, '*'],
    ['short', 'br'],
  ] as const) {
    const answer = await ask(text, accept);
    assert.equal(answer.headers?.['content-encoding'], undefined);
    assert.match(answer.body ?? '', /Core\/echo/);
  }
});
