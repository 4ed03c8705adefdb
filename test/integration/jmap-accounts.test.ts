import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailferryError } from '../../functions/errors.ts';
import type { MailAccount } from '../../functions/jmap/types.ts';
import type { SourceTestRequest } from '../../functions/services.ts';
import { SourceError } from '../../functions/source/errors.ts';
import { getSourceAccount } from '../../functions/store/accounts.ts';
import { getDue, putDue } from '../../functions/store/due.ts';
import { getHealth, newHealth, putHealth, renewLease } from '../../functions/store/health.ts';
import { keys } from '../../functions/store/keys.ts';
import { commit } from '../../functions/store/log.ts';
import { queryAll } from '../../functions/store/table.ts';
import { open } from '../../functions/store/vault.ts';
import { runAccount } from '../../functions/sync/run.ts';
import { initialDue } from '../../functions/sync/schedule.ts';
import { addEmails, jmapClient, seedAccount } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

const SETTINGS = {
  ...{ protocol: 'imap', address: 'mara@example.org', host: 'IMAP.example.org' },
  ...{ security: 'tls', password: 'correct horse' },
};
type SetErrors = Record<string, { type: string; description: string; properties?: string[] }>;

async function prepared(t: Parameters<typeof testServices>[0]) {
  const services = await testServices(t);
  const client = jmapClient(services);
  const create = async (more: object = {}) => {
    const { created } = await client.call('MailAccount/set', { create: { k: { ...SETTINGS, ...more } } });
    return (created as Record<string, MailAccount>).k as MailAccount;
  };
  const get = async (id: string) =>
    (await client.call('MailAccount/get', { ids: [id] })).list[0] as unknown as MailAccount;
  return { services, ...client, create, get };
}

test('an account is created with defaults, sealed, due and asked for; the password is never answered', async t => {
  const { services, request, create, get, http } = await prepared(t);
  const made = await create();
  assert.match(made.id, /^a[0-9a-v]{20}$/);
  assert.deepEqual(
    [made.name, made.username, made.port, made.deletionPolicy, made.host, made.status.phase],
    ['mara@example.org', 'mara@example.org', 993, 'keep', 'imap.example.org', 'new'],
  );
  assert.ok(!Object.keys(made).includes('protocol'), 'what the client sent is not repeated');
  assert.deepEqual(services.asked, [{ accounts: [made.id], reason: 'changed' }]);
  assert.ok(await getDue(services.table, made.id));
  const account = await getSourceAccount(services.table, made.id);
  assert.equal(await open(services, made.id, account?.sealedPassword ?? ''), 'correct horse');
  const rows = JSON.stringify(await queryAll(services.table, keys.partition(made.id), {}));
  assert.ok(!rows.includes('horse'));
  const shown = await get(made.id);
  assert.deepEqual(Object.keys(shown), [
    ...[
      'id',
      'name',
      'protocol',
      'address',
      'host',
      'port',
      'security',
      'username',
      'authentication',
      'oauthProvider',
      'deletionPolicy',
      'deletionDays',
      'deletionFrozen',
      'paused',
      'receipts',
      'status',
    ],
  ]);
  assert.ok(shown.status.nextPullAt);
  const session = await http('GET', '/.well-known/jmap');
  assert.ok(session.body?.includes(made.id));
  const { methodResponses } = await request([
    ['MailAccount/set', { create: { second: SETTINGS } }],
    ['Mailbox/get', { accountId: '#second' }],
    ['MailAccount/get', { ids: ['#second'], properties: ['password'] }],
  ]);
  assert.deepEqual(
    methodResponses.map(([name]) => name),
    ['MailAccount/set', 'Mailbox/get', 'error'],
  );
});

