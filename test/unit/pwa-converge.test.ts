import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Database, StoredThread } from '../../pwa/src/mailbox/db.ts';
import { flush } from '../../pwa/src/mailbox/flush.ts';
import { applyPatch, type Flags, keywordPath, type Patch } from '../../pwa/src/mailbox/merge.ts';
import { enqueue, withdraw } from '../../pwa/src/mailbox/outbox.ts';
import { regroup } from '../../pwa/src/mailbox/threads.ts';
import { download, emptyDevice, serverWith } from '../support/device.ts';
import type { JmapModel } from '../support/jmap-model.ts';

const IDS = ['e1', 'e2', 'e3', 'e4'];
const MAILBOXES = ['inbox', 'archive', 'trash'];
const KEYWORDS = ['$seen', '$flagged'];

type Failure = 'before' | 'after' | null;
type Step =
  | { do: 'local'; id: string; patch: Patch }
  | { do: 'server'; id: string; patch: Patch }
  | { do: 'localMove'; id: string; to: string }
  | { do: 'localMoveAll'; ids: string[]; to: string }
  | { do: 'localDestroy'; ids: string[] }
  | { do: 'undo'; nth: number }
  | { do: 'serverMove'; id: string; to: string }
  | { do: 'flush'; failure: Failure }
  | { do: 'pull'; failure: Failure }
  | { do: 'destroy'; id: string }
  | { do: 'forgetLog' };

const id = fc.constantFrom(...IDS);
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 3 });
const patch = fc
  .tuple(fc.constantFrom(...KEYWORDS), fc.boolean())
  .map(([keyword, on]): Patch => ({ [keywordPath(keyword)]: on || null }));
const failure = fc.constantFrom<Failure>('before', 'after', null, null);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('local' as const), id, patch }),
  fc.record({ do: fc.constant('server' as const), id, patch }),
  fc.record({ do: fc.constant('localMove' as const), id, to: fc.constantFrom(...MAILBOXES) }),
  fc.record({ do: fc.constant('localMoveAll' as const), ids, to: fc.constantFrom(...MAILBOXES) }),
  fc.record({ do: fc.constant('localDestroy' as const), ids }),
  fc.record({ do: fc.constant('undo' as const), nth: fc.nat(6) }),
  fc.record({ do: fc.constant('serverMove' as const), id, to: fc.constantFrom(...MAILBOXES) }),
  fc.record({ do: fc.constant('flush' as const), failure }),
  fc.record({ do: fc.constant('pull' as const), failure }),
  fc.record({ do: fc.constant('destroy' as const), id }),
  fc.constant<Step>({ do: 'forgetLog' }),
);

async function device(model: JmapModel): Promise<Database> {
  const db = await emptyDevice();
  await download(db, model);
  return db;
}

function movePatch(flags: Flags, to: string): Patch {
  const away = Object.keys(flags.mailboxIds).filter(from => from !== to);
  return {
    ...Object.fromEntries(away.map(from => [`mailboxIds/${from}`, null])),
    [`mailboxIds/${to}`]: true,
  };
}

async function act(db: Database, model: JmapModel, taken: Step): Promise<void> {
  const { accountId } = model;
  if (taken.do === 'local') {
    await enqueue(db, { accountId, action: 'star', update: { [taken.id]: taken.patch } });
  } else if (taken.do === 'localMove') {
    const email = await db.get('emails', [accountId, taken.id]);
    if (email)
      await enqueue(db, { accountId, action: 'move', update: { [taken.id]: movePatch(email, taken.to) } });
  } else if (taken.do === 'localMoveAll') {
    const emails = await Promise.all(taken.ids.map(one => db.get('emails', [accountId, one])));
    const update = emails.flatMap(email => (email ? [[email.id, movePatch(email, taken.to)]] : []));
    await enqueue(db, { accountId, action: 'move', update: Object.fromEntries(update) });
  } else if (taken.do === 'localDestroy') {
    await enqueue(db, { accountId, action: 'destroy', update: {}, destroy: taken.ids });
  } else if (taken.do === 'undo') {
    const row = (await db.getAll('outbox'))[taken.nth];
    if (row) await withdraw(db, row.seq);
  } else if (taken.do === 'server') model.patch(taken.id, taken.patch);
  else if (taken.do === 'serverMove') {
    const email = model.emails.get(taken.id);
    if (email)
      model.patch(taken.id, movePatch({ keywords: {}, mailboxIds: email.mailboxIds ?? {} }, taken.to));
  } else if (taken.do === 'destroy') model.destroy(taken.id);
  else if (taken.do === 'forgetLog') model.forgetLog();
  else {
    if (taken.failure) model.failures.push(taken.failure);
    const work = taken.do === 'flush' ? flush(db, accountId, model.call) : download(db, model);
    await work.catch(() => {});
    model.failures.length = 0;
  }
}

