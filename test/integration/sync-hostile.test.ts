import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SourceError } from '../../functions/source/errors.ts';
import type { MailSource } from '../../functions/source/source.ts';
import type { MailboxCursor } from '../../functions/store/commit.ts';
import { imapLocation } from '../../functions/store/keys.ts';
import { catchUp, commit } from '../../functions/store/log.ts';
import { listCursors, listMailboxes, listQuarantine } from '../../functions/store/mailboxes.ts';
import { addUids, packUidSet } from '../../functions/sync/ranges.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { countFetched } from '../support/counted.ts';
import { person } from '../support/deletion.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { memoryImap } from '../support/memory-imap.ts';
import { testServices } from '../support/table.ts';

/** An IMAP account on a server in memory, which may say more than a commit can hold, or other than servers should. */
async function prepared(t: TestContext) {
  const server = memoryImap();
  let clock = Date.now();
  const { services, fetched } = countFetched({ ...(await testServices(t)), now: () => clock });
  await testAccount(services, 'a1', { protocol: 'imap', port: 1, username: 'mara', password: 'x' });
  const odd: { change: (source: MailSource) => Partial<MailSource> } = { change: () => ({}) };
  const open = async () => {
    const source = server.open();
    return { ...source, ...odd.change(source) };
  };
  return {
    ...{ server, services, fetched, odd, person: person(services, 'a1') },
    run: () => pull(services, 'a1', { open }),
    pass: (ms: number) => {
      clock += ms;
    },
    /** Changes the cursor of a mailbox, as a run would have. */
    async setCursor(name: string, changes: Partial<MailboxCursor>) {
      const id = (await listMailboxes(services.table, 'a1')).find(each => each.name === name)?.id ?? '';
      const before = (await listCursors(services.table, 'a1')).get(id) ?? assert.fail(`no cursor of ${name}`);
      await commit(services, 'a1', () => ({ by: 'run', cursors: { [id]: { ...before, ...changes } } }));
    },
    async cursorOf(name: string) {
      const id = (await listMailboxes(services.table, 'a1')).find(each => each.name === name)?.id ?? '';
      return (await listCursors(services.table, 'a1')).get(id);
    },
  };
}

test('keywords without end neither stop an account nor what is pulled with them', async t => {
  const { server, run, person, services } = await prepared(t);
  const flags = (count: number, of: string) =>
    Array.from({ length: count }, (_, i) => `${of}${i}-`.padEnd(255, 'x'));
  const giveFlags = (uid: number, names: readonly string[]) => {
    for (const name of names) server.flag('INBOX', uid, name, true);
  };
  for (let i = 1; i <= 8; i++) {
    server.deliver('INBOX', letter(`letter${i}`));
    giveFlags(i, flags(300, 'a'));
  }
  server.deliver('INBOX', letter('worst'));
  giveFlags(9, flags(1_700, 'a'));
  assert.equal(await run(), 'done');
  assert.equal((await person.subjects()).length, 8, 'all but one are here');
  const [kept, ...others] = await listQuarantine(services.table, 'a1');
  assert.deepEqual([kept?.uid, kept?.code, others.length], ['9', 'too-large', 0]);
  for (let i = 1; i <= 8; i++) {
    for (const name of flags(300, 'a')) server.flag('INBOX', i, name, false);
    giveFlags(i, flags(300, 'b'));
  }
  giveFlags(1, flags(1_700, 'c'));
  assert.equal(await run(), 'done');
  const { emails } = await contentsOf(services, 'a1');
  const counts = emails.map(({ state }) => state.keywords.filter(each => each.startsWith('b')).length);
  assert.deepEqual(counts, Array(8).fill(300), 'in as many commits as it takes');
  assert.equal(await run(), 'idle', 'it comes to rest');
  server.deliver('INBOX', letter('later'));
  assert.equal(await run(), 'done');
  assert.equal((await person.subjects()).length, 9);
});

