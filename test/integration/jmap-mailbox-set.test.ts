import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { getAllStates } from '../../functions/store/emails.ts';
import { readLog } from '../../functions/store/log.ts';
import { addEmails, jmapClient, seedAccount } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

type Refused = Record<string, { type: string; properties?: string[] }>;
type Box = Record<string, unknown> & { id: string; name: string; parentId: string | null };

async function prepared(t: TestContext, protocol: 'imap' | 'pop' = 'imap') {
  const services = await testServices(t);
  await seedAccount(services, 'a1', { protocol });
  const client = jmapClient(services);
  const set = (args: object) => client.call('Mailbox/set', { accountId: 'a1', ...args });
  const boxes = async () =>
    new Map(
      ((await client.call('Mailbox/get', { accountId: 'a1' })).list as Box[]).map(box => [box.id, box]),
    );
  const refused = async (args: object) => {
    const { notCreated, notUpdated, notDestroyed } = await set(args);
    const all = { ...(notCreated as Refused), ...(notUpdated as Refused), ...(notDestroyed as Refused) };
    return Object.values(all).map(({ type, properties = [] }) => [type, ...properties].join(' '));
  };
  return { services, ...client, set, boxes, refused };
}

test('mailboxes are made, moved and destroyed in one call each, parents before children', async t => {
  const { services, set, boxes, request } = await prepared(t);
  const answer = await set({
    create: {
      c: { name: 'Gräfin', parentId: '#p', isSubscribed: false },
      p: { name: 'Trips', sortOrder: 3 },
    },
  });
  const made = answer.created as Record<string, Box>;
  assert.equal(answer.notCreated, null);
  const [c = '', p = ''] = [made.c?.id, made.p?.id];
  assert.deepEqual(Object.keys(made.p ?? {}).sort(), [
    ...['id', 'isSubscribed', 'myRights', 'parentId', 'role', 'totalEmails', 'totalThreads'],
    ...['unreadEmails', 'unreadThreads'],
  ]);
  const found = (await boxes()).get(c);
  assert.deepEqual([found?.name, found?.parentId, found?.isSubscribed], ['Gräfin', p, false]);
  assert.equal((await boxes()).get(p)?.sortOrder, 3);
  assert.equal(answer.oldState, '1');
  assert.equal(answer.newState, '2');
  assert.deepEqual(services.asked, [{ accounts: ['a1'], reason: 'changed' }]);
  assert.equal((await readLog(services, 'a1', 1))[0]?.expires, undefined);

  const moved = await set({ update: { [c]: { parentId: null, name: 'Countess', isSubscribed: true } } });
  assert.deepEqual(moved.updated, { [c]: null });
  const after = (await boxes()).get(c);
  assert.deepEqual([after?.name, after?.parentId, after?.isSubscribed], ['Countess', null, true]);
  await set({ update: { [c]: { parentId: p } } });
  const { methodResponses } = await request([
    ['Mailbox/set', { accountId: 'a1', create: { n: { name: 'New', parentId: c } } }],
    ['Mailbox/set', { accountId: 'a1', destroy: [p, c, '#n'] }],
    ['Mailbox/changes', { accountId: 'a1', sinceState: '1' }],
  ]);
  const [, second, changes] = methodResponses.map(([, result]) => result as Record<string, unknown>);
  assert.equal(new Set(second?.destroyed as string[] | undefined).size, 3);
  assert.deepEqual([changes?.created, changes?.updated, changes?.destroyed], [[], [], []]);
  assert.deepEqual([...(await boxes()).keys()].sort(), ['boat', 'inbox', 'trash', 'work']);
});

test('what comes and goes in one call leaves nothing behind', async t => {
  const { set, boxes } = await prepared(t);
  const answer = await set({ create: { x: { name: 'X' } }, destroy: ['#x'] });
  assert.ok((answer.created as Record<string, Box>).x, 'it was made');
  assert.equal((answer.destroyed as string[]).length, 1);
  assert.equal((await boxes()).size, 4);
  assert.equal(answer.newState, answer.oldState);
});

