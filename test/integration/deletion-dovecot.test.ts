import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { catchUp } from '../../functions/store/log.ts';
import { deliver, doveadm, type MailServer } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { DAY_MS, person } from '../support/deletion.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { testServices } from '../support/table.ts';

const USER = TEST_USER.name;

/** An account with `one`, `two` and `three` in the inbox, pulled once. */
async function prepared(t: TestContext, protocol: 'imap' | 'pop', settings: object = {}) {
  const server = await testMailServer(t);
  let clock = Date.now();
  const services = { ...(await testServices(t)), now: () => clock };
  const login = { protocol, port: server.ports[protocol], username: USER, password: TEST_USER.password };
  await testAccount(services, 'a1', { ...login, ...settings });
  for (const subject of ['one', 'two', 'three']) await deliver(server, USER, 'INBOX', letter(subject));
  assert.equal(await pull(services, 'a1'), 'done');
  const commits = async () => (await catchUp(services, 'a1')).applied;
  return {
    ...{ server, services, commits, person: person(services, 'a1') },
    pass: (ms: number) => {
      clock += ms;
    },
    /** Runs until there is nothing to do, and checks that it then writes nothing. */
    async settle() {
      for (let runs = 0; (await pull(services, 'a1')) !== 'idle'; runs++) {
        assert.ok(runs < 5, 'it comes to an end');
      }
      const before = await commits();
      assert.equal(await pull(services, 'a1'), 'idle');
      assert.equal(await commits(), before, 'an idle poll writes nothing');
    },
  };
}

async function atServer(server: MailServer, mailbox = 'INBOX'): Promise<string[]> {
  const query = ['-f', 'tab', 'fetch', '-u', USER, 'hdr.subject', 'mailbox', mailbox];
  const out = await doveadm(server, query);
  return out.trim().split('\n').slice(1).sort();
}

const ALL = ['one', 'three', 'two'];

for (const protocol of ['imap', 'pop'] as const) {
  test(`${protocol}: keep deletes nothing that is stored`, async t => {
    const { server, person, settle, pass } = await prepared(t, protocol);
    pass(400 * DAY_MS);
    await settle();
    assert.deepEqual(await atServer(server), ALL);
    assert.equal((await person.account()).receipts.count, 0);
  });

  test(`${protocol}: onceStored deletes at the end of the pull, and all stays here`, async t => {
    const { server, person, settle, services } = await prepared(t, protocol, {
      deletionPolicy: 'onceStored',
    });
    assert.deepEqual(await atServer(server), []);
    assert.deepEqual(await person.subjects(), ALL);
    await settle();
    const before = await contentsOf(services, 'a1');
    assert.deepEqual(before.counters.Inbox, [3, 3, 3, 3]);
    await deliver(server, USER, 'INBOX', letter('four'));
    await settle();
    assert.deepEqual(await atServer(server), []);
    assert.deepEqual(await person.subjects(), ['four', ...ALL]);
    const { receipts, deletionFrozen, status } = await person.account();
    assert.equal(receipts.count, 4);
    assert.equal(deletionFrozen, false, status.message);
    const stored = new Map(before.emails.map(({ summary, raw }) => [summary.sha256, raw.length]));
    const found = await person.receipts();
    assert.equal(found.length, 4);
    for (const { sha256, size, policy, outcome } of found) {
      assert.equal(size, stored.get(sha256) ?? size);
      assert.deepEqual([policy, outcome], ['onceStored', 'confirmed']);
    }
    assert.equal(
      receipts.freed,
      found.reduce((sum, { size }) => sum + size, 0),
    );
  });

  test(`${protocol}: afterDays waits for its days, and stops when the person changes their mind`, async t => {
    const { server, person, settle, pass } = await prepared(t, protocol);
    await person.set({ deletionPolicy: 'afterDays', deletionDays: 10 });
    await settle();
    pass(5 * DAY_MS);
    await deliver(server, USER, 'INBOX', letter('later'));
    await settle();
    assert.deepEqual(await atServer(server), ['later', ...ALL]);
    pass(5 * DAY_MS + DAY_MS / 2);
    await settle();
    assert.deepEqual(await atServer(server), ['later']);
    assert.deepEqual(await person.subjects(), ['later', ...ALL]);
    await person.set({ deletionPolicy: 'keep' });
    assert.equal((await person.account()).deletionDays, null);
    pass(30 * DAY_MS);
    await settle();
    assert.deepEqual(await atServer(server), ['later']);
  });
}

