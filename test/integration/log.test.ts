import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { summarize } from '../../functions/mime/parse.ts';
import type { Services } from '../../functions/services.ts';
import type { CommitDraft, MailboxProperties } from '../../functions/store/commit.ts';
import { getAllStates, getEmails, listEmails } from '../../functions/store/emails.ts';
import { blobKeys, keys, prefix } from '../../functions/store/keys.ts';
import { catchUp, commit, letExpire, readLog } from '../../functions/store/log.ts';
import { listCursors, listMailboxes, listQuarantine } from '../../functions/store/mailboxes.ts';
import { applyCommit } from '../../functions/store/projections.ts';
import { counterDeltas } from '../../functions/store/state.ts';
import { deleteRow, putRows, queryAll } from '../../functions/store/table.ts';
import { mortal } from '../support/crash.ts';
import { MAILBOXES, message } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';
import { runs } from '../support/thorough.ts';
import { aroundTable } from '../support/wrapped.ts';

/** Eight messages in three threads. */
const MESSAGES = Array.from({ length: 8 }, (_, i) => {
  const raw = message({ subject: `m${i}`, at: 1_700_000_000 + i, ...(i >= 3 && { replyTo: `m${i % 3}` }) });
  const sha256 = createHash('sha256').update(raw).digest('hex');
  return { raw, sha256, summary: summarize(raw, sha256) };
});