test('settings that are not valid are refused with the properties and a sentence', async t => {
  const { call, services } = await prepared(t);
  const refusal = async (more: object) => {
    const { notCreated } = await call('MailAccount/set', { create: { k: { ...SETTINGS, ...more } } });
    const error = (notCreated as SetErrors | null)?.k;
    assert.match(error?.description ?? '', /^[A-Z].*\.$/);
    return `${error?.type} ${error?.properties?.join()}`;
  };
  assert.equal(await refusal({ host: 'a b' }), 'invalidProperties host');
  assert.equal(await refusal({ host: 'x\r\ny' }), 'invalidProperties host');
  assert.equal(await refusal({ port: 70_000 }), 'invalidProperties port');
  assert.equal(await refusal({ protocol: 'smtp', security: 'ssl' }), 'invalidProperties protocol,security');
  assert.equal(await refusal({ deletionPolicy: 'delete' }), 'invalidProperties deletionPolicy');
  assert.equal(await refusal({ deletionPolicy: 'afterDays' }), 'invalidProperties deletionDays');
  assert.equal(
    await refusal({ deletionPolicy: 'afterDays', deletionDays: 0 }),
    'invalidProperties deletionDays',
  );
  assert.equal(
    await refusal({ deletionPolicy: 'afterDays', deletionDays: 3651 }),
    'invalidProperties deletionDays',
  );
  assert.equal(await refusal({ deletionDays: 3 }), 'invalidProperties deletionDays');
  assert.equal(await refusal({ password: 'a\r\nQUIT' }), 'invalidProperties password');
  assert.equal(await refusal({ username: 'a\0' }), 'invalidProperties username');
  assert.equal(await refusal({ address: 'nobody' }), 'invalidProperties address');
  assert.equal(await refusal({ id: 'a1' }), 'invalidProperties id');
  assert.equal(await refusal({ host: undefined }), 'invalidProperties host');
  assert.equal(services.asked.length, 0);
});

test('an update changes what it names, and starts afresh when the connection changes', async t => {
  const { services, call, create, get, error } = await prepared(t);
  const { id } = await create();
  const status = { ...newHealth, phase: 'stopped' as const, code: 'authentication', failures: 3 };
  await putHealth(services.table, id, status);
  const update = async (patch: object) => call('MailAccount/set', { update: { [id]: patch } });
  services.asked.length = 0;
  assert.deepEqual((await update({ name: 'Home' })).updated, { [id]: null });
  assert.equal((await getHealth(services.table, id)).phase, 'stopped');
  assert.equal(services.asked.length, 0);
  const { updated } = await update({ password: 'new one', name: null });
  assert.equal((updated as Record<string, MailAccount>)[id]?.status.phase, 'new');
  assert.deepEqual((updated as Record<string, MailAccount>)[id]?.name, 'mara@example.org');
  assert.equal((await getHealth(services.table, id)).failures, 0);
  assert.equal(services.asked.length, 1);
  const account = await getSourceAccount(services.table, id);
  assert.equal(await open(services, id, account?.sealedPassword ?? ''), 'new one');
  const refusal = async (patch: object, key = id) => {
    const { notUpdated } = await call('MailAccount/set', { update: { [key]: patch } });
    const refused = (notUpdated as SetErrors | null)?.[key];
    return refused && `${refused.type} ${refused.properties?.join() ?? ''}`;
  };
  assert.equal(await refusal({ host: 'evil.example.net' }), 'invalidProperties password');
  assert.equal(await refusal({ host: 'other.example.org', password: 'again' }), undefined);
  assert.equal(await refusal({ security: 'none' }), 'invalidProperties password');
  assert.equal(await refusal({ protocol: 'pop' }), 'invalidProperties protocol');
  assert.equal(await refusal({ status: {} }), 'invalidProperties status');
  assert.equal(await refusal({ 'name/x': 1 }), 'invalidPatch ');
  assert.equal(await refusal({ name: 'x' }, 'gone'), 'notFound ');
  const whole = await get(id);
  assert.equal(await refusal({ ...whole, name: 'Whole' }), undefined);
  assert.equal((await get(id)).name, 'Whole');
  assert.equal(await error('MailAccount/set', { ifInState: 'x', update: {} }), 'stateMismatch');
});

test('a destroyed account is gone at once and left to a run to erase', async t => {
  const { services, call, create, error } = await prepared(t);
  const { id } = await create();
  services.asked.length = 0;
  const { destroyed, notDestroyed } = await call('MailAccount/set', { destroy: [id, 'gone'] });
  assert.deepEqual(destroyed, [id]);
  assert.equal((notDestroyed as SetErrors).gone?.type, 'notFound');
  assert.equal((await getSourceAccount(services.table, id))?.erasing, true);
  assert.deepEqual(services.asked, [{ accounts: [id], reason: 'changed' }]);
  assert.deepEqual((await call('MailAccount/get', {})).list, []);
  assert.equal(await error('Mailbox/get', { accountId: id }), 'accountNotFound');
});

