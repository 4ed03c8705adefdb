import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceError } from '../../functions/source/errors.ts';
import { openImap } from '../../functions/source/imap.ts';
import type { SourceSettings } from '../../functions/source/source.ts';
import { deliver, doveadm } from '../../infra/local/mail-server.ts';
import { bodies, letter, open, settingsFor, USER } from '../support/imap-source.ts';
import { testMailServer } from '../support/mail-server.ts';
import { scriptedImapServer } from '../support/scripted-imap-server.ts';

test('every folder is listed: nested, unsubscribed, in any script, with its role', async t => {
  const server = await testMailServer(t);
  await deliver(server, USER, 'INBOX', letter('one'));
  await deliver(server, USER, 'Projekte/Boot & Haus/日本', letter('two'));
  await doveadm(server, ['mailbox', 'create', '-u', USER, 'Hidden ⛵']);
  const source = await open(t, server);
  const mailboxes = new Map((await source.mailboxes()).map(mailbox => [mailbox.path, mailbox]));
  assert.deepEqual([...mailboxes.keys()].sort(), [
    'Archive',
    'Drafts',
    'Hidden ⛵',
    'INBOX',
    'Junk',
    'Projekte',
    'Projekte/Boot & Haus',
    'Projekte/Boot & Haus/日本',
    'Sent',
    'Trash',
  ]);
  const roles = [...mailboxes.values()].filter(({ role }) => role !== null);
  assert.deepEqual(roles.map(({ path, role }) => `${path} ${role}`).sort(), [
    'Archive archive',
    'Drafts drafts',
    'INBOX inbox',
    'Junk junk',
    'Sent sent',
    'Trash trash',
  ]);
  assert.equal(mailboxes.get('Hidden ⛵')?.subscribed, false);
  const parent = mailboxes.get('Projekte/Boot & Haus');
  assert.deepEqual([parent?.parentPath, parent?.selectable, parent?.status], ['Projekte', false, null]);
  const child = mailboxes.get('Projekte/Boot & Haus/日本');
  assert.deepEqual([child?.name, child?.parentPath], ['日本', 'Projekte/Boot & Haus']);
  const snapshot = await source.snapshot('Projekte/Boot & Haus/日本', null);
  assert.deepEqual(snapshot.status, child?.status);
  assert.deepEqual(
    await bodies(source, 'Projekte/Boot & Haus/日本', snapshot),
    new Map([['1', letter('two')]]),
  );
});

test('roles are guessed from names where the server gives none, each once', async t => {
  const listed = [
    'INBOX',
    'INBOX.Gesendet',
    'INBOX.Papierkorb',
    'INBOX.Entwürfe',
    'INBOX.Sent',
    'INBOX.Spam',
  ];
  const server = await scriptedImapServer(t, {
    answer: ({ name, args, tag }) => {
      if (name !== 'LIST' || args === '"" ""') return undefined;
      const rows = listed.map(path => `* LIST () "." "${path.replace('ü', '&APw-')}"\r\n`);
      return `* LIST (\\Noselect) "." "Gone.Parent"\r\n${rows.join('')}${tag} OK\r\n`;
    },
  });
  const source = await openImap(server.settings);
  const mailboxes = await source.mailboxes();
  const roles = new Map(mailboxes.map(({ path, role }) => [path, role]));
  assert.equal(roles.get('INBOX'), 'inbox');
  assert.equal(roles.get('INBOX.Papierkorb'), 'trash');
  assert.equal(roles.get('INBOX.Entwürfe'), 'drafts');
  assert.equal(roles.get('INBOX.Spam'), 'junk');
  const given = [...roles.values()].filter(role => role !== null);
  assert.equal(new Set(given).size, given.length);
  assert.equal(given.filter(role => role === 'sent').length, 1);
  // Its parent was not listed at all.
  const parent = mailboxes.find(({ path }) => path === 'Gone');
  assert.deepEqual([parent?.selectable, parent?.parentPath], [false, null]);
  await source.close(true);
});