test('what several copies in one mailbox show is one change, whatever their order, and no change again', async t => {
  const { server, run, services, pass } = await prepared(t);
  for (let copy = 1; copy <= 3; copy++) server.deliver('INBOX', letter('one'));
  const keywords = async () => (await contentsOf(services, 'a1')).emails[0]?.state.keywords.join();
  const applied = async () => (await catchUp(services, 'a1')).applied;
  assert.equal(await run(), 'done');
  server.flag('INBOX', 2, 'work', true);
  server.flag('INBOX', 1, 'later', true);
  assert.equal(await run(), 'done');
  assert.equal(await keywords(), 'later,work');
  server.flag('INBOX', 3, 'work', true);
  server.flag('INBOX', 1, 'later', false);
  assert.equal(await run(), 'done');
  assert.equal(await keywords(), 'work');
  pass(25 * 3_600_000);
  assert.equal(await run(), 'done');
  const before = await applied();
  pass(25 * 3_600_000);
  assert.equal(await run(), 'done');
  assert.equal(await keywords(), 'work', 'nobody has changed anything');
  assert.ok((await applied()) - before <= 2, 'the time of the listing is noted, and nothing else');
});

test('what a device destroyed stays destroyed when its mailbox is made anew under the same UIDVALIDITY', async t => {
  const { server, run, person } = await prepared(t);
  for (const subject of ['one', 'two', 'three']) server.deliver('INBOX', letter(subject));
  assert.equal(await run(), 'done');
  server.expunge('INBOX', 3);
  assert.equal(await run(), 'done');
  await person.destroy('one');
  server.rebuild('INBOX', true);
  for (let runs = 0; runs < 4; runs++) await run();
  assert.deepEqual(await person.subjects(), ['two'], 'it does not come back');
  await person.set({ deletionFrozen: false });
  for (let runs = 0; runs < 4; runs++) await run();
  assert.equal(await run(), 'idle', 'it comes to rest');
  assert.equal(server.boxes.get('INBOX')?.messages.size, 1, 'it is deleted there, too');
  assert.deepEqual(await person.subjects(), ['two']);
});

test('a mailbox that is only a parent any more loses its mail at the second look, and stays as the parent', async t => {
  const { server, run, odd, person, services } = await prepared(t);
  server.create('Work/Sub');
  server.deliver('INBOX', letter('one'));
  server.deliver('Work', letter('two'));
  server.deliver('Work/Sub', letter('three'));
  assert.equal(await run(), 'done');
  const isParentOnly = (source: MailSource): Partial<MailSource> => ({
    mailboxes: async () =>
      (await source.mailboxes()).map(each =>
        each.path === 'Work' ? { ...each, selectable: false, status: null } : each,
      ),
  });
  odd.change = isParentOnly;
  await run();
  assert.deepEqual(await person.subjects(), ['one', 'three', 'two'], 'one answer is not believed');
  odd.change = () => ({});
  await run();
  odd.change = isParentOnly;
  await run();
  assert.deepEqual(await person.subjects(), ['one', 'three', 'two'], 'it was there in between');
  assert.equal(await run(), 'done');
  assert.deepEqual(await person.subjects(), ['one', 'three']);
  const boxes = await listMailboxes(services.table, 'a1');
  const [work, sub] = ['Work', 'Sub'].map(name => boxes.find(each => each.name === name));
  assert.deepEqual([work?.totalEmails, work?.selectable, sub?.parentId], [0, false, work?.id]);
  assert.equal(await run(), 'idle', 'it comes to rest');
  odd.change = () => ({});
  assert.equal(await run(), 'done');
  assert.deepEqual(await person.subjects(), ['one', 'three', 'two'], 'what it holds again is here again');
});

