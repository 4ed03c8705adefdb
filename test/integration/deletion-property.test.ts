import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Services } from '../../functions/services.ts';
import { getSourceAccount } from '../../functions/store/accounts.ts';
import { getStateRows } from '../../functions/store/emails.ts';
import { blobKeys } from '../../functions/store/keys.ts';
import { getDeletion } from '../../functions/store/receipts.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { Killed, mortal } from '../support/crash.ts';
import { DAY_MS, person } from '../support/deletion.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { type Ending, type Maildrop, maildrop } from '../support/maildrop.ts';
import { testServices } from '../support/table.ts';
import { runs } from '../support/thorough.ts';

/** So few different messages that the same bytes come again under other names. */
const subject = fc.constantFrom('a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff');
const policy = fc.constantFrom('keep', 'afterDays', 'onceStored', 'whenDestroyed');
const ending = fc.constantFrom<Ending>('ok', 'ok', 'lost before', 'lost after', 'refused', 'half');

type Event =
  | { kind: 'arrive'; subject: string; name: number }
  | { kind: 'run'; ending: Ending; kill: number | null }
  | { kind: 'destroy'; subject: string }
  | { kind: 'policy'; policy: string }
  | { kind: 'days'; days: number }
  | { kind: 'take' | 'rename' | 'swap' | 'damage'; nth: number }
  | { kind: 'lift' };

const arrive = fc.record({ kind: fc.constant('arrive' as const), subject, name: fc.nat({ max: 9 }) });
const run = fc.record({
  kind: fc.constant('run' as const),
  ending,
  kill: fc.option(fc.nat({ max: 45 }), { freq: 2 }),
});
const change: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('destroy' as const), subject }),
  fc.record({ kind: fc.constant('policy' as const), policy }),
  fc.record({ kind: fc.constant('lift' as const) }),
  fc.record({
    kind: fc.constantFrom('take' as const, 'rename' as const, 'swap' as const, 'damage' as const),
    nth: fc.nat({ max: 3 }),
  }),
);
const days = fc.record({ kind: fc.constant('days' as const), days: fc.nat({ max: 3 }) });

/** Mail comes and is pulled; something happens; time goes by. */
const round: fc.Arbitrary<Event[]> = fc
  .tuple(fc.array(arrive, { maxLength: 4 }), run, fc.array(change, { maxLength: 3 }), days, run)
  .map(([arrivals, first, changes, later, second]) => [...arrivals, first, ...changes, later, second]);

const sha256 = (raw: Buffer) => createHash('sha256').update(raw).digest('hex');

test('whatever happens in whatever order, nothing is deleted whose bytes are not stored and verified', async t => {
  const drop = await maildrop(t);
  const base = await testServices(t);
  let cases = 0;
  await fc.assert(
    fc.asyncProperty(policy, fc.array(round, { minLength: 2, maxLength: 4 }), async (first, rounds) => {
      cases += 1;
      await play(drop, base, `a${cases}`, [{ kind: 'policy', policy: first }, ...rounds.flat()]);
    }),
    { numRuns: runs(8), endOnFailure: true },
  );
});

async function play(drop: Maildrop, base: Services, id: string, events: readonly Event[]): Promise<void> {
  drop.mails.length = 0;
  drop.deleted.length = 0;
  let clock = Date.now();
  let swaps = 0;
  const services: Services = { ...base, now: () => clock };
  const login = { protocol: 'pop', port: drop.server.port, username: 'mara', password: 'x' } as const;
  await testAccount(services, id, login);
  const user = person(services, id);
  /** Bytes that were at the source, and are nobody's fault but ours if they are nowhere. */
  const owed = new Map<string, Buffer>();
  // In the server, where a failed assertion would only be a lost connection.
  const wrong: string[] = [];
  const expect = (holds: boolean, what: string) => {
    if (!holds) wrong.push(what);
  };
  drop.onDelete = async ({ raw }) => {
    const stored = await services.blobs.get(blobKeys.raw(id, sha256(raw)));
    expect(Buffer.from(stored ?? []).equals(raw), 'the bytes were not stored');
    expect((await getDeletion(services.table, id)).frozen === undefined, 'deletion was frozen');
    const rule = await getSourceAccount(services.table, id);
    expect(rule !== null && rule.deletionPolicy !== 'keep', 'the person did not want it');
  };

  const pullOnce = async (kill: number | null, how: Ending) => {
    drop.ending = how;
    try {
      const chosen = kill === null ? services : mortal(services, kill).services;
      return await pull(chosen, id);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      return 'killed';
    } finally {
      clock += 90_000;
    }
  };

  const happen = async (now: Event): Promise<void> => {
    const mails = drop.mails;
    switch (now.kind) {
      case 'arrive': {
        // A name that is free may be one that was used before.
        const uidl = `u${now.name}`;
        if (mails.some(mail => mail.uidl === uidl)) return;
        const raw = letter(now.subject);
        mails.push({ uidl, raw });
        owed.set(sha256(raw), raw);
        return;
      }
      case 'run':
        await pullOnce(now.kill, now.ending);
        return;
      case 'destroy':
        if ((await user.subjects()).includes(now.subject)) await user.destroy(now.subject);
        return;
      case 'policy':
        return user.set({
          deletionPolicy: now.policy,
          ...(now.policy === 'afterDays' && { deletionDays: 2 }),
        });
      case 'days':
        clock += now.days * DAY_MS;
        return;
      case 'lift':
        return user.set({ deletionFrozen: false });
      case 'take': {
        // Another client deletes it, perhaps before we saw it.
        const [taken] = mails.splice(now.nth, 1);
        if (taken) owed.delete(sha256(taken.raw));
        return;
      }
      case 'rename':
        for (const mail of mails) mail.uidl = `r${now.nth}-${mail.uidl}`.slice(0, 40);
        return;
      case 'swap': {
        // The server gives the name of one message to another; the first one is gone.
        const mail = mails[now.nth];
        if (!mail) return;
        owed.delete(sha256(mail.raw));
        swaps += 1;
        mail.raw = letter(`swapped ${'x'.repeat(swaps)} ${id}`);
        return;
      }
      case 'damage': {
        const { emails } = await contentsOf(services, id);
        const email = emails[now.nth];
        if (!email) return;
        const key = blobKeys.raw(id, email.summary.sha256);
        if (now.nth % 2) await services.blobs.delete([key]);
        else await services.blobs.put(key, Buffer.from('damaged'));
        owed.delete(email.summary.sha256);
        return;
      }
    }
  };
  for (const each of events) await happen(each);

  for (let runs = 0; runs < 12; runs++) {
    const outcome = await pullOnce(null, 'ok');
    if (outcome === 'idle') break;
    if (outcome === 'failed') clock += DAY_MS / 12;
    assert.ok(runs < 11, 'it comes to an end');
  }
  assert.deepEqual(wrong, []);
  for (const [sha, raw] of owed) {
    const stored = await services.blobs.get(blobKeys.raw(id, sha));
    const isThere = drop.mails.some(mail => mail.raw.equals(raw));
    assert.ok(isThere || (stored && Buffer.from(stored).equals(raw)), 'no bytes are lost');
  }
  const { emails } = await contentsOf(services, id);
  const tombstones = await getStateRows(
    services.table,
    id,
    emails.map(({ summary }) => summary.emailId),
  );
  for (const row of tombstones.values()) assert.notEqual(row.destroyed, true);
}