test('pop: what is destroyed here stays there under keep and is not fetched again', async t => {
  const { server, person, settle } = await prepared(t, 'pop');
  await person.destroy('two');
  await settle();
  assert.deepEqual(await atServer(server), ALL);
  await deliver(server, USER, 'INBOX', letter('four'));
  await settle();
  assert.deepEqual(await person.subjects(), ['four', 'one', 'three']);
  // Chosen later, the policy takes what was destroyed before, and nothing else.
  await person.set({ deletionPolicy: 'whenDestroyed' });
  await settle();
  assert.deepEqual(await atServer(server), ['four', 'one', 'three']);
});

test('pop: whenDestroyed deletes there what is destroyed here, and no copy that came later', async t => {
  const { server, person, settle, services } = await prepared(t, 'pop', { deletionPolicy: 'whenDestroyed' });
  await person.destroy('one', 'three');
  assert.deepEqual(await person.subjects(), ['two']);
  await deliver(server, USER, 'INBOX', letter('one'));
  await settle();
  assert.deepEqual(await atServer(server), ['one', 'two']);
  assert.deepEqual(await person.subjects(), ['one', 'two']);
  const { emails } = await contentsOf(services, 'a1');
  assert.ok(
    emails.every(({ raw }) => raw.length > 0),
    'blobs are there',
  );
  assert.equal((await person.receipts()).length, 2);
});

test('imap: what is destroyed here is deleted there, in every mailbox, and nothing else', async t => {
  const { server, person, settle } = await prepared(t, 'imap');
  await deliver(server, USER, 'Archive', letter('one'));
  await deliver(server, USER, 'Archive', letter('other'));
  await settle();
  await doveadm(server, ['flags', 'add', '-u', USER, '\\Deleted', 'mailbox', 'INBOX', 'subject', 'two']);
  await person.destroy('one');
  await settle();
  assert.deepEqual(await atServer(server), ['three', 'two'], 'what somebody else marked is not expunged');
  assert.deepEqual(await atServer(server, 'Archive'), ['other']);
  const { receipts, status } = await person.account();
  assert.equal(receipts.count, 2);
  assert.equal(status.message, 'Up to date.');
});

test('imap: an Email whose copy a policy deleted stays when another copy of it is expunged', async t => {
  const { server, person, settle, pass } = await prepared(t, 'imap');
  await person.set({ deletionPolicy: 'afterDays', deletionDays: 1 });
  await settle();
  pass(DAY_MS / 2);
  await deliver(server, USER, 'Archive', letter('one'));
  await settle();
  pass(DAY_MS * 0.75);
  await settle();
  assert.deepEqual(await atServer(server, 'Archive'), ['one']);
  await doveadm(server, ['expunge', '-u', USER, 'mailbox', 'Archive', 'subject', 'one']);
  await settle();
  assert.deepEqual(await person.subjects(), ALL);
});

test('imap: a new UIDVALIDITY freezes deletion until the person lifts it; flags go on', async t => {
  const { server, person, settle, services } = await prepared(t, 'imap');
  await doveadm(server, ['mailbox', 'update', '-u', USER, '--uid-validity', '4242', 'INBOX']);
  await settle();
  const frozen = await person.account();
  assert.equal(frozen.deletionFrozen, true);
  assert.match(frozen.status.message, /nothing is deleted on the server, because the server has rebuilt/);
  const why = frozen.status.messageSentences.at(-1);
  assert.deepEqual([why?.code, why?.values.mailbox], ['status/frozen/reset/mailbox', 'INBOX']);
  await person.destroy('two');
  await settle();
  assert.deepEqual(await atServer(server), ALL);
  assert.deepEqual(await person.subjects(), ['one', 'three']);
  await person.set({ deletionFrozen: false });
  assert.equal((await person.account()).deletionFrozen, false);
  assert.deepEqual(services.asked.at(-1), { accounts: ['a1'], reason: 'changed' });
  await settle();
  assert.deepEqual(await atServer(server), ['one', 'three']);
});
