import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { MailAccount } from '../../functions/jmap/types.ts';
import type { Services } from '../../functions/services.ts';
import { blobKeys, keys } from '../../functions/store/keys.ts';
import { catchUp } from '../../functions/store/log.ts';
import { queryAll } from '../../functions/store/table.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { mortal } from '../support/crash.ts';
import { DAY_MS, person } from '../support/deletion.ts';
import { jmapClient } from '../support/jmap.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { type Ending, type Mail, type Maildrop, maildrop } from '../support/maildrop.ts';
import { testServices } from '../support/table.ts';
import { killPoints } from '../support/thorough.ts';

type Policy = MailAccount['deletionPolicy'];
const mail = (subject: string, uidl = subject): Mail => ({ uidl, raw: letter(subject) });
const uidls = (drop: Maildrop) => drop.mails.map(({ uidl }) => uidl).sort();

async function prepared(
  t: TestContext,
  mails: Mail[],
  settings: { deletionPolicy?: Policy; deletionDays?: number } = {},
) {
  const drop = await maildrop(t, mails);
  let clock = Date.now();
  const services: Services & { asked: unknown[] } = { ...(await testServices(t)), now: () => clock };
  const login = { protocol: 'pop', port: drop.server.port, username: 'mara', password: 'x' } as const;
  await testAccount(services, 'a1', { ...login, deletionPolicy: 'onceStored', ...settings });
  return {
    ...{ drop, services, person: person(services, 'a1') },
    pass: (ms: number) => {
      clock += ms;
    },
    /** Runs until there is nothing to do; failures wait for two hours. */
    async settle() {
      for (let runs = 0; runs < 8; runs++) {
        const outcome = await pull(services, 'a1');
        if (outcome === 'idle') return;
        if (outcome === 'failed') clock += DAY_MS / 12;
      }
      assert.fail('it does not come to an end');
    },
  };
}

const waiting = (services: Services) =>
  queryAll(services.table, keys.partition('a1'), { prefix: 'DELETING#' });

const ENDINGS: [ending: Ending, left: number, outcomes: string[]][] = [
  ['lost before', 3, ['confirmed', 'confirmed', 'confirmed']],
  ['refused', 3, ['confirmed', 'confirmed', 'confirmed']],
  ['half', 2, ['confirmed', 'confirmed', 'gone']],
  ['lost after', 0, ['gone', 'gone', 'gone']],
];

for (const [ending, left, outcomes] of ENDINGS) {
  test(`a QUIT that ends with “${ending}” comes to the same end at the next run`, async t => {
    const { drop, services, person, settle } = await prepared(
      t,
      ['a', 'b', 'c'].map(s => mail(s)),
    );
    drop.ending = ending;
    assert.equal(await pull(services, 'a1'), 'failed');
    assert.equal(drop.mails.length, left);
    assert.equal((await person.receipts()).length, 0, 'nothing is receipted that was not confirmed');
    assert.deepEqual(await person.subjects(), ['a', 'b', 'c']);
    drop.ending = 'ok';
    drop.mails.push(mail('d'));
    await settle();
    assert.deepEqual(drop.mails, []);
    assert.deepEqual(await person.subjects(), ['a', 'b', 'c', 'd']);
    const found = (await person.receipts()).map(({ outcome }) => outcome).sort();
    assert.deepEqual(found, [...outcomes, 'confirmed'].sort());
    assert.equal((await person.account()).deletionFrozen, false);
    assert.deepEqual(await waiting(services), []);
    assert.equal(drop.deleted.length, 4, 'each is deleted once');
  });
}

test('an interrupted deletion is taken back when the policy was changed back meanwhile', async t => {
  const { drop, person, services, settle } = await prepared(
    t,
    ['a', 'b'].map(s => mail(s)),
  );
  drop.ending = 'lost before';
  assert.equal(await pull(services, 'a1'), 'failed');
  await person.set({ deletionPolicy: 'keep' });
  drop.ending = 'ok';
  await settle();
  assert.deepEqual(uidls(drop), ['a', 'b']);
  assert.deepEqual(await waiting(services), []);
  const { emails } = await contentsOf(services, 'a1');
  assert.ok(
    emails.every(({ state }) => state.locations.length === 1),
    'the locations are theirs again',
  );
});

