import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { WEBPUSH_VAPID } from '../../functions/jmap/types.ts';
import { deliver } from '../../functions/push/deliver.ts';
import { push } from '../../functions/push/tell.ts';
import { keys } from '../../functions/store/keys.ts';
import { queryAll } from '../../functions/store/table.ts';
import { createHandler } from '../../functions/sync.ts';
import { testAccount } from '../support/accounts.ts';
import { noteReads } from '../support/counted.ts';
import { addEmails, jmapClient, seedAccount, textOf } from '../support/jmap.ts';
import { type PushMessage, pushReceiver, pushService } from '../support/push-service.ts';
import { startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { type TestServices, testServices } from '../support/table.ts';

/** A subscription of one device, verified as its app does it. */
async function subscribed(
  services: TestServices,
  service: Awaited<ReturnType<typeof pushService>>,
  more: Record<string, unknown> = {},
) {
  const receiver = pushReceiver();
  const { call } = jmapClient(services);
  const url = `${service.url}/send/1`;
  const made = (await call('PushSubscription/set', {
    create: { s: { deviceClientId: 'phone', url, keys: receiver.keys, types: null, ...more } },
  })) as unknown as { created: { s: { id: string } } };
  const { id } = made.created.s;
  const { verificationCode } = receiver.read(service.got.shift());
  await call('PushSubscription/set', { update: { [id]: { verificationCode } } });
  return { receiver, id, call };
}

test('a subscription is verified by what is pushed to it, and is told nothing before', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const [email] = await addEmails(services, 'a1', [{}]);
  const service = await pushService(t);
  const receiver = pushReceiver();
  const { call, error, http } = jmapClient(services);
  const seen = { [`${email?.emailId}`]: { 'keywords/$seen': true } };
  const created = await call('PushSubscription/set', {
    create: { s: { deviceClientId: 'phone', url: `${service.url}/send/abc`, keys: receiver.keys } },
  });
  const { s } = created.created as { s: Record<string, unknown> };
  const id = String(s.id);
  assert.deepEqual(
    { ...s, id: '', expires: '' },
    { id: '', types: null, verificationCode: null, expires: '' },
  );
  assert.deepEqual(Object.keys(created).sort(), [
    ...['created', 'destroyed', 'notCreated', 'notDestroyed', 'notUpdated', 'updated'],
  ]);
  const days = (Date.parse(String(s.expires)) - Date.now()) / 86_400_000;
  assert.ok(days > 29 && days <= 30, `${days} days`);

  assert.equal(service.got.length, 1, 'the verification, at once');
  const [first] = service.got;
  assert.equal(first?.path, '/send/abc');
  assert.equal(first?.headers['content-type'], 'application/json');
  assert.equal(first?.headers['content-encoding'], 'aes128gcm');
  assert.ok(Number(first?.headers.ttl) > 0, 'a TTL');
  const verification = receiver.read(first);
  const { verificationCode } = verification;
  assert.deepEqual(verification, { '@type': 'PushVerification', pushSubscriptionId: id, verificationCode });
  assert.ok(String(verificationCode).length >= 32, 'nobody guesses it');

  await call('Email/set', { accountId: 'a1', update: seen });
  assert.equal(service.got.length, 1, 'nothing more before it is verified');
  const wrong = await call('PushSubscription/set', { update: { [id]: { verificationCode: 'x' } } });
  assert.equal((wrong.notUpdated as Record<string, { type: string }>)[id]?.type, 'invalidProperties');
  const got = await call('PushSubscription/get', { ids: [id, 'p0'] });
  assert.deepEqual(got.notFound, ['p0']);
  const known = { id, deviceClientId: 'phone', types: null, expires: s.expires };
  assert.deepEqual(got.list, [{ ...known, verificationCode: null }]);
  assert.equal('state' in got, false);

  await call('PushSubscription/set', { update: { [id]: { verificationCode } } });
  assert.deepEqual((await call('PushSubscription/get', {})).list, [{ ...known, verificationCode }]);
  const unseen = { [`${email?.emailId}`]: { 'keywords/$seen': null } };
  const { newState } = await call('Email/set', { accountId: 'a1', update: unseen });
  const changed = { a1: { Email: newState, Mailbox: newState } };
  assert.deepEqual(receiver.read(service.got[1]), { '@type': 'StateChange', changed });
  assert.match(String(service.got[1]?.headers.topic), /^[A-Za-z0-9_-]{32}$/);

  const session = JSON.parse(textOf(await http('GET', '/.well-known/jmap')));
  const { applicationServerKey } = session.capabilities[WEBPUSH_VAPID];
  checkVapid(service.got[1], applicationServerKey, service.url);

  for (const name of ['url', 'keys']) {
    assert.equal(await error('PushSubscription/get', { ids: null, properties: ['id', name] }), 'forbidden');
  }
  const rows = JSON.stringify(
    await queryAll(services.table, keys.userPartition('mara'), { prefix: 'PUSH#' }),
  );
  assert.doesNotMatch(rows, /send\/abc|127\.0\.0\.1/, 'the address is sealed');
  assert.equal(rows.includes(receiver.keys.auth), false, 'and so are the keys');

  await call('PushSubscription/set', { destroy: [id] });
  assert.deepEqual(await queryAll(services.table, keys.userPartition('mara'), { prefix: 'PUSH#' }), []);
});

