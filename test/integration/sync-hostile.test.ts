import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { MailSource } from '../../functions/source/source.ts';
import { catchUp } from '../../functions/store/log.ts';
import { listMailboxes, listQuarantine } from '../../functions/store/mailboxes.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { letter, person } from '../support/deletion.ts';
import { memoryImap } from '../support/memory-imap.ts';
import { testServices } from '../support/table.ts';

/** An IMAP account on a server in memory, which may say more than a commit can hold, or other than servers should. */
async function prepared(t: TestContext) {
  const server = memoryImap();
  let clock = Date.now();
  const services = { ...(await testServices(t)), now: () => clock };
  await testAccount(services, 'a1', { protocol: 'imap', port: 1, username: 'mara', password: 'x' });
  const odd: { change: (source: MailSource) => Partial<MailSource> } = { change: () => ({}) };
  const open = async () => {
    const source = server.open();
    return { ...source, ...odd.change(source) };
  };
  return {
    ...{ server, services, odd, person: person(services, 'a1') },
    run: () => pull(services, 'a1', { open }),
    pass: (ms: number) => {
      clock += ms;
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