test('bytes are those the server holds, whatever they are, and reading marks nothing as read', async t => {
  const server = await testMailServer(t);
  const long = Buffer.from(`Subject: long\r\n\r\n${'0123456789abcdef\r\n'.repeat(700_000)}`);
  const messages = [
    Buffer.from('Subject: na\xefve\r\n\r\n\xff\xfe\x80 8 bit\r\n', 'latin1'),
    Buffer.from('Subject: dots\r\n\r\n.\r\n..\r\n.dot\r\n'),
    Buffer.from('Subject: no end\r\n\r\nno final newline'),
    Buffer.from('Subject: literal\r\n\r\n{5}\r\n) FLAGS (\\Seen)\r\n* BYE\r\n'),
    Buffer.from(`Subject: edge\r\n\r\n${'x'.repeat(256 * 1024)}\r\n`),
    Buffer.concat([Buffer.from('Subject: mega\r\n\r\n'), Buffer.alloc(1024 * 1024 - 17, 'y')]),
    long,
    ...Array.from({ length: 250 }, (_, index) => letter(`number ${index}`)),
  ];
  for (const raw of messages) await deliver(server, USER, 'INBOX', raw);
  const source = await open(t, server);
  const snapshot = await source.snapshot('INBOX', null);
  assert.equal(snapshot.entries.length, messages.length);
  const found = await bodies(source, 'INBOX', snapshot);
  for (const [index, raw] of messages.entries()) {
    const uid = String(index + 1);
    assert.ok(found.get(uid)?.equals(raw), `message ${uid} of ${raw.length} octets`);
  }
  // Asked of the server by itself: nothing has become \Seen.
  const again = await source.snapshot('INBOX', null);
  assert.ok(
    again.entries.every(({ keywords }) => !keywords?.includes('$seen')),
    'unread',
  );
});

test('a bare LF comes as the server sends it, and what it has as CR LF too', async t => {
  const server = await testMailServer(t);
  await deliver(server, USER, 'INBOX', Buffer.from('Subject: unix\n\nbare\n'));
  const source = await open(t, server);
  const snapshot = await source.snapshot('INBOX', null);
  const found = await bodies(source, 'INBOX', snapshot);
  assert.deepEqual([...found.values()], [Buffer.from('Subject: unix\r\n\r\nbare\r\n')]);
  assert.equal(snapshot.entries[0]?.size, found.get('1')?.length);
});

test('TLS and STARTTLS check the certificate, and a wrong password is told from everything else', async t => {
  const server = await testMailServer(t, { tls: true });
  const { imaps } = server.ports;
  assert.ok(imaps && server.certificate, 'it has TLS');
  const ca = server.certificate;
  await open(t, server, { port: imaps, security: 'tls', ca });
  await open(t, server, { security: 'starttls', ca, host: 'localhost' });
  const code = async (changes: Partial<SourceSettings>) => {
    const error = await openImap(settingsFor(server, changes)).then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof SourceError, 'it let us in');
    assert.match(error.message, /^\S.*[.”]$/);
    return error.code;
  };
  assert.equal(await code({ port: imaps, security: 'tls' }), 'tls');
  assert.equal(await code({ security: 'starttls' }), 'tls');
  assert.equal(await code({ security: 'tls', ca }), 'tls');
  assert.equal(await code({ port: imaps, timeout: 1_000 }), 'timeout');
  assert.equal(await code({ password: 'wrong' }), 'authentication');
  assert.equal(await code({ username: 'nobody' }), 'authentication');
});

test('a folder that does not exist is an error of that folder only', async t => {
  const server = await testMailServer(t);
  const source = await open(t, server);
  await assert.rejects(source.snapshot('No such folder', null), SourceError);
  assert.equal((await source.snapshot('INBOX', null)).complete, true);
  const report = await source.report();
  assert.deepEqual([report.mailboxes, report.messages], [6, 0]);
  assert.ok(report.capabilities.includes('IMAP4REV1'), 'IMAP4REV1');
});