test("another user's account can be neither seen, changed, pulled, tried nor removed", async t => {
  const { services, call, error } = await prepared(t);
  await seedAccount(services, 'b1', { userId: 'noor' });
  assert.deepEqual((await call('MailAccount/get', { ids: ['b1'] })).notFound, ['b1']);
  const answer = await call('MailAccount/set', { update: { b1: { name: 'x' } }, destroy: ['b1'] });
  assert.equal((answer.notUpdated as SetErrors).b1?.type, 'notFound');
  assert.equal((answer.notDestroyed as SetErrors).b1?.type, 'notFound');
  const synced = await call('MailAccount/sync', { ids: ['b1'] });
  assert.deepEqual([synced.queued, synced.notFound], [[], ['b1']]);
  assert.equal(await error('MailAccount/test', { id: 'b1' }), 'invalidArguments');
  assert.equal(services.asked.length, 0);
  assert.equal((await getSourceAccount(services.table, 'b1'))?.name, 'b1');
});

test('sync queues a pull of the accounts named, or of all', async t => {
  const { services, call } = await prepared(t);
  await seedAccount(services, 'a1', { createdAt: 1 });
  await seedAccount(services, 'a2', { createdAt: 2 });
  assert.deepEqual((await call('MailAccount/sync', { ids: null })).queued, ['a1', 'a2']);
  assert.deepEqual((await call('MailAccount/sync', { ids: ['a2'] })).queued, ['a2']);
  assert.deepEqual(
    services.asked.map(request => request.accounts),
    [['a1'], ['a2'], ['a2']],
  );
});

test('a paused account is not pulled, by nobody and for nothing, until it is resumed', async t => {
  const { services, call, create, get } = await prepared(t);
  const { id } = await create();
  const set = (patch: object) => call('MailAccount/set', { update: { [id]: patch } });
  const due = async () => (await getDue(services.table, id)) !== null;
  const opened: string[] = [];
  const open = async () => {
    opened.push(id);
    throw new SourceError('unreachable', 'The server cannot be reached.');
  };
  const run = (reason: 'asked' | 'due') =>
    runAccount(services, id, { deadline: services.now() + 1_000, reason, open });
  const leased = { leaseOwner: 'r', leaseUntil: services.now() + 20_000 };
  await putHealth(services.table, id, { ...newHealth, phase: 'pulling', ...leased });
  services.asked.length = 0;
  const { updated } = await set({ paused: true });
  const told = (updated as Record<string, MailAccount>)[id]?.status;
  assert.deepEqual([told?.phase, told?.nextPullAt], ['paused', null]);
  assert.match(told?.message ?? '', /^Paused/);
  const until = { owner: 'r', until: services.now() + 20_000, fetched: { day: 1, bytes: 0 } };
  assert.equal(await renewLease(services.table, id, until), false, 'the run that was at work ends');
  assert.deepEqual([(await get(id)).paused, await due(), services.asked.length], [true, false, 0]);
  assert.deepEqual((await call('MailAccount/sync', { ids: null })).queued, []);
  await set({ host: 'other.example.org', password: 'again' });
  assert.deepEqual([await due(), services.asked.length], [false, 0]);
  await putDue(services.table, id, initialDue());
  assert.deepEqual([await run('due'), await run('asked'), opened], ['idle', 'idle', []]);
  assert.equal(await due(), false, 'what a last run has put back goes');

  const whole = await get(id);
  await set({ ...whole, name: 'Sent back whole' });
  assert.equal((await get(id)).status.phase, 'paused');
  await set({ paused: null });
  assert.deepEqual([(await get(id)).status.phase, await due()], ['new', true]);
  assert.deepEqual(services.asked, [{ accounts: [id], reason: 'changed' }]);
  assert.equal(await run('due'), 'failed');
  assert.equal(opened.length, 1);
  await putHealth(services.table, id, { ...newHealth, phase: 'stopped', code: 'authentication' });
  await set({ paused: true });
  await set({ paused: false });
  assert.equal((await get(id)).status.phase, 'stopped', 'a refused password is not tried again');
});