const operation = fc.record({
  kind: fc.constantFrom('add', 'add', 'keyword', 'keyword', 'move', 'destroy', 'mailbox', 'source'),
  a: fc.nat(7),
  b: fc.nat(2),
  /** Writes after which the writer is killed. */
  killAfter: fc.option(fc.nat(14)),
  withSummary: fc.boolean(),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

const MAILBOX_IDS = ['inbox', 'trash', 'boat'];

/** What a writer makes of an operation, given the account as it is. */
async function draftOf(services: Services, id: string, op: Operation): Promise<CommitDraft | null> {
  const states = await getAllStates(services.table, id);
  const live = [...states.values()].sort((x, y) => (x.id < y.id ? -1 : 1));
  const email = live[op.a % Math.max(1, live.length)];
  const target = MAILBOX_IDS[op.b] ?? 'inbox';
  if (op.kind === 'add') return addDraft(op, states.has(MESSAGES[op.a]?.summary.emailId ?? ''), target);
  if (op.kind === 'mailbox') return mailboxDraft(await listMailboxes(services.table, id), op);
  if (op.kind === 'source') return sourceDraft(op);
  if (!email) return null;
  const { threadId } = email;
  if (op.kind === 'destroy') return { by: 'run', destroyed: [{ id: email.id, threadId }] };
  if (op.kind === 'keyword') {
    const keyword = ['$seen', '$flagged', '$draft'][op.b] ?? '$seen';
    const keywords = { [keyword]: !email.keywords.includes(keyword) };
    return { by: 'device', patched: [{ id: email.id, threadId, keywords }] };
  }
  const mailboxIds = { ...Object.fromEntries(email.mailboxIds.map(old => [old, false])), [target]: true };
  return { by: 'device', patched: [{ id: email.id, threadId, mailboxIds }] };
}

function addDraft(op: Operation, exists: boolean, target: string): CommitDraft | null {
  const found = MESSAGES[op.a];
  if (!found) return null;
  const { emailId: id, threadId } = found.summary;
  const location = `UID#${target}#1#${String(op.a).padStart(10, '0')}`;
  if (exists) {
    const patch = { mailboxIds: { [target]: true }, locations: { [location]: true } };
    return { by: 'run', patched: [{ id, threadId, ...patch }] };
  }
  const state = { mailboxIds: [target], keywords: op.b === 1 ? ['$seen'] : [], locations: [location] };
  return { by: 'run', created: [{ id, sha256: found.sha256, threadId, ...state }] };
}

/** Renames a mailbox, and now and then gives the role of trash to another. */
function mailboxDraft(mailboxes: readonly MailboxProperties[], op: Operation): CommitDraft {
  const at = (id: string) => mailboxes.find(mailbox => mailbox.id === id) ?? mailboxes[0];
  const change = (id: string, more: Partial<MailboxProperties>): MailboxProperties[] => {
    const mailbox = at(id);
    if (!mailbox) return [];
    const { name, path, parentId, role, sortOrder, isSubscribed, selectable } = mailbox;
    return [{ id: mailbox.id, name, path, parentId, role, sortOrder, isSubscribed, selectable, ...more }];
  };
  const boatIsTrash = at('boat')?.role === 'trash';
  const updated =
    op.b > 0
      ? change('inbox', { name: `Inbox ${op.a}` })
      : [
          ...change('trash', { role: boatIsTrash ? 'trash' : null }),
          ...change('boat', { role: boatIsTrash ? null : 'trash' }),
        ];
  return { by: 'run', mailboxes: { created: [], updated, destroyed: [] } };
}

function sourceDraft(op: Operation): CommitDraft {
  const location = `UID#inbox#1#${op.b}`;
  const entry = { location, path: 'INBOX', uid: String(op.b), code: 'protocol', reason: 'x', sha256: null };
  const cursor = { status: null, uidValidity: '1', handled: `1:${op.a + 1}`, stale: [], doubted: null };
  return {
    by: 'run',
    cursors: { inbox: { ...cursor, stuck: null } },
    ...(op.a % 2 ? { quarantined: [entry] } : { released: [location] }),
  };
}

/** One writer, which may be killed on the way. */
async function write(services: Services, id: string, op: Operation): Promise<void> {
  const own = op.killAfter === null ? services : mortal(services, op.killAfter).services;
  const found = MESSAGES[op.a];
  try {
    if (op.kind === 'add' && found) await own.blobs.put(blobKeys.raw(id, found.sha256), found.raw);
    const summaries = found && op.withSummary ? new Map([[found.summary.emailId, found.summary]]) : new Map();
    await commit(own, id, () => draftOf(own, id, op), { summaries });
  } catch (error) {
    assert.equal((error as Error).name, 'Killed', (error as Error).stack);
  }
}

async function seed(services: Services, id: string): Promise<void> {
  await commit(services, id, () => ({
    by: 'run',
    mailboxes: { created: MAILBOXES, updated: [], destroyed: [] },
  }));
}

/** Every row that follows from the log. */
async function projections(services: Services, id: string) {
  const rows = await queryAll(services.table, keys.partition(id), {});
  return rows
    .filter(row => !String(row.sk).startsWith(prefix.log))
    .map(({ pk: _, ...row }) => row)
    .map(row => JSON.parse(JSON.stringify(row)));
}

/** An account that has only ever had this log and these blobs. */
async function replayed(services: Services, from: string, to: string) {
  const log = await queryAll(services.table, keys.partition(from), { prefix: prefix.log });
  await putRows(
    services.table,
    log.map(row => ({ ...row, pk: keys.partition(to) })),
  );
  for (const { raw, sha256 } of MESSAGES) await services.blobs.put(blobKeys.raw(to, sha256), raw);
  await catchUp(services, to);
  return projections(services, to);
}

/** What readers see. */
async function visible(services: Services, id: string) {
  const states = await getAllStates(services.table, id);
  const listed: string[] = [];
  for await (const page of listEmails(services.table, id, { pageSize: 3 })) {
    listed.push(...page.map(email => email.summary.emailId));
  }
  return {
    states,
    emails: await getEmails(services.table, id, [...states.keys()]),
    listed,
    mailboxes: await listMailboxes(services.table, id),
    cursors: await listCursors(services.table, id),
    quarantine: await listQuarantine(services.table, id),
  };
}

function checkCounters({ states, mailboxes, emails, listed }: Awaited<ReturnType<typeof visible>>): void {
  const trash = mailboxes.find(mailbox => mailbox.role === 'trash')?.id ?? null;
  const counted = counterDeltas([], states.values(), trash);
  for (const { id, totalEmails, unreadEmails, totalThreads, unreadThreads } of mailboxes) {
    const none = { totalEmails: 0, unreadEmails: 0, totalThreads: 0, unreadThreads: 0 };
    assert.deepEqual({ totalEmails, unreadEmails, totalThreads, unreadThreads }, counted[id] ?? none, id);
  }
  const ids = [...states.keys()].sort();
  assert.deepEqual([...emails.keys()].sort(), ids);
  assert.deepEqual(listed, ids.reverse());
}

test('writers that race and are killed at any write leave a log that says everything', async t => {
  const services = await testServices(t);
  let accounts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(operation, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 10 }),
      fc.array(fc.nat(100), { maxLength: 4 }),
      async (rounds, late) => {
        const id = `a${accounts++}`;
        await seed(services, id);
        for (const round of rounds) await Promise.all(round.map(op => write(services, id, op)));
        const head = await catchUp(services, id);
        assert.deepEqual(await projections(services, id), await replayed(services, id, `${id}r`));
        const seen = await visible(services, id);
        checkCounters(seen);
        assert.equal(head.emails, seen.states.size);
        // Functions that were frozen go on, after everything else.
        const log = await readLog(services, id, 0);
        for (const i of late) {
          const old = log[i % log.length];
          if (old) await applyCommit(services, id, old);
        }
        assert.deepEqual(await visible(services, id), seen);
      },
    ),
    { numRuns: runs(6) },
  );
});

