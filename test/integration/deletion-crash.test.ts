import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Services } from '../../functions/services.ts';
import { deliver, doveadm, type MailServer } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { mortal } from '../support/crash.ts';
import { person } from '../support/deletion.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { testMailServer } from '../support/mail-server.ts';
import { testServices } from '../support/table.ts';
import { killPoints } from '../support/thorough.ts';

/** Longer than a lease: the run that was killed no longer holds it. */
const LATER_MS = 60_000;
const SUBJECTS = ['a', 'b', 'c', 'd'];

async function atServer(server: MailServer, user: string): Promise<string[]> {
  const out = await doveadm(server, ['-f', 'tab', 'fetch', '-u', user, 'mailbox hdr.subject', 'all']);
  return out.trim().split('\n').slice(1).sort();
}

/** Four messages stored, one of them in two mailboxes; one destroyed by a device; then a policy for the others. */
async function prepare(services: Services, server: MailServer, user: string): Promise<void> {
  const login = { protocol: 'imap', port: server.ports.imap, username: user, password: 'secret' } as const;
  for (const subject of SUBJECTS) await deliver(server, user, 'INBOX', letter(subject));
  await deliver(server, user, 'Old', letter('a'));
  await testAccount(services, user, login);
  assert.equal(await pull(services, user), 'done');
  await person(services, user).destroy('d');
  await person(services, user).set({ deletionPolicy: 'onceStored' });
}

async function endOf(services: Services, user: string) {
  const { lines, counters } = await contentsOf(services, user);
  const { receipts, deletionFrozen } = await person(services, user).account();
  return { lines, counters, count: receipts.count, freed: receipts.freed, deletionFrozen };
}

test('an IMAP run that deletes, killed at writes all over it, ends the same here and at the server', async t => {
  const users = Array.from({ length: 90 }, (_, i) => ({ name: `user${i}`, password: 'secret' }));
  const server = await testMailServer(t, { users });
  const undisturbed = await testServices(t);
  await prepare(undisturbed, server, 'user0');
  const counted = mortal(undisturbed, Number.POSITIVE_INFINITY);
  assert.equal(await pull(counted.services, 'user0'), 'done');
  assert.deepEqual(await atServer(server, 'user0'), []);
  const expected = await endOf(undisturbed, 'user0');
  assert.equal(expected.lines.length, 3);
  assert.equal(expected.count, 5);
  assert.ok(counted.effects() < users.length, `${counted.effects()} writes`);

  for (const k of killPoints(counted.effects(), 4)) {
    const user = `user${k + 1}`;
    let clock = Date.now();
    const services = { ...undisturbed, now: () => clock };
    await prepare(services, server, user);
    await assert.rejects(pull(mortal(services, k).services, user), { name: 'Killed' });
    clock += LATER_MS;
    for (let runs = 0; (await pull(services, user)) !== 'idle'; runs++) {
      assert.ok(runs < 5, `killed at write ${k}: it comes to an end`);
    }
    assert.deepEqual(await atServer(server, user), [], `killed at write ${k}`);
    assert.deepEqual(await endOf(services, user), expected, `killed at write ${k}`);
  }
});
