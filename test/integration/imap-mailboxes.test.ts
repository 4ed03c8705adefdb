import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarize } from '../../functions/mime/parse.ts';
import { openImap } from '../../functions/source/imap.ts';
import type { MailSource } from '../../functions/source/source.ts';
import { deliver, doveadm } from '../../infra/local/mail-server.ts';
import { expectFailure } from '../support/imap-failure.ts';
import { bodies, expunge, flag, flagsOf, letter, open, USER, uidsOf } from '../support/imap-source.ts';
import { testMailServer } from '../support/mail-server.ts';
import { scriptedImapServer } from '../support/scripted-imap-server.ts';

const NAMES = ['Plain', 'Zwei Wörter & mehr', 'Projekte/Boot/日本 ⛵', 'quotes " and \\', '100% *', "a'b{3}"];

async function shown(source: MailSource) {
  const mailboxes = await source.mailboxes();
  return new Map(mailboxes.filter(({ selectable }) => selectable).map(mailbox => [mailbox.path, mailbox]));
}

function writerOf({ writer }: MailSource) {
  assert.ok(writer, 'IMAP takes changes');
  return writer;
}

test('mailboxes of any name are made, filled, renamed and deleted, each told twice', async t => {
  const server = await testMailServer(t);
  const source = await open(t, server);
  const writer = writerOf(source);
  for (const path of NAMES) {
    for (const _time of [1, 2]) await writer.createMailbox(path);
    const made = (await shown(source)).get(path);
    assert.ok(made, path);
    assert.deepEqual([made.subscribed, made.delimiter], [true, '/']);
    const raw = letter(path);
    const appended = await writer.append(path, raw, ['$seen', 'boat'], Date.UTC(2020, 1, 2, 3, 4, 5));
    assert.deepEqual(appended, { uidValidity: made.status?.uidValidity, uid: '1' });
    const snapshot = await source.snapshot(path, null);
    assert.deepEqual(snapshot.entries[0]?.keywords, ['$seen', 'boat']);
    assert.deepEqual(await bodies(source, path, snapshot), new Map([['1', raw]]));
    const newPath = `Renamed/${path}`;
    for (const _time of [1, 2]) await writer.renameMailbox(path, newPath);
    const renamed = await shown(source);
    assert.deepEqual([renamed.has(path), renamed.get(newPath)?.subscribed], [false, true], path);
    assert.deepEqual(uidsOf(await source.snapshot(newPath, null)), ['1']);
    for (const _time of [1, 2]) await writer.deleteMailbox(newPath);
    assert.equal((await shown(source)).has(newPath), false, path);
  }
  const subscribed = await doveadm(server, ['mailbox', 'list', '-s', '-u', USER]);
  assert.doesNotMatch(subscribed, /Renamed|Plain|Boot/);
});

test('a renamed mailbox takes the subscriptions below it along, and no others', async t => {
  const server = await testMailServer(t);
  const source = await open(t, server);
  const writer = writerOf(source);
  for (const path of ['A', 'A/one', 'A/two', 'AB']) await writer.createMailbox(path);
  await doveadm(server, ['mailbox', 'unsubscribe', '-u', USER, 'A/two']);
  await source.snapshot('A/one', null);
  await writer.renameMailbox('A', 'B');
  const after = await shown(source);
  const found = ['A', 'A/one', 'A/two', 'AB', 'B', 'B/one', 'B/two'].map(path => after.get(path)?.subscribed);
  assert.deepEqual(found, [undefined, undefined, undefined, true, true, true, false]);
});

test('what the server refuses about a mailbox is said in a sentence', async t => {
  const server = await testMailServer(t);
  const source = await open(t, server);
  const writer = writerOf(source);
  const refused = expectFailure('refused');
  await assert.rejects(writer.createMailbox('Bad//Name'), refused);
  await assert.rejects(writer.createMailbox(''), refused);
  await assert.rejects(writer.createMailbox('A\r\nz1 DELETE INBOX'), refused);
  await assert.rejects(writer.renameMailbox('Missing', 'Other'), refused);
  await assert.rejects(writer.renameMailbox('Sent', 'Trash'), refused);
  await assert.rejects(writer.deleteMailbox('INBOX'), refused);
  await assert.rejects(writer.append('Missing', letter('one'), [], 0), refused);
  assert.ok((await shown(source)).has('Sent'), 'the session goes on');
});

test('a server that says NO and BAD without a code is believed only where the mailbox shows it', async t => {
  const server = await scriptedImapServer(t, {
    answer: ({ name, tag, args }) => {
      if (name === 'CREATE') return args === 'INBOX' ? `${tag} NO It exists\r\n` : `${tag} BAD What?\r\n`;
      return name === 'DELETE' ? `${tag} NO No such thing\r\n` : undefined;
    },
  });
  const source = await openImap(server.settings);
  t.after(() => source.close(true));
  const writer = writerOf(source);
  await writer.createMailbox('INBOX');
  assert.ok(server.commands.includes('SUBSCRIBE INBOX'), 'subscribed');
  await assert.rejects(writer.createMailbox('New'), expectFailure('refused', /create the folder “New”/));
  await writer.deleteMailbox('Gone');
  await assert.rejects(writer.deleteMailbox('INBOX'), expectFailure('refused'));
});

