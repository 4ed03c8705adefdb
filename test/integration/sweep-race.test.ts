import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ListedBlob } from '../../functions/services.ts';
import { eraseAccount, getAccount, markErasing } from '../../functions/store/accounts.ts';
import type { MailboxCursor } from '../../functions/store/commit.ts';
import { getDue, putDue } from '../../functions/store/due.ts';
import { getAllStates } from '../../functions/store/emails.ts';
import { keys } from '../../functions/store/keys.ts';
import { queryAll } from '../../functions/store/table.ts';
import { initialDue } from '../../functions/sync/schedule.ts';
import { pull } from '../support/accounts.ts';
import { Killed } from '../support/crash.ts';
import { seedAccount } from '../support/jmap.ts';
import { type Aged, agedAccount, assertWhole, killedAt, letterOf, watched } from '../support/sweep.ts';
import { killPoints, runs } from '../support/thorough.ts';

const uid = (n: number) => `UID#inbox#1#${String(n).padStart(10, '0')}`;
const NTHS = [1, 2, 3, 4, 5, 6];

/**
 * Emails 1 and 2; 3 was destroyed by the source and 4 by a device, both long ago; 5 and 6 were stored by a run that was
 * killed before its commit.
 */
async function prepared(t: Parameters<typeof agedAccount>[0], id = 'a1'): Promise<Aged> {
  const account = await agedAccount(t, id);
  await seedAccount(account.services, id);
  for (const nth of [1, 2, 3, 4]) await account.store(nth, uid(nth));
  await account.destroy(3);
  await account.destroy(4, 'device');
  const inbox: MailboxCursor = {
    ...{ status: null, uidValidity: '1', handled: '1:2', stale: [], doubted: null, stuck: null },
  };
  await account.commit({ by: 'run', cursors: { inbox }, withdrawn: [uid(4)] });
  await account.put(5);
  await account.put(6, 8);
  await account.forgetLog();
  return account;
}

const rowsOf = async ({ services, id }: Aged) => queryAll(services.table, keys.partition(id), {});

test('a sweep that is killed anywhere and run again ends the same', async t => {
  const undisturbed = await prepared(t);
  let steps = 0;
  const seen = watched(undisturbed.services, () => void steps++);
  assert.deepEqual(await undisturbed.sweep(seen), { rows: 2, blobs: 4, complete: true });
  const expected = await undisturbed.blobs(NTHS);
  assert.deepEqual(expected, [1, 2]);
  const tombstones = await undisturbed.tombstones(NTHS);
  assert.deepEqual(tombstones, []);
  for (const nth of killPoints(steps, 6)) {
    const account = await prepared(t);
    await assert.rejects(account.sweep(killedAt(account.services, nth)), Killed);
    await assertWhole(account, `killed at step ${nth}`);
    await account.sweep();
    assert.deepEqual(await account.blobs(NTHS), expected, `killed at step ${nth}`);
    assert.deepEqual(await account.tombstones(NTHS), [], `killed at step ${nth}`);
    assert.equal((await rowsOf(account)).length, (await rowsOf(undisturbed)).length, `killed at step ${nth}`);
    assert.deepEqual(await account.sweep(), { rows: 0, blobs: 0, complete: true });
  }
});

test('a message that is pulled again at any moment of a sweep keeps its bytes', async t => {
  const undisturbed = await prepared(t);
  const names: string[] = [];
  await undisturbed.sweep(watched(undisturbed.services, (_, name) => void names.push(name)));
  // Each of the messages that are about to be collected is put and committed by a run, before every effect.
  const effects = names.flatMap((name, step) => (name === 'read' || name === 'listed' ? [] : [step]));
  assert.equal(effects.length, 6, String(names));
  for (const step of new Set([...effects, ...killPoints(names.length, 4)])) {
    const account = await prepared(t);
    const meanwhile = watched(account.services, async nth => {
      if (nth !== step) return;
      for (const back of [3, 4, 5, 6]) {
        await account.store(back, uid(20 + back), 0);
        const { emailId: id, threadId } = letterOf(back).summary;
        await account.commit({ by: 'run', patched: [{ id, threadId, keywords: { $flagged: true } }] });
      }
    });
    await account.sweep(meanwhile);
    await assertWhole(account, `at step ${step}`);
    const states = [...(await getAllStates(account.services.table, account.id)).values()];
    const flagged = states.filter(({ keywords }) => keywords.includes('$flagged'));
    assert.equal(flagged.length, 4, `at step ${step}: each is as it was made`);
    assert.deepEqual(await account.blobs(NTHS), NTHS, `at step ${step}`);
  }
});

