import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Invocation, MailAccount, MailAccountProposal } from '../../functions/jmap/types.ts';
import { answersOf, type Call } from '../../pwa/src/jmap/client.ts';
import { allowDeleting, changeAccount, createAccount, pullAccounts } from '../../pwa/src/mailbox/accounts.ts';
import { answerIn, beginAuthorization, endAuthorization } from '../../pwa/src/mailbox/authorize.ts';
import { coloursFor, readColours } from '../../pwa/src/mailbox/colours.ts';
import { parseRoute } from '../../pwa/src/routes.ts';
import { adviseProtocol, type Habits } from '../../pwa/src/views/accounts/advice.ts';
import {
  changesOf,
  emptyAccount,
  settingsOf,
  withDefaults,
} from '../../pwa/src/views/accounts/connection.ts';
import { emptyDevice } from '../support/device.ts';

const ACCOUNT: MailAccount = {
  ...{ id: 'a1', name: 'Home', protocol: 'imap', address: 'mara@example.org' },
  ...{ host: 'imap.example.org', port: 993, security: 'tls', username: 'mara' },
  ...{ authentication: 'password', oauthProvider: null },
  ...{ deletionPolicy: 'onceStored', deletionDays: null, deletionFrozen: true, paused: false },
  receipts: { count: 3, since: '2026-05-03T00:00:00Z', freed: 100 },
  status: {
    ...{ phase: 'ok', code: null, message: 'Up to date.', action: null },
    ...{ messageSentences: [], actionSentence: null },
    ...{ lastPullAt: null, lastSuccessAt: null, nextPullAt: null },
    ...{ stored: 3, atSource: 3, quarantined: 0 },
  },
};

/** A server that takes everything; `patches` holds what it was asked to change. */
function server(list: MailAccount[] = [ACCOUNT]) {
  const patches: Record<string, unknown>[] = [];
  const created: unknown[] = [];
  const call: Call = async calls =>
    answersOf(
      calls.map(([name, args, id]): Invocation => {
        if (name === 'MailAccount/get') return [name, { list }, id];
        const { update = {}, create = {} } = args as Record<'update' | 'create', Record<string, never>>;
        patches.push(...Object.values(update));
        created.push(...Object.values(create));
        return [name, { created: { new: { id: 'new' } }, updated: { a1: null } }, id];
      }),
    );
  return { call, patches, created };
}

test('only what a person changed of an account is sent; a freeze is lifted by nothing else', async () => {
  const { call, patches } = server();
  const before = settingsOf(ACCOUNT);
  assert.ok(before, 'it has a server');
  assert.deepEqual(changesOf(before, before), {});
  await changeAccount(call, 'a1', changesOf(before, { ...before, name: 'Work' }));
  await changeAccount(call, 'a1', changesOf(before, { ...before, port: 143, password: 'secret' }));
  await changeAccount(call, 'a1', { paused: true });
  await changeAccount(call, 'a1', { deletionPolicy: 'afterDays', deletionDays: 30 });
  await allowDeleting(call, 'a1');
  assert.deepEqual(patches, [
    { name: 'Work' },
    { port: 143, password: 'secret' },
    { paused: true },
    { deletionPolicy: 'afterDays', deletionDays: 30 },
    { deletionFrozen: false },
  ]);
  assert.equal(settingsOf({ ...ACCOUNT, protocol: 'archive' }), null);
});

test('a new account without a name is named by the server', async () => {
  const { call, created } = server();
  assert.equal(await createAccount(call, emptyAccount('mara@example.org')), 'new');
  await createAccount(call, { protocol: 'archive', name: 'Old' });
  assert.equal(Object.hasOwn(created[0] as object, 'name'), false);
  assert.deepEqual(created[1], { protocol: 'archive', name: 'Old' });
});

test('what follows from an entry is filled in where the person has not said otherwise', () => {
  const first = emptyAccount('mara@example.org');
  assert.deepEqual([first.host, first.port, first.username], ['imap.example.org', 993, 'mara@example.org']);
  const pop = withDefaults(first, { protocol: 'pop' });
  assert.deepEqual([pop.host, pop.port], ['pop.example.org', 995]);
  assert.equal(withDefaults(pop, { security: 'starttls' }).port, 110);
  const own = withDefaults(withDefaults(first, { host: 'mx.example.org', port: 1993 }), { protocol: 'pop' });
  assert.deepEqual([own.host, own.port], ['mx.example.org', 1993]);
});

const proposal = (protocol: 'imap' | 'pop', confirmed = true): MailAccountProposal => ({
  ...{ protocol, host: `${protocol}.example.org`, port: 1, security: 'tls', username: 'mara' },
  ...{ authentication: 'password', oauthProvider: null, source: 'srv', confirmed, capabilities: null },
});