test('an Email that comes back after its destruction is there, with the state it came back with', async t => {
  const services = await testServices(t);
  await seed(services, 'a1');
  const step = (kind: Operation['kind'], b: number) =>
    write(services, 'a1', { kind, a: 0, b, killAfter: null, withSummary: false });
  await step('add', 0);
  await step('keyword', 1);
  await step('destroy', 0);
  assert.equal((await visible(services, 'a1')).states.size, 0);
  await step('add', 1);
  const [email] = (await visible(services, 'a1')).emails.values();
  assert.deepEqual(email?.state.mailboxIds, ['trash']);
  assert.deepEqual(email?.state.keywords, ['$seen']);
});

test('fifty commits by two writers who never wait for each other all land', async t => {
  const services = await testServices(t);
  await seed(services, 'a1');
  await write(services, 'a1', { kind: 'add', a: 0, b: 0, killAfter: null, withSummary: true });
  const { emailId: id, threadId } = MESSAGES[0]?.summary ?? { emailId: '', threadId: '' };
  const writer = async (name: string) => {
    for (let i = 0; i < 25; i++) {
      const keywords = { [`${name}${i}`]: true };
      await commit(services, 'a1', () => ({ by: 'device', patched: [{ id, threadId, keywords }] }));
    }
  };
  await Promise.all(['x', 'y'].map(writer));
  const [email] = (await visible(services, 'a1')).emails.values();
  assert.equal(email?.state.keywords.length, 50);
  assert.equal((await catchUp(services, 'a1')).applied, 52);
});

test('a commit whose acknowledgement was lost is known as its own, and counted once', async t => {
  const services = await testServices(t);
  // The SDK sends a write again when the answer is late; the second try finds the first one's row in its way.
  const stuttering = aroundTable(services, async ({ input }, send) => {
    if (input.Item?.sk?.startsWith(prefix.log)) await send();
    return send();
  });
  const created = { created: MAILBOXES, updated: [], destroyed: [] };
  const written = await commit(stuttering, 'a1', () => ({ by: 'run', mailboxes: created }));
  assert.equal(written?.n, 1);
  assert.equal((await catchUp(services, 'a1')).applied, 1);
  assert.equal((await readLog(services, 'a1', 0)).length, 1);
});

test('a pushed commit that is gone meanwhile is no reason to fail', async t => {
  const services = await testServices(t);
  const mailboxes = { created: MAILBOXES, updated: [], destroyed: [] };
  const first = await commit(services, 'a1', () => ({ by: 'device', mailboxes }), { expires: false });
  const second = await commit(services, 'a1', () => ({ by: 'run', pushed: 1 }));
  assert.ok(first && second, 'both were written');
  await deleteRow(services.table, keys.log('a1', 1));
  await letExpire(services, 'a1', [first, second]);
  const rows = await queryAll(services.table, keys.partition('a1'), { prefix: prefix.log });
  assert.deepEqual(
    rows.map(({ sk }) => sk),
    [keys.log('a1', 2).sk],
  );
});

test('a commit that no item can hold is refused before it is written, counters included', async t => {
  const services = await testServices(t);
  const mailboxIds = Array.from({ length: 6_000 }, (_, i) => `m${i}`);
  const before = (await catchUp(services, 'a1')).applied;
  const { sha256, raw, summary } = MESSAGES[0] as (typeof MESSAGES)[number];
  await services.blobs.put(blobKeys.raw('a1', sha256), raw);
  const { emailId: id, threadId } = summary;
  const email = { id, sha256, threadId, keywords: [], locations: [], mailboxIds };
  await assert.rejects(
    commit(services, 'a1', () => ({ by: 'run', created: [email] })),
    { code: 'too-large' },
  );
  assert.equal((await catchUp(services, 'a1')).applied, before);
});