test('an account made paused waits; an archive cannot be paused', async t => {
  const { services, call, create } = await prepared(t);
  const { id, status } = await create({ paused: true });
  assert.deepEqual([status.phase, await getDue(services.table, id), services.asked], ['paused', null, []]);
  const archive = { protocol: 'archive', name: 'Old mail' };
  const { created } = await call('MailAccount/set', { create: { k: { ...archive, paused: false } } });
  const archiveId = (created as Record<string, MailAccount>).k?.id ?? '';
  const { notUpdated } = await call('MailAccount/set', { update: { [archiveId]: { paused: true } } });
  assert.deepEqual((notUpdated as SetErrors)[archiveId]?.properties, ['paused']);
});

test('the status tells what is stored and kept apart, and of a run that was killed', async t => {
  const { services, get } = await prepared(t);
  await seedAccount(services, 'a1');
  await addEmails(services, 'a1', [{ subject: 'x' }]);
  const entry = {
    location: 'UID#inbox#1#7',
    path: 'INBOX',
    uid: '7',
    code: 'protocol',
    reason: 'x',
    sha256: null,
  };
  await commit(services, 'a1', () => ({ by: 'run', quarantined: [entry] }));
  const now = services.now();
  const working = {
    ...newHealth,
    phase: 'pulling' as const,
    message: 'Pulling.',
    leaseOwner: 'r',
    atSource: 9,
  };
  await putHealth(services.table, 'a1', { ...working, leaseUntil: now + 60_000, lastPullAt: 1_000 });
  const { status } = await get('a1');
  assert.deepEqual([status.phase, status.stored, status.quarantined, status.atSource], ['pulling', 1, 1, 9]);
  assert.deepEqual([status.lastPullAt, status.nextPullAt], ['1970-01-01T00:00:01Z', null]);
  await putHealth(services.table, 'a1', { ...working, leaseUntil: now - 1 });
  assert.match((await get('a1')).status.message, /interrupted/);
  assert.equal((await get('a1')).status.phase, 'failing');
});

test('a test seals the password for the sync function and answers what that says', async t => {
  const asked: SourceTestRequest[] = [];
  const result = {
    ok: false,
    code: 'timeout',
    message: 'The server did not answer.',
    messageSentences: [],
    found: null,
  };
  let fault: Error | null = null;
  const tester = {
    async test(request: SourceTestRequest) {
      if (fault) throw fault;
      asked.push(request);
      return result;
    },
    discover: async () => assert.fail('nobody asked for it'),
    redeem: async () => assert.fail('nobody asked for it'),
  };
  const services = await testServices(t, { tester });
  await seedAccount(services, 'a1', { sealedPassword: 'the stored one' });
  const { call, error } = jmapClient(services);
  const settings = { ...SETTINGS, port: 993, username: 'mara', address: undefined };
  assert.deepEqual(await call('MailAccount/test', settings), result);
  const [first] = asked;
  assert.equal(await open(services, first?.accountId ?? '', first?.sealedPassword ?? ''), 'correct horse');
  assert.ok(!JSON.stringify(first).includes('horse'));
  await call('MailAccount/test', { id: 'a1', port: 143 });
  assert.deepEqual([asked[1]?.sealedPassword, asked[1]?.port], ['the stored one', 143]);
  assert.equal(await error('MailAccount/test', { id: 'a1', host: 'evil.example.net' }), 'invalidArguments');
  await call('MailAccount/test', { id: 'a1', host: 'other.example.org', password: 'another' });
  assert.equal(await open(services, 'a1', asked[2]?.sealedPassword ?? ''), 'another');
  assert.equal(await error('MailAccount/test', { protocol: 'imap' }), 'invalidArguments');
  fault = new MailferryError('tester', 'The account could not be tried just now. Try again in a minute.');
  assert.equal(await error('MailAccount/test', { id: 'a1' }), 'serverUnavailable');
});
