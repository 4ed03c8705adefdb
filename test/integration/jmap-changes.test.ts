import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { summarize } from '../../functions/mime/parse.ts';
import type { Services } from '../../functions/services.ts';
import type { CommitDraft, CreatedEmail } from '../../functions/store/commit.ts';
import { getAllStates, getThreadMembers } from '../../functions/store/emails.ts';
import { blobKeys, keys } from '../../functions/store/keys.ts';
import { commit } from '../../functions/store/log.ts';
import { deleteRow } from '../../functions/store/table.ts';
import { jmapClient, MAILBOXES, message, seedAccount } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';
import { runs } from '../support/thorough.ts';

const MESSAGES = Array.from({ length: 9 }, (_, i) => {
  const raw = message({ subject: `m${i}`, at: 1_700_000_000 + i, ...(i >= 3 && { replyTo: `m${i % 3}` }) });
  return { raw, summary: summarize(raw) };
});

const operation = fc.record({
  kind: fc.constantFrom('add', 'add', 'keyword', 'locate', 'destroy', 'rename'),
  /** Which messages, as bits. */
  which: fc.integer({ min: 1, max: 511 }),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
const chosen = ({ which }: Operation) => MESSAGES.filter((_, i) => which & (1 << i)).map(m => m.summary);

async function draftOf(services: Services, id: string, op: Operation): Promise<CommitDraft> {
  const live = await getAllStates(services.table, id);
  const emails = chosen(op);
  const existing = emails.filter(email => live.has(email.emailId));
  const target = ({ emailId, threadId }: (typeof emails)[number]) => ({ id: emailId, threadId });
  if (op.kind === 'rename') {
    const updated = MAILBOXES.slice(0, 1).map(mailbox => ({ ...mailbox, name: `Inbox ${op.which}` }));
    return { by: 'run', mailboxes: { created: [], updated, destroyed: [] } };
  }
  if (op.kind === 'destroy') return { by: 'run', destroyed: existing.map(target) };
  if (op.kind === 'keyword') {
    return {
      by: 'run',
      patched: existing.map(email => ({ ...target(email), keywords: { [`k${op.which}`]: true } })),
    };
  }
  if (op.kind === 'locate') {
    const locations = { [`UID#inbox#1#${op.which}`]: true };
    return { by: 'run', patched: existing.map(email => ({ ...target(email), locations })) };
  }
  const created: CreatedEmail[] = emails
    .filter(email => !live.has(email.emailId))
    .map(email => ({
      ...target(email),
      sha256: email.sha256,
      ...{ mailboxIds: ['inbox'], keywords: [], locations: [] },
    }));
  return { by: 'run', created };
}

/** What a client keeps of a type: the version of each object it has. */
type Cache = Map<string, string>;
type Snapshot = Record<'Email' | 'Thread' | 'Mailbox', Cache>;

async function snapshot(services: Services, id: string): Promise<Snapshot> {
  const states = await getAllStates(services.table, id);
  const threads = await getThreadMembers(
    services.table,
    id,
    [...states.values()].map(s => s.threadId),
  );
  const members = new Map<string, string[]>();
  for (const state of threads.values()) {
    members.set(state.threadId, [...(members.get(state.threadId) ?? []), state.id].sort());
  }
  const mailboxes = (await jmapClient(services).call('Mailbox/get', { accountId: id })).list as {
    id: string;
  }[];
  return {
    Email: new Map([...states.values()].map(s => [s.id, JSON.stringify([s.keywords, s.mailboxIds])])),
    Thread: new Map([...members].map(([threadId, ids]) => [threadId, ids.join()])),
    Mailbox: new Map(mailboxes.map(mailbox => [mailbox.id, JSON.stringify(mailbox)])),
  };
}

interface Changes {
  newState: string;
  hasMoreChanges: boolean;
  created: string[];
  updated: string[];
  destroyed: string[];
}

/**
 * Plays a client: fetches what /changes names, forgets what is destroyed, until there is no more. What it fetches is
 * what the server has at the end. Checks RFC 8620 section 5.2 on the way.
 */
async function follow(
  services: Services,
  accountId: string,
  type: keyof Snapshot,
  from: { state: string; cache: Cache },
  server: Cache,
  maxChanges: number | null,
): Promise<Cache> {
  const { call } = jmapClient(services);
  const cache = new Map(from.cache);
  let sinceState = from.state;
  for (let more = true; more; ) {
    const answer = await call(`${type}/changes`, { accountId, sinceState, maxChanges });
    const { newState, hasMoreChanges, created, updated, destroyed } = answer as unknown as Changes;
    const named = [...created, ...updated, ...destroyed];
    assert.equal(new Set(named).size, named.length);
    assert.ok(maxChanges === null || named.length <= maxChanges);
    if (maxChanges === null) {
      for (const id of created) assert.ok(!cache.has(id), 'created, but known');
      for (const id of updated) assert.ok(cache.has(id), 'updated, but unknown');
      for (const id of destroyed) assert.ok(cache.has(id), 'destroyed, but unknown');
    }
    for (const id of [...created, ...updated]) {
      const value = server.get(id);
      if (value !== undefined) cache.set(id, value);
    }
    for (const id of destroyed) cache.delete(id);
    assert.ok(newState !== sinceState || !hasMoreChanges, 'no progress');
    sinceState = newState;
    more = hasMoreChanges;
  }
  return cache;
}

test('changes folded from any state, in parts of any size, make the client what the server is', async t => {
  const services = await testServices(t);
  let accounts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 1, maxLength: 7 }),
      fc.nat(6),
      fc.option(fc.integer({ min: 1, max: 5 })),
      async (operations, from, maxChanges) => {
        const id = `a${accounts++}`;
        await seedAccount(services, id);
        for (const { raw, summary } of MESSAGES)
          await services.blobs.put(blobKeys.raw(id, summary.sha256), raw);
        const history = [{ state: '1', ...(await snapshot(services, id)) }];
        for (const op of operations) {
          const done = await commit(services, id, () => draftOf(services, id, op));
          if (done) history.push({ state: String(done.n), ...(await snapshot(services, id)) });
        }
        const start = history[from % history.length];
        const end = history.at(-1);
        assert.ok(start && end);
        for (const type of ['Email', 'Thread', 'Mailbox'] as const) {
          const known = { state: start.state, cache: start[type] };
          const cache = await follow(services, id, type, known, end[type], maxChanges);
          assert.deepEqual([...cache].sort(), [...end[type]].sort(), type);
        }
      },
    ),
    { numRuns: runs(8) },
  );
});