for (const isFull of [false, true]) {
  const listed = isFull ? 'a whole' : 'an incremental';
  test(`what a cursor has no room to tell the rows tell, in ${listed} listing`, async t => {
    const { server, run, odd, person, services, fetched, pass, setCursor, cursorOf } = await prepared(t);
    for (let i = 1; i <= 9; i++) server.deliver('INBOX', letter(`letter${i}`));
    odd.change = source => ({
      async *fetch(path, entries) {
        const error = new SourceError('refused', 'This one cannot be had.');
        for (const { uid } of entries.filter(each => each.uid === '5')) yield { uid, error };
        yield* source.fetch(
          path,
          entries.filter(each => each.uid !== '5'),
        );
      },
    });
    assert.equal(await run(), 'done');
    await person.destroy('letter3');
    assert.equal(await run(), 'done');
    assert.equal(server.boxes.get('INBOX')?.messages.size, 9, 'what is in quarantine keeps deletions back');
    await setCursor('Inbox', { handled: '8:9', handledFrom: 8 });
    fetched();
    for (const [uid, flag] of [
      [4, '$flagged'],
      [3, '$seen'],
      [5, '$seen'],
    ] as const) {
      server.flag('INBOX', uid, flag, true);
    }
    server.expunge('INBOX', 2);
    server.deliver('INBOX', letter('later'));
    if (isFull) pass(25 * 3_600_000);
    assert.equal(await run(), 'done');
    const left = [1, 4, 6, 7, 8, 9].map(i => `letter${i}`);
    assert.deepEqual(await person.subjects(), ['later', ...left]);
    assert.equal(fetched(), 1, 'only what is new');
    const { lines } = await contentsOf(services, 'a1');
    assert.ok(
      lines.some(line => line.includes('$flagged letter4')),
      lines.join(),
    );
    assert.equal((await listQuarantine(services.table, 'a1')).length, 1);
    assert.equal((await cursorOf('Inbox'))?.handledFrom, undefined, 'with room it tells all again');
    assert.equal(await run(), 'idle', 'it comes to rest');
  });
}

test('cursors that are too heavy for one commit together, or alone, are committed', async t => {
  const { server, run, odd, setCursor, cursorOf, services } = await prepared(t);
  const names = ['A', 'B', 'C'];
  for (const name of names) server.create(name);
  server.deliver('A', letter('one'));
  assert.equal(await run(), 'done');
  const random = (most: number) => Array.from({ length: most }, () => 1 + Math.floor(Math.random() * 4e9));
  for (const name of names) await setCursor(name, { handled: packUidSet(addUids([], random(55_000))) });
  odd.change = source => ({
    mailboxes: async () => (await source.mailboxes()).filter(({ path }) => !names.includes(path)),
  });
  assert.equal(await run(), 'done');
  const missed = await Promise.all(names.map(cursorOf));
  assert.deepEqual(
    missed.map(cursor => cursor?.missedAt !== undefined),
    [true, true, true],
  );
  for (const name of names) await setCursor(name, { handled: packUidSet(addUids([], random(90_000))) });
  odd.change = () => ({});
  assert.equal(await run(), 'done');
  const back = await Promise.all(names.map(cursorOf));
  assert.deepEqual(
    back.map(cursor => cursor?.missedAt),
    [undefined, undefined, undefined],
  );
  assert.ok(
    back.every(cursor => cursor && cursor.handled.length <= 220_000 && cursor.handledFrom),
    'bounded',
  );
  assert.equal((await contentsOf(services, 'a1')).lines.length, 1);
});

test('one message thousands of times over does not outgrow the row of its Email', async t => {
  const { server, run, services, person } = await prepared(t);
  server.deliver('INBOX', letter('one'));
  assert.equal(await run(), 'done');
  const [email] = (await contentsOf(services, 'a1')).emails;
  assert.ok(email, 'an Email');
  const { id, threadId } = email.state;
  const copies = Array.from({ length: 4_999 }, (_, i) => [imapLocation('m1', '1', String(i + 1)), true]);
  await commit(services, 'a1', () => ({
    by: 'run',
    patched: [{ id, threadId, locations: Object.fromEntries(copies) }],
  }));
  server.deliver('INBOX', letter('one'));
  server.deliver('INBOX', letter('two'));
  assert.equal(await run(), 'done');
  assert.deepEqual(await person.subjects(), ['one', 'two']);
  const apart = await listQuarantine(services.table, 'a1');
  assert.deepEqual(
    apart.map(({ uid, code }) => [uid, code]),
    [['2', 'too-many-copies']],
  );
  const after = (await contentsOf(services, 'a1')).emails.map(({ state }) => state.locations.length);
  assert.deepEqual(after.sort(), [1, 5_000]);
  assert.equal(await run(), 'idle');
});