test('a mailbox is refused where the RFC says so, each object alone', async t => {
  const { set, refused, boxes, error } = await prepared(t);
  const made = await set({ create: { a: { name: 'A' } } });
  const a = (made.created as Record<string, Box>).a?.id ?? '';
  const wrong: [object, string][] = [
    [{}, 'invalidProperties name'],
    [{ name: '' }, 'invalidProperties name'],
    [{ name: ' A' }, 'invalidProperties name'],
    [{ name: 'a\u0000b' }, 'invalidProperties name'],
    [{ name: 'u\u0308' }, 'invalidProperties name'],
    [{ name: 'x'.repeat(256) }, 'invalidProperties name'],
    [{ name: 'A' }, 'invalidProperties name'],
    [{ name: 'inBox' }, 'invalidProperties name'],
    [{ name: 'B', parentId: 'nowhere' }, 'invalidProperties parentId'],
    [{ name: 'B', parentId: '#nothing' }, 'invalidProperties parentId'],
    [{ name: 'B', role: 'archive' }, 'invalidProperties role'],
    [{ name: 'B', sortOrder: -1 }, 'invalidProperties sortOrder'],
    [{ name: 'B', isSubscribed: null }, 'invalidProperties isSubscribed'],
    [{ name: 'B', totalEmails: 0, id: 'b', nonsense: 1 }, 'invalidProperties totalEmails id nonsense'],
  ];
  for (const [object, expected] of wrong) {
    assert.deepEqual(await refused({ create: { x: object } }), [expected], JSON.stringify(object));
  }
  assert.deepEqual(
    await refused({ create: { x: { name: 'X', parentId: '#y' }, y: { name: 'Y', parentId: '#x' } } }),
    ['invalidProperties parentId', 'invalidProperties parentId'],
  );
  const update = (id: string, patch: object) => refused({ update: { [id]: patch } });
  assert.deepEqual(await update('gone', { name: 'B' }), ['notFound']);
  assert.deepEqual(await update('inbox', { name: 'B' }), ['forbidden']);
  assert.deepEqual(await update('work', { name: 'B' }), ['forbidden']);
  assert.deepEqual(await update(a, { parentId: a }), ['invalidProperties parentId']);
  assert.deepEqual(await update(a, { name: null }), ['invalidProperties name']);
  assert.deepEqual(await update(a, { role: 'archive' }), ['invalidProperties role']);
  assert.deepEqual(await update(a, { 'name/x': 'B' }), ['invalidPatch']);
  assert.deepEqual(await update(a, { 'myRights/mayDelete': false }), [
    'invalidProperties myRights/mayDelete',
  ]);
  assert.deepEqual(await update(a, (await boxes()).get(a) ?? {}), []);
  assert.deepEqual(await update(a, { 'myRights/mayDelete': true }), []);
  assert.deepEqual(await refused({ update: { [a]: { name: 'B' } }, destroy: [a] }), ['willDestroy']);
  assert.deepEqual(await refused({ destroy: ['inbox', 'work', 'trash', 'gone'] }), [
    ...['forbidden', 'forbidden', 'forbidden', 'notFound'],
  ]);
  const twins = await refused({ create: { x: { name: 'Twin' }, y: { name: 'Twin' } } });
  assert.deepEqual(twins, ['invalidProperties name']);
  assert.equal(await error('Mailbox/set', { accountId: 'a1', ifInState: '1' }), 'stateMismatch');
});

test('a mailbox with mail or children goes only when the client means it', async t => {
  const { services, set, refused, boxes } = await prepared(t);
  const made = await set({ create: { p: { name: 'P' }, c: { name: 'C', parentId: '#p' } } });
  const { p, c } = made.created as Record<string, Box>;
  const [pId = '', cId = ''] = [p?.id, c?.id];
  await addEmails(services, 'a1', [
    { subject: 'both', mailboxIds: [cId, 'inbox'] },
    { subject: 'alone', mailboxIds: [cId] },
  ]);
  assert.deepEqual(await refused({ destroy: [pId] }), ['mailboxHasChild']);
  assert.deepEqual(await refused({ destroy: [pId, cId] }), ['mailboxHasEmail', 'mailboxHasChild']);
  const answer = await set({ destroy: [pId, cId], onDestroyRemoveEmails: true });
  assert.deepEqual((answer.destroyed as string[]).sort(), [pId, cId].sort());
  const states = [...(await getAllStates(services.table, 'a1')).values()];
  assert.deepEqual(
    states.map(state => state.mailboxIds),
    [['inbox']],
  );
  const inbox = (await boxes()).get('inbox');
  assert.deepEqual([inbox?.totalEmails, inbox?.unreadThreads], [1, 1]);
});

test('a mailbox with more mail than one commit holds is emptied in several', async t => {
  const { services, set } = await prepared(t);
  const made = await set({ create: { m: { name: 'Many' } } });
  const id = (made.created as Record<string, Box>).m?.id ?? '';
  const emails = Array.from({ length: 620 }, (_, i) => ({
    subject: `m${i}`,
    mailboxIds: i % 2 ? [id] : [id, 'inbox'],
  }));
  for (let from = 0; from < emails.length; from += 310) {
    await addEmails(services, 'a1', emails.slice(from, from + 310));
  }
  const answer = await set({ destroy: [id], onDestroyRemoveEmails: true, ifInState: '4' });
  assert.deepEqual([answer.oldState, answer.newState, answer.destroyed], ['4', '6', [id]]);
  const states = [...(await getAllStates(services.table, 'a1')).values()];
  assert.equal(states.length, 310);
  assert.ok(
    states.every(({ mailboxIds }) => mailboxIds.join() === 'inbox'),
    'all are in the Inbox alone',
  );
});

test('POP’s own mailboxes stay as they are; those of a person live here and are told to nobody', async t => {
  const { services, set, refused, boxes } = await prepared(t, 'pop');
  const rights = async (id: string) => {
    const rightsNow = (await boxes()).get(id)?.myRights ?? {};
    const { mayRename, mayDelete, mayCreateChild } = rightsNow as Record<string, boolean>;
    return [mayRename, mayDelete, mayCreateChild];
  };
  assert.deepEqual(await rights('trash'), [false, false, true]);
  assert.deepEqual(await refused({ update: { trash: { name: 'Bin' } }, destroy: ['inbox'] }), [
    'forbidden',
    'forbidden',
  ]);
  const made = await set({ create: { k: { name: 'a/b.c' } } });
  const id = (made.created as Record<string, Box>).k?.id ?? '';
  assert.deepEqual(await rights(id), [true, true, true]);
  await set({ update: { [id]: { name: 'Kept' } } });
  await set({ destroy: [id] });
  const log = await readLog(services, 'a1', 1);
  assert.ok(
    log.every(({ by, expires }) => by === 'device' && expires !== undefined),
    'nothing waits to be told',
  );
  assert.deepEqual(services.asked, []);
});