/** RFC 8292 sections 2 and 3. */
function checkVapid(message: PushMessage | undefined, key: string, origin: string): void {
  const [, head = '', claims = '', signature = '', k] =
    /^vapid t=([^.]+)\.([^.]+)\.([^,]+), k=(.+)$/.exec(message?.headers.authorization ?? '') ?? [];
  assert.equal(k, key);
  const point = Buffer.from(key, 'base64url');
  assert.equal(point.length, 65);
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const jwk = { kty: 'EC', crv: 'P-256', x, y };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${head}.${claims}`);
  const options = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  assert.equal(verify('sha256', signed, options, Buffer.from(signature, 'base64url')), true);
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  assert.equal(aud, origin);
  assert.match(sub, /^mailto:/);
  assert.ok(exp > Date.now() / 1000 && exp <= Date.now() / 1000 + 86_400, 'at most a day');
}

test('what a subscription may be, and whose it is', async t => {
  const services = await testServices(t);
  const service = await pushService(t);
  const { id, call } = await subscribed(services, service, { types: ['EmailDelivery'] });
  const refused = async (change: Record<string, unknown>) => {
    const object = { deviceClientId: 'd', url: 'https://push.example.org/1', ...change };
    const { notCreated } = await call('PushSubscription/set', { create: { s: object } });
    return (notCreated as { s: { properties: string[] } } | null)?.s.properties;
  };
  const { pusher } = services;
  services.pusher = { ask: async () => {} };
  assert.deepEqual(await refused({ url: 'http://push.example.org/1' }), ['url']);
  assert.deepEqual(await refused({ url: 'https://mara:x@push.example.org/1' }), ['url']);
  assert.deepEqual(await refused({ url: 'https://push.example.org:25/1' }), ['url']);
  assert.deepEqual(await refused({ keys: { p256dh: 'x', auth: 'y' } }), ['keys']);
  assert.deepEqual(await refused({ verificationCode: 'x' }), ['verificationCode']);
  assert.deepEqual(await refused({ expires: '2020-01-01T00:00:00Z' }), ['expires']);
  assert.deepEqual(await refused({ types: [1], more: 1, deviceClientId: '' }), [
    'more',
    'deviceClientId',
    'types',
  ]);
  assert.equal(
    await refused({ keys: null, types: ['Email'] }),
    undefined,
    'without keys nothing is encrypted',
  );

  const update = async (patch: Record<string, unknown>, of = id) => {
    const answer = await call('PushSubscription/set', { update: { [of]: patch } });
    return (answer.updated as Record<string, unknown> | null)?.[of] ?? answer.notUpdated;
  };
  assert.notEqual(await update({ expires: '2126-12-24T00:00:00Z' }), null, 'says what it became');
  assert.deepEqual(
    Object.values((await update({ url: 'https://push.example.org/2' })) as object)[0].properties,
    ['url'],
  );
  const noor = jmapClient(services, 'noor');
  assert.deepEqual((await noor.call('PushSubscription/get', {})).list, []);
  const foreign = await noor.call('PushSubscription/set', {
    update: { [id]: { types: null } },
    destroy: [id],
  });
  const types = (errors: unknown) =>
    Object.values(errors as Record<string, { type: string }>).map(e => e.type);
  assert.deepEqual([types(foreign.notUpdated), types(foreign.notDestroyed)], [['notFound'], ['notFound']]);
  const create = Object.fromEntries(
    Array.from({ length: 25 }, (_, i) => [
      `s${i}`,
      { deviceClientId: 'd', url: 'https://push.example.org/1' },
    ]),
  );
  const many = await call('PushSubscription/set', { create });
  assert.equal(
    types(many.notCreated).every(type => type === 'overQuota'),
    true,
  );
  assert.equal((await call('PushSubscription/get', {})).list.length, 20);
  services.pusher = pusher;
  assert.equal(
    await jmapClient(services).error('PushSubscription/get', { accountId: 'a1' }),
    'invalidArguments',
  );
});

/** A POP account whose server the test can give more mail, and the sync function that pulls it. */
async function popMail(t: TestContext) {
  const mails = [{ uidl: '1', raw: letter('first') }];
  const server = await startScriptedPopServer({ mails });
  t.after(() => server.close());
  let time = Date.now();
  const { services, reads } = noteReads(await testServices(t, { now: () => time }));
  await testAccount(services, 'a1', {
    userId: 'mara',
    protocol: 'pop',
    port: server.port,
    username: 'mara',
    password: 'x',
  });
  const sync = createHandler(services);
  const pull = () => {
    const body = JSON.stringify({ accounts: ['a1'], reason: 'due' });
    return sync({ Records: [{ messageId: '1', body }] } as unknown as Parameters<typeof sync>[0]);
  };
  const later = (ms: number) => {
    time += ms;
  };
  return { services, reads, mails, pull, later, now: () => time };
}

const letter = (subject: string) =>
  Buffer.from(`Date: ${new Date().toUTCString()}\r\nSubject: ${subject}\r\n\r\n${subject}\r\n`);

test('new mail is pushed after a run, told together, and an idle poll asks for nobody’s devices', async t => {
  const { services, reads, mails, pull, later } = await popMail(t);
  await pull();
  const service = await pushService(t);
  const { receiver } = await subscribed(services, service, { types: ['EmailDelivery'] });
  reads.length = 0;
  await pull();
  assert.equal(
    reads.some(key => key.startsWith('PUSH') || key === 'ACCOUNT#'),
    false,
    reads.join(', '),
  );
  assert.equal(service.got.length, 0);

  mails.push({ uidl: '2', raw: letter('second') });
  later(60_000);
  await pull();
  const [message] = service.got;
  const pushed = receiver.read(message);
  const { changed } = pushed as { changed: { a1: Record<string, string> } };
  assert.deepEqual(Object.keys(changed.a1), ['EmailDelivery'], 'only what it wants');
  assert.equal(message?.headers.urgency, 'high');
  const text = JSON.stringify(pushed);
  assert.equal(/second|example/.test(text), false, 'ids and states and nothing else');

  mails.push({ uidl: '3', raw: letter('third') });
  await pull();
  mails.push({ uidl: '4', raw: letter('fourth') });
  await pull();
  assert.equal(service.got.length, 1, 'not again so soon');
  assert.equal(services.delayed.length, 1, 'somebody will tell the rest');
  const [flush] = services.delayed;
  later((flush?.delaySeconds ?? 0) * 1000);
  if (flush) await push(services, flush.request);
  assert.equal(service.got.length, 2);
  const { state } = await jmapClient(services).call('Email/get', { accountId: 'a1', ids: [] });
  const { changed: second } = receiver.read(service.got[1]) as { changed: object };
  assert.deepEqual(second, { a1: { EmailDelivery: state } });
});

test('what a push service answers: gone for good, later, or refused', async t => {
  const { services, mails, pull, later } = await popMail(t);
  const service = await pushService(t);
  await pull();
  const { call, receiver } = await subscribed(services, service);
  const more = async (name: string) => {
    mails.push({ uidl: name, raw: letter(name) });
    await pull();
  };
  service.answers.push({ status: 429, headers: { 'retry-after': '100' } });
  await more('2');
  assert.equal(services.delayed.at(-1)?.delaySeconds, 100);
  later(50_000);
  await more('3');
  assert.equal(service.got.length, 1, 'it waits as long as it was told');
  later(50_000);
  service.answers.push({ status: 503, endless: true });
  const again = async () => {
    const flush = services.delayed.at(-1);
    if (flush) await push(services, flush.request);
  };
  await again();
  assert.equal(service.got.length, 2);
  assert.equal(services.delayed.at(-1)?.delaySeconds, 60, 'backs off');
  later(60_000);
  await again();
  const { changed } = receiver.read(service.got[2]) as { changed: { a1: object } };
  assert.deepEqual(Object.keys(changed.a1).sort(), ['Email', 'EmailDelivery', 'Mailbox', 'Thread']);
  later(3_600_000);
  service.answers.push({ status: 400 });
  await more('4');
  assert.equal((await call('PushSubscription/get', {})).list.length, 1);
  later(3_600_000);
  service.answers.push({ status: 410 });
  await more('5');
  assert.equal(service.got.length, 5);
  assert.deepEqual((await call('PushSubscription/get', {})).list, [], 'a subscription that is no more goes');
});

test('pushes reach no private address but where that is allowed, and follow nobody there', async t => {
  const service = await pushService(t);
  const parts = { headers: {}, body: Buffer.from('x') };
  const url = new URL(`${service.url}/1`);
  assert.deepEqual(await deliver(url, parts, [], Date.now), { outcome: 'refused' });
  assert.deepEqual(await deliver(new URL('https://localhost:1/'), parts, [], Date.now), {
    outcome: 'refused',
  });
  assert.equal(service.got.length, 0);
  service.answers.push({ status: 307, headers: { location: `${service.url}/inside` } });
  assert.deepEqual(await deliver(url, parts, 'all', Date.now), { outcome: 'refused' });
  assert.equal(service.got.length, 1);
});