test('a change of the policy while a run is at it stops it', async t => {
  const { drop, services, person } = await prepared(t, [mail('a')]);
  const verify = services.blobs.verify;
  const slow: Services = {
    ...services,
    blobs: {
      ...services.blobs,
      async verify(...args) {
        await person.set({ deletionPolicy: 'keep' });
        return verify(...args);
      },
    },
  };
  await pull(slow, 'a1');
  assert.deepEqual(uidls(drop), ['a']);
});

test('new names for all messages freeze deletion, and duplicate nothing', async t => {
  const mails = ['a', 'b', 'c'].map(s => mail(s));
  const { drop, person, settle } = await prepared(t, mails, { deletionPolicy: 'whenDestroyed' });
  await settle();
  for (const found of drop.mails) found.uidl = `new-${found.uidl}`;
  await person.destroy('b');
  await settle();
  const { deletionFrozen, status } = await person.account();
  assert.equal(deletionFrozen, true);
  assert.match(status.message, /new names \(UIDL\)/);
  assert.ok(status.action, 'it says what to do');
  assert.equal(drop.mails.length, 3);
});

test('a loss of more than a tenth without us freezes deletion; our own deleting does not', async t => {
  const mails = Array.from({ length: 40 }, (_, i) => mail(`m${String(i).padStart(2, '0')}`));
  const { drop, person, settle, pass } = await prepared(t, mails, {
    deletionPolicy: 'afterDays',
    deletionDays: 1,
  });
  await settle();
  pass(DAY_MS / 2);
  drop.mails.push(...Array.from({ length: 40 }, (_, i) => mail(`n${String(i).padStart(2, '0')}`)));
  await settle();
  pass(DAY_MS * 0.75);
  await settle();
  assert.equal(drop.mails.length, 40);
  drop.mails.push(mail('o'));
  await settle();
  assert.equal((await person.account()).deletionFrozen, false);
  drop.mails.splice(0, 12);
  await settle();
  const { deletionFrozen, status } = await person.account();
  assert.equal(deletionFrozen, true);
  assert.match(status.message, /far fewer messages/);
  pass(2 * DAY_MS);
  await settle();
  assert.equal(drop.mails.length, 29, 'nothing more is deleted');
  await person.set({ deletionFrozen: false });
  await settle();
  assert.equal(drop.mails.length, 0);
});

for (const [what, damage] of [
  ['missing', (services: Services, key: string) => services.blobs.delete([key])],
  ['damaged', (services: Services, key: string) => services.blobs.put(key, Buffer.from('x'))],
] as const) {
  test(`a ${what} blob freezes deletion before anything is deleted`, async t => {
    const { drop, person, services, settle, pass } = await prepared(
      t,
      ['a', 'b'].map(s => mail(s)),
      { deletionPolicy: 'afterDays', deletionDays: 1 },
    );
    await settle();
    const { emails } = await contentsOf(services, 'a1');
    await damage(services, blobKeys.raw('a1', emails[0]?.summary.sha256 ?? ''));
    pass(2 * DAY_MS);
    await settle();
    assert.equal(drop.mails.length, 2);
    assert.match((await person.account()).status.message, new RegExp(`${what} here|is ${what}`));
    // Lifting it without mending changes nothing.
    await person.set({ deletionFrozen: false });
    await settle();
    assert.equal(drop.mails.length, 2);
    assert.equal((await person.account()).deletionFrozen, true);
  });
}

test('another message under the name of a stored one is not deleted', async t => {
  const { drop, person, settle, pass } = await prepared(
    t,
    ['a', 'b'].map(s => mail(s)),
    {
      deletionPolicy: 'afterDays',
      deletionDays: 1,
    },
  );
  await settle();
  const first = drop.mails[0] as Mail;
  first.raw = letter('never seen');
  pass(2 * DAY_MS);
  await settle();
  assert.equal(drop.mails.length, 2);
  assert.match((await person.account()).status.message, /another message/);
});

test('a name that the server gives to a new message after ours was deleted hides no mail', async t => {
  const { drop, person, settle } = await prepared(t, [mail('a', '1')]);
  await settle();
  assert.equal(drop.mails.length, 0);
  drop.mails.push(mail('b', '1'));
  await settle();
  assert.deepEqual(await person.subjects(), ['a', 'b']);
  assert.deepEqual(drop.mails, []);
  await settle();
});