const cases: [proposals: MailAccountProposal[], habits: Habits, advice: string | undefined][] = [
  [[proposal('imap'), proposal('pop')], { others: true, room: false }, 'imap others,folders'],
  [[proposal('imap'), proposal('pop')], { others: false, room: false }, 'imap folders'],
  [[proposal('imap'), proposal('pop')], { others: false, room: true }, 'pop alone,room'],
  [[proposal('imap'), proposal('pop')], { others: true, room: true }, 'imap others,folders,roomShared'],
  [[proposal('imap', false), proposal('pop')], { others: true, room: false }, 'pop popAnswered'],
  [[proposal('imap'), proposal('pop', false)], { others: false, room: true }, 'imap imapAnswered'],
  [[proposal('pop')], { others: true, room: false }, 'pop onlyPop'],
  [[proposal('imap')], { others: false, room: true }, 'imap onlyImap'],
  [[], { others: true, room: true }, undefined],
];
for (const [proposals, habits, expected] of cases) {
  const offered = proposals
    .map(({ protocol, confirmed }) => `${protocol}${confirmed ? '' : '?'}`)
    .join(' and ');
  test(`${offered || 'nothing'}, ${JSON.stringify(habits)}: ${expected ?? 'no advice'}`, () => {
    const advice = adviseProtocol({ proposals, recommended: proposals.length ? 0 : null }, habits);
    assert.equal(advice ? `${advice.protocol} ${advice.why.join()}` : undefined, expected);
  });
}

test('accounts get colours that differ and stay; those of accounts that are gone are free again', async () => {
  assert.deepEqual(coloursFor(['x', 'y', 'z'], { y: 0 }), { x: 1, y: 0, z: 2 });
  assert.deepEqual(coloursFor(['z', 'new'], { x: 1, y: 0, z: 2 }), { z: 2, new: 0 });
  const many = coloursFor(
    Array.from({ length: 16 }, (_, i) => `a${i}`),
    {},
  );
  for (let colour = 0; colour < 8; colour += 1) {
    assert.equal(Object.values(many).filter(one => one === colour).length, 2);
  }
  const db = await emptyDevice();
  await pullAccounts(db, server([ACCOUNT, { ...ACCOUNT, id: 'a2' }]).call);
  assert.deepEqual(await readColours(db), { a1: 0, a2: 1 });
});

test('each page of an account has an address', () => {
  assert.deepEqual(parseRoute('/accounts/a1'), { page: 'account', id: 'a1', part: 'home' });
  assert.deepEqual(parseRoute('/accounts/a1/files'), { page: 'account', id: 'a1', part: 'files' });
  assert.deepEqual(parseRoute('/accounts/a1/other'), { page: 'unknown' });
  assert.deepEqual(parseRoute('/accounts/new'), { page: 'add-account' });
});

test('what a provider answers is read from the query or the fragment, and nothing else of it', () => {
  const read = (address: string) =>
    answerIn(new URL(address, 'https://mail.example.org/accounts/authorized'));
  assert.deepEqual(read('?state=s&code=c%2Fd&scope=mail'), { state: 's', code: 'c/d' });
  assert.deepEqual(read('#state=s&error=access_denied&code='), { state: 's', error: 'access_denied' });
  assert.deepEqual(read(''), {});
});

test('a sign-in whose answer was lost is found to be completed, and one that was not is none', async () => {
  const db = await emptyDevice();
  let isMade = false;
  const answers: Record<string, (args: Record<string, unknown>) => object> = {
    'MailAccount/authorize': () => ({
      url: 'https://accounts.example.org/?state=s',
      accountId: 'a1',
      expires: '',
    }),
    'MailAccount/redeem': () => ({
      ok: false,
      code: 'expired',
      message: '',
      accountId: null,
      provider: null,
    }),
    'MailAccount/get': () => ({ list: isMade ? [ACCOUNT] : [] }),
  };
  const call: Call = async calls =>
    answersOf(calls.map(([name, args, id]): Invocation => [name, { ...answers[name]?.(args) }, id]));
  assert.equal(await beginAuthorization(call, { id: 'a1' }), 'https://accounts.example.org/?state=s');
  const ended = () => endAuthorization(db, call, { state: 's', code: 'c' });
  assert.deepEqual([(await ended()).ok, (await ended()).code], [false, 'expired']);
  await beginAuthorization(call, { id: 'a1' });
  isMade = true;
  const { ok, accountId, isNew } = await ended();
  assert.deepEqual([ok, accountId, isNew], [true, 'a1', true]);
  answers['MailAccount/authorize'] = () => ({ url: 'javascript:alert(1)', accountId: 'a1', expires: '' });
  await assert.rejects(beginAuthorization(call, { id: 'a1' }), { code: 'authorize' });
});