test('only the named messages are deleted, and those that were there are given', async t => {
  const server = await testMailServer(t);
  for (const text of ['one', 'two', 'three', 'four']) await deliver(server, USER, 'INBOX', letter(text));
  await flag(server, 'add', '4', '\\Deleted');
  const source = await open(t, server);
  assert.ok(source.remover, 'Dovecot has UIDPLUS');
  await source.snapshot('INBOX', null);
  await expunge(server, '2');
  assert.deepEqual([...(await source.remover.remove('INBOX', ['1', '2', '3', '77']))].sort(), ['1', '3']);
  assert.deepEqual(await source.remover.remove('INBOX', ['1', '3']), []);
  // What somebody else marked is still there.
  assert.deepEqual(uidsOf(await source.snapshot('INBOX', null)), ['4']);
});

test('nothing can be deleted without UIDPLUS, and nothing is ever expunged bare', async t => {
  const plain = await scriptedImapServer(t);
  const source = await openImap(plain.settings);
  assert.equal(source.remover, null);
  await source.close(true);

  const raw = letter('one');
  const server = await scriptedImapServer(t, {
    capabilities: 'UIDPLUS',
    messages: [
      { uid: 1, raw },
      { uid: 2, raw },
    ],
  });
  const other = await openImap(server.settings);
  // It says OK to UID EXPUNGE and keeps the message.
  assert.deepEqual(await other.remover?.remove('INBOX', ['1']), []);
  await other.close(true);
  const told = server.commands.filter(command => /EXPUNGE|CLOSE/.test(command));
  assert.deepEqual(told, ['UID EXPUNGE 1']);
});

test('hints are what a stored summary says of the message', async t => {
  const server = await testMailServer(t);
  const messages = [
    'Message-ID: <a@example.com>\r\nDate: Mon, 3 Feb 2020 10:00:00 +0900\r\nSubject: x\r\n\r\nbody\r\n',
    'DATE: Tue, 4 Feb 2020 10:00:00 -0000 (UTC)\r\nmessage-id:\r\n <folded\r\n @example.com>\r\n\r\nbody\r\n',
    `Date: nonsense\r\nMessage-ID: <${'long'.repeat(100)}@example.com>\r\n\r\n`,
    'Message-ID: <first@example.com>\r\nSubject: twice\r\nMessage-ID: <second@example.com>\r\n\r\n',
    'Subject: neither\r\n\r\nDate: Mon, 3 Feb 2020 10:00:00 +0900\r\n',
    'From: na\xefve\r\nMessage-ID: <\xe9@example.com>\r\n\r\n\xff\r\n',
  ].map(text => Buffer.from(text, 'latin1'));
  for (const raw of messages) await deliver(server, USER, 'INBOX', raw);
  await deliver(server, USER, 'INBOX', letter('gone'));
  const source = await open(t, server);
  assert.ok(source.hints, 'IMAP can tell');
  await source.snapshot('INBOX', null);
  await expunge(server, '7');
  const uids = [...messages.keys(), 6].map(index => String(index + 1));
  const hints = await source.hints('INBOX', uids);
  const expected = messages.map((raw, index) => {
    const { size, messageId, sentAt } = summarize(raw);
    return { uid: String(index + 1), size, messageId, sentAt };
  });
  assert.deepEqual(hints, expected);
  // Asking marks nothing as read.
  assert.deepEqual(await flagsOf(server, '1'), []);
});

test('APPEND gives no place where the server does not say it, and a full mailbox is said', async t => {
  const quiet = await scriptedImapServer(t);
  const source = await openImap(quiet.settings);
  assert.equal(await source.writer?.append('Sent', letter('one'), ['$seen'], 0), null);
  await source.close(true);
  const full = await scriptedImapServer(t, {
    answer: ({ name, tag }) => (name === 'APPEND' ? `${tag} NO [OVERQUOTA] Full\r\n` : undefined),
  });
  const other = await openImap(full.settings);
  await assert.rejects(
    writerOf(other).append('Sent', letter('one'), [], 0),
    expectFailure('temporary', /full/),
  );
  await other.close(true);

  const limited = await scriptedImapServer(t, { capabilities: 'APPENDLIMIT=10' });
  const third = await openImap(limited.settings);
  await assert.rejects(
    writerOf(third).append('Sent', letter('one'), [], 0),
    expectFailure('refused', /large/),
  );
  await third.close(true);
});