/** What is pending is always what is shown, whatever the server says meanwhile. */
async function assertPendingShown(db: Database): Promise<void> {
  for (const email of await db.getAll('emails')) {
    const rows = await db.getAllFromIndex('outbox', 'email', `${email.accountId}/${email.id}`);
    const expected = rows
      .filter(row => row.state !== 'failed')
      .reduce<Flags>((flags, row) => applyPatch(flags, row.update[email.id] ?? {}), email.server);
    const destroyed = rows.some(row => row.state !== 'failed' && row.destroy?.includes(email.id));
    assert.equal(email.destroyed === true, destroyed);
    assert.deepEqual(email.keywords, expected.keywords);
    assert.deepEqual(email.mailboxIds, destroyed ? {} : expected.mailboxIds);
  }
}

/** Threads hold what the rows of their Emails say, and each list finds a thread at its newest Email there. */
async function assertThreads(db: Database): Promise<void> {
  const stored = await db.getAll('threads');
  const anew = new Map<string, StoredThread>();
  const store = {
    get: async ([, id]: [string, string]) => anew.get(id),
    put: async (thread: StoredThread) => anew.set(thread.id, thread),
    delete: async ([, id]: [string, string]) => void anew.delete(id),
  };
  await regroup(store, 'A1', await db.getAll('emails'));
  assert.deepEqual(new Map(stored.map(thread => [thread.id, thread])), anew);
  for (const { heads, members } of stored) {
    for (const head of heads) {
      const list = `${head.split(' ')[0]} `;
      const keys = members.flatMap(member => member.lists).filter(key => key.startsWith(list));
      assert.equal(keys.sort()[0], head);
    }
  }
}

test('local patches, server changes, lost answers and flushes converge in any order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 24 }), async steps => {
      const model = serverWith(IDS.length, ['t1', 't1', 't1', 't2']);
      const db = await device(model);
      for (const taken of steps) {
        await act(db, model, taken);
        await assertPendingShown(db);
        await assertThreads(db);
      }
      await flush(db, model.accountId, model.call);
      await download(db, model);
      const shown = (await db.getAll('emails')).map(email => [email.id, email.keywords, email.mailboxIds]);
      const truth = [...model.emails.values()].map(email => [email.id, email.keywords, email.mailboxIds]);
      assert.deepEqual(shown.sort(), truth.sort());
      assert.equal((await db.getAll('outbox')).filter(row => row.state !== 'failed').length, 0);
      db.close();
    }),
    { numRuns: 150 },
  );
});

test('the last wish of the person for a keyword reaches the server, whatever failed on the way', async () => {
  const plan = fc.array(fc.record({ id, on: fc.boolean(), failure }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(plan, async wishes => {
      const model = serverWith(IDS.length);
      const db = await device(model);
      const last = new Map<string, boolean>();
      for (const wish of wishes) {
        const change = { [keywordPath('$flagged')]: wish.on || null } as Patch;
        await enqueue(db, { accountId: model.accountId, action: 'star', update: { [wish.id]: change } });
        last.set(wish.id, wish.on);
        if (!wish.failure) continue;
        model.failures.push(wish.failure);
        await flush(db, model.accountId, model.call).catch(() => {});
        model.failures.length = 0;
      }
      await flush(db, model.accountId, model.call);
      for (const [email, on] of last) assert.equal(model.emails.get(email)?.keywords?.$flagged === true, on);
      db.close();
    }),
    { numRuns: 100 },
  );
});