test('what was created and destroyed since appears nowhere, and a location is no change', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  for (const { raw, summary } of MESSAGES) await services.blobs.put(blobKeys.raw('a1', summary.sha256), raw);
  const run = (kind: Operation['kind'], which: number) =>
    commit(services, 'a1', () => draftOf(services, 'a1', { kind, which }));
  await run('add', 3);
  await run('locate', 1);
  await run('destroy', 2);
  const answer = await jmapClient(services).call('Email/changes', { accountId: 'a1', sinceState: '1' });
  assert.deepEqual(answer.created, [MESSAGES[0]?.summary.emailId]);
  assert.deepEqual([answer.updated, answer.destroyed], [[], []]);
  assert.deepEqual([answer.oldState, answer.newState, answer.hasMoreChanges], ['1', '4', false]);
  const later = await jmapClient(services).call('Email/changes', { accountId: 'a1', sinceState: '2' });
  assert.deepEqual([later.created, later.updated], [[], []]);
  assert.deepEqual(later.destroyed, [MESSAGES[1]?.summary.emailId]);
});

test('Mailbox/changes says when only counts changed', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  for (const { raw, summary } of MESSAGES) await services.blobs.put(blobKeys.raw('a1', summary.sha256), raw);
  const { call } = jmapClient(services);
  const changes = (sinceState: string) => call('Mailbox/changes', { accountId: 'a1', sinceState });
  await commit(services, 'a1', () => draftOf(services, 'a1', { kind: 'add', which: 1 }));
  const counted = await changes('1');
  assert.deepEqual(counted.updated, ['inbox']);
  assert.deepEqual(counted.updatedProperties, [
    'totalEmails',
    'unreadEmails',
    'totalThreads',
    'unreadThreads',
  ]);
  await commit(services, 'a1', () => draftOf(services, 'a1', { kind: 'rename', which: 1 }));
  assert.equal((await changes('1')).updatedProperties, null);
  assert.equal((await changes('0')).updatedProperties, null);
});

test('a state that the log has forgotten cannot be told from', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  for (const which of [1, 2]) {
    await commit(services, 'a1', () => draftOf(services, 'a1', { kind: 'rename', which }));
  }
  const { call, error } = jmapClient(services);
  await deleteRow(services.table, keys.log('a1', 2));
  for (const type of ['Email', 'Thread', 'Mailbox']) {
    const ask = (sinceState: string) => ({ accountId: 'a1', sinceState });
    assert.equal(await error(`${type}/changes`, ask('1')), 'cannotCalculateChanges');
    assert.equal(await error(`${type}/changes`, ask('3.1')), 'cannotCalculateChanges');
    assert.equal((await call(`${type}/changes`, ask('2'))).newState, '3');
    assert.equal((await call(`${type}/changes`, ask('3'))).newState, '3');
  }
});
