import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Database } from '../../pwa/src/mailbox/db.ts';
import { applyPatch, type Flags, keywordPath, type Patch } from '../../pwa/src/mailbox/merge.ts';
import { enqueue, flush } from '../../pwa/src/mailbox/outbox.ts';
import { download, emptyDevice, serverWith } from '../support/device.ts';
import type { JmapModel } from '../support/jmap-model.ts';

const IDS = ['e1', 'e2', 'e3'];
const MAILBOXES = ['inbox', 'archive', 'trash'];
const KEYWORDS = ['$seen', '$flagged'];

type Failure = 'before' | 'after' | null;
type Step =
  | { do: 'local'; id: string; patch: Patch }
  | { do: 'server'; id: string; patch: Patch }
  | { do: 'localMove'; id: string; to: string }
  | { do: 'serverMove'; id: string; to: string }
  | { do: 'flush'; failure: Failure }
  | { do: 'pull'; failure: Failure }
  | { do: 'destroy'; id: string }
  | { do: 'forgetLog' };

const id = fc.constantFrom(...IDS);
const patch = fc
  .tuple(fc.constantFrom(...KEYWORDS), fc.boolean())
  .map(([keyword, on]): Patch => ({ [keywordPath(keyword)]: on || null }));
const failure = fc.constantFrom<Failure>('before', 'after', null, null);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('local' as const), id, patch }),
  fc.record({ do: fc.constant('server' as const), id, patch }),
  fc.record({ do: fc.constant('localMove' as const), id, to: fc.constantFrom(...MAILBOXES) }),
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
    assert.deepEqual({ keywords: email.keywords, mailboxIds: email.mailboxIds }, { ...expected });
  }
}

test('local patches, server changes, lost answers and flushes converge in any order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 24 }), async steps => {
      const model = serverWith(IDS.length);
      const db = await device(model);
      for (const taken of steps) {
        await act(db, model, taken);
        await assertPendingShown(db);
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