test('a put at one step and its commit at a later one are enough', async t => {
  const step = fc.nat(24);
  const history = fc.array(fc.record({ nth: fc.integer({ min: 3, max: 6 }), put: step, later: fc.nat(6) }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(history, async pulls => {
      const account = await prepared(t);
      const pending = new Set(pulls.map(({ nth }) => nth));
      const at = async (now: number) => {
        for (const { nth, put, later } of pulls) {
          if (put === now) await account.put(nth, 0);
          if (put + later === now && pending.delete(nth)) await account.store(nth, uid(30 + nth), 0);
        }
      };
      await account.sweep(watched(account.services, at));
      await assertWhole(account, JSON.stringify(pulls));
      // What was put and not committed is kept for its commit.
      for (const nth of pending) await account.store(nth, uid(30 + nth), 0);
      await assertWhole(account, JSON.stringify(pulls));
    }),
    { numRuns: runs(5) },
  );
});

test('only the put that was listed is discarded', async t => {
  const { services, put, key, blobs } = await prepared(t);
  const { blobVersions } = services;
  const listed = async (nth: number) => {
    const all: ListedBlob[] = [];
    for await (const blob of blobVersions.listed('raw/a1/')) all.push(blob);
    const found = all.find(blob => blob.key === key(nth));
    assert.ok(found, `blob ${nth} is listed`);
    return found;
  };
  const before = await listed(5);
  await put(5);
  await blobVersions.discard([before]);
  assert.deepEqual(await blobs([5]), [5], 'the same bytes and the same time, but another put');
  for (let i = 0; i < 60; i += 1) {
    const old = await listed(5);
    await Promise.all([blobVersions.discard([old]), services.blobs.put(key(5), letterOf(5).raw)]);
    assert.deepEqual(await blobs([5]), [5], `put at the moment of discarding, ${i}`);
  }
  await blobVersions.discard([await listed(5), before]);
  assert.deepEqual(await blobs([5]), []);
});

test('an account whose erasing is killed anywhere is erased in the end, because it stays due until then', async t => {
  const { services } = await prepared(t);
  const left = async (id: string) => ({
    rows: (await queryAll(services.table, keys.partition(id), {})).length,
    due: (await getDue(services.table, id)) !== null,
  });
  /** Removed by its user, with a row of its own and the place on the due list. */
  const removed = async (id: string) => {
    await seedAccount(services, id);
    await putDue(services.table, id, initialDue());
    const account = await getAccount(services.table, id);
    assert.ok(account, 'there is such an account');
    await markErasing(services.table, account);
  };
  await removed('b');
  let steps = 0;
  await eraseAccount(watched(services, () => void steps++).table, services.blobs, 'b');
  assert.ok(steps > 3, `${steps} steps`);
  for (let nth = 0; nth < steps; nth += 1) {
    await removed(`b${nth}`);
    await assert.rejects(eraseAccount(killedAt(services, nth).table, services.blobs, `b${nth}`), Killed);
    const { due, rows } = await left(`b${nth}`);
    assert.ok(due || rows === 0, `killed at step ${nth}: the due list brings it back`);
    await pull(services, `b${nth}`);
    assert.deepEqual(await left(`b${nth}`), { rows: 0, due: false }, `killed at step ${nth}`);
  }
});

test('a file that a killed sweep had taken is there again with the next listing', async t => {
  const account = await prepared(t);
  await account.store(5, uid(9), 0);
  const folder = join(account.folder, 'raw/a1');
  const name = `${letterOf(5).sha256}.eml`;
  await rename(join(folder, name), join(folder, `.taken-${name}`));
  assert.deepEqual(await account.blobs([5]), []);
  await account.sweep();
  assert.deepEqual(await account.blobs([5]), [5]);
  await assertWhole(account);
});