test('nothing is deleted while a message is in quarantine, and all that is due once it is not', async t => {
  const { drop, person, settle, pass } = await prepared(
    t,
    ['a', 'b'].map(s => mail(s)),
  );
  drop.unreadable.add('b');
  await settle();
  const { quarantined, message } = (await person.account()).status;
  assert.equal(quarantined, 1, message);
  assert.match(message, /nothing is deleted there/);
  assert.deepEqual(uidls(drop), ['a', 'b']);
  drop.unreadable.clear();
  drop.mails.splice(1, 1);
  pass(60_000);
  await settle();
  assert.deepEqual(uidls(drop), []);
});

test('a run killed at any write ends the same, and deletes nothing that is not stored', async t => {
  const subjects = ['a', 'b', 'c'];
  const drop = await maildrop(
    t,
    subjects.map(s => mail(s)),
  );
  let clock = Date.now();
  const services: Services = { ...(await testServices(t)), now: () => clock };
  const login = { protocol: 'pop', port: drop.server.port, username: 'mara', password: 'x' } as const;
  const rules = { ...login, deletionPolicy: 'onceStored' } as const;
  await testAccount(services, 'a0', rules);
  const counted = mortal(services, Number.POSITIVE_INFINITY);
  assert.equal(await pull(counted.services, 'a0'), 'done');
  const expected = await contentsOf(services, 'a0');
  for (const k of killPoints(counted.effects(), 6)) {
    const id = `a${k + 1}`;
    drop.mails.push(...subjects.map(s => mail(s)));
    drop.deleted.length = 0;
    drop.onDelete = async ({ raw }) => {
      const { emails } = await contentsOf(services, id);
      assert.ok(
        emails.some(email => email.raw.equals(raw)),
        `killed at write ${k}: stored before it is deleted`,
      );
    };
    await testAccount(services, id, rules);
    await assert.rejects(pull(mortal(services, k).services, id), { name: 'Killed' });
    clock += 60_000;
    for (let runs = 0; (await pull(services, id)) !== 'idle'; runs++) {
      assert.ok(runs < 5, `killed at write ${k}: it comes to an end`);
    }
    assert.deepEqual(drop.mails, [], `killed at write ${k}`);
    assert.equal(drop.deleted.length, 3, `killed at write ${k}: each is deleted once`);
    const { lines, counters } = await contentsOf(services, id);
    assert.deepEqual([lines, counters], [expected.lines, expected.counters], `killed at write ${k}`);
    const { receipts, deletionFrozen } = await person(services, id).account();
    assert.deepEqual([receipts.count, deletionFrozen], [3, false], `killed at write ${k}`);
    assert.equal((await catchUp(services, id)).emails, 3);
  }
});

for (const deletionPolicy of ['keep', 'whenDestroyed'] as const) {
  test(`what was destroyed under ${deletionPolicy} stays so when all messages get new names`, async t => {
    const mails = ['a', 'b', 'c'].map(s => mail(s));
    const { drop, person, settle } = await prepared(t, mails, { deletionPolicy: 'keep' });
    await settle();
    await person.destroy('b');
    await settle();
    for (const found of drop.mails) found.uidl = `new-${found.uidl}`;
    await settle();
    assert.deepEqual(await person.subjects(), ['a', 'c']);
    if (deletionPolicy === 'keep') return;
    await person.set({ deletionPolicy, deletionFrozen: false });
    await settle();
    assert.deepEqual(uidls(drop), ['new-a', 'new-c']);
    assert.deepEqual(await person.subjects(), ['a', 'c']);
  });
}

test('what the operator does not allow is not deleted, whatever the account was set to before', async t => {
  const { drop, services, person, settle } = await prepared(t, [mail('one'), mail('two')]);
  services.deletionLimits = { policies: ['afterDays'], minimumDays: 30 };
  await settle();
  assert.deepEqual(uidls(drop), ['one', 'two']);
  await assert.rejects(person.set({ deletionPolicy: 'whenDestroyed' }), /does not allow/);
  await assert.rejects(
    person.set({ deletionPolicy: 'afterDays', deletionDays: 29 }),
    /30 days at the earliest/,
  );
  await person.set({ name: 'Shop' });
  const settings = {
    protocol: 'pop',
    address: 'mara@shop.example',
    host: 'pop.shop.example',
    security: 'tls',
    password: 'x',
  };
  const create = { k: { ...settings, deletionPolicy: 'afterDays', deletionDays: 14 } };
  const { created } = await jmapClient(services).call('MailAccount/set', { create });
  assert.equal(
    (created as Record<string, MailAccount>).k?.deletionDays,
    30,
    'a new account gets what is allowed',
  );
  services.deletionLimits = undefined;
  await settle();
  assert.deepEqual(uidls(drop), []);
});
