import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceError } from '../../functions/source/errors.ts';
import { deliver, doveadm } from '../../infra/local/mail-server.ts';
import {
  bodies,
  expunge,
  flag,
  flagsOf,
  hideExtensions,
  letter,
  open,
  USER,
  uidsOf,
} from '../support/imap-source.ts';
import { testMailServer } from '../support/mail-server.ts';

const extensions: [what: string, without: readonly string[], incremental: boolean][] = [
  ['with CONDSTORE and QRESYNC', [], true],
  ['with CONDSTORE alone', ['QRESYNC'], true],
  ['without CONDSTORE', ['QRESYNC', 'CONDSTORE', 'ENABLE'], false],
];

for (const [what, without, incremental] of extensions) {
  test(`${what} every change of another client is seen`, async t => {
    const server = await testMailServer(t);
    await hideExtensions(server, without);
    for (const text of ['one', 'two', 'three']) await deliver(server, USER, 'INBOX', letter(text));
    const source = await open(t, server);
    const { capabilities } = await source.report();
    for (const name of without) assert.ok(!capabilities.includes(name), name);
    const first = await source.snapshot('INBOX', null);
    assert.deepEqual([first.complete, uidsOf(first)], [true, ['1', '2', '3']]);

    const idle = await source.snapshot('INBOX', first.status);
    assert.deepEqual(idle.status, first.status);
    if (incremental) assert.deepEqual([idle.complete, idle.entries], [false, []]);

    await flag(server, 'add', '2', '\\Flagged Work');
    await deliver(server, USER, 'INBOX', letter('four'), ['\\Seen']);
    const second = await source.snapshot('INBOX', first.status);
    assert.equal(second.complete, !incremental);
    assert.deepEqual(uidsOf(second), incremental ? ['2', '4'] : ['1', '2', '3', '4']);
    const keywords = new Map(second.entries.map(entry => [entry.uid, entry.keywords]));
    assert.deepEqual([keywords.get('2'), keywords.get('4')], [['$flagged', 'work'], ['$seen']]);
    assert.equal(second.entries.find(({ uid }) => uid === '4')?.size, letter('four').length);

    await expunge(server, '1');
    const third = await source.snapshot('INBOX', second.status);
    if (third.complete) assert.deepEqual(uidsOf(third), ['2', '3', '4']);
    else assert.deepEqual([third.entries, third.vanished], [[], ['1']]);
    assert.equal(third.complete, without.length > 0);

    // One gone and one new at once: the count alone would not show it.
    await expunge(server, '3');
    await deliver(server, USER, 'INBOX', letter('five'));
    const fourth = await source.snapshot('INBOX', third.status);
    if (fourth.complete) assert.deepEqual(uidsOf(fourth), ['2', '4', '5']);
    else assert.deepEqual([uidsOf(fourth), fourth.vanished], [['5'], ['3']]);

    for (const uid of ['2', '4', '5']) await expunge(server, uid);
    const empty = await source.snapshot('INBOX', fourth.status);
    assert.deepEqual([empty.complete, empty.entries], [true, []]);
    const inbox = (await source.mailboxes()).find(({ path }) => path === 'INBOX');
    assert.deepEqual(inbox?.status, empty.status);
  });
}

test('another UIDVALIDITY gives a complete listing, and UIDs of before are not used again', async t => {
  const server = await testMailServer(t);
  await deliver(server, USER, 'Box', letter('one'));
  const source = await open(t, server);
  const before = await source.snapshot('Box', null);
  await source.snapshot('INBOX', null);
  await doveadm(server, ['mailbox', 'update', '-u', USER, '--uid-validity', '4242', 'Box']);
  await assert.rejects(bodies(source, 'Box', before), (error: unknown) => {
    assert.ok(error instanceof SourceError && error.code === 'temporary', 'temporary');
    return true;
  });
  const after = await source.snapshot('Box', before.status);
  assert.deepEqual([after.status.uidValidity, after.complete], ['4242', true]);
  assert.equal((await bodies(source, 'Box', after)).size, 1);
});

test('keywords go to the server and come back', async t => {
  const server = await testMailServer(t);
  await deliver(server, USER, 'INBOX', letter('one'), ['\\Answered', '$Forwarded']);
  await deliver(server, USER, 'INBOX', letter('two'));
  const source = await open(t, server);
  const first = await source.snapshot('INBOX', null);
  assert.deepEqual(first.entries[0]?.keywords, ['$answered', '$forwarded']);
  assert.ok(source.writer, 'IMAP takes changes');
  await source.writer.storeKeywords('INBOX', ['1', '2', '99'], ['$seen', '$flagged', 'boat'], ['$forwarded']);
  assert.deepEqual(await flagsOf(server, '1'), ['\\Answered', '\\Flagged', '\\Seen', 'boat']);
  assert.deepEqual(await flagsOf(server, '2'), ['\\Flagged', '\\Seen', 'boat']);
  await source.writer.storeKeywords('INBOX', ['1'], [], ['$seen', '$answered']);
  const second = await source.snapshot('INBOX', first.status);
  assert.deepEqual(
    second.entries.map(({ keywords }) => keywords),
    [
      ['$flagged', 'boat'],
      ['$flagged', '$seen', 'boat'],
    ],
  );
});

for (const [what, without] of [
  ['by UID MOVE', []],
  ['without MOVE', ['MOVE']],
] as const) {
  test(`messages move and copy ${what}, and the server says where they went`, async t => {
    const server = await testMailServer(t);
    await hideExtensions(server, without);
    for (const text of ['one', 'two', 'three']) await deliver(server, USER, 'INBOX', letter(text));
    await flag(server, 'add', '2', '\\Deleted');
    const source = await open(t, server);
    assert.ok(source.writer, 'IMAP takes changes');
    const trash = await source.snapshot('Trash', null);
    const moved = await source.writer.move('INBOX', ['3', '1', '77'], 'Trash');
    assert.ok(moved, 'COPYUID');
    assert.equal(moved.uidValidity, trash.status.uidValidity);
    assert.deepEqual([...moved.uids].sort(), [
      ['1', '1'],
      ['3', '2'],
    ]);
    const copied = await source.writer.copy('Trash', ['2'], 'Archive');
    assert.deepEqual([...(copied?.uids ?? [])], [['2', '1']]);
    assert.deepEqual(uidsOf(await source.snapshot('Trash', null)), ['1', '2']);
    assert.deepEqual(uidsOf(await source.snapshot('Archive', null)), ['1']);
    // What somebody else marked with \Deleted is still there, and shown.
    assert.deepEqual(uidsOf(await source.snapshot('INBOX', null)), ['2']);
    assert.equal(await source.writer.move('INBOX', [], 'Trash'), null);
  });
}

test('a message that vanishes between listing and fetching is skipped', async t => {
  const server = await testMailServer(t);
  for (const text of ['one', 'two']) await deliver(server, USER, 'INBOX', letter(text));
  await deliver(server, USER, 'INBOX', Buffer.alloc(300_000, 'x\r\n'));
  const source = await open(t, server);
  const snapshot = await source.snapshot('INBOX', null);
  for (const uid of ['1', '3']) await expunge(server, uid);
  assert.deepEqual([...(await bodies(source, 'INBOX', snapshot)).keys()], ['2']);
});
