import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openImap } from '../../functions/source/imap.ts';
import type { SourceMailbox } from '../../functions/source/source.ts';
import { letter } from '../support/imap-source.ts';
import { type ImapScript, scriptedImapServer } from '../support/scripted-imap-server.ts';

/** The scripted server reads and writes octets as Latin-1. */
const octets = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** A server that lists these rows: flags, delimiter and name as they stand on the wire. */
async function listing(t: TestContext, rows: readonly string[], script: ImapScript = {}) {
  const server = await scriptedImapServer(t, {
    ...script,
    answer: command => {
      const { name, args, tag } = command;
      if (name === 'ENABLE') return `* ENABLED UTF8=ACCEPT\r\n${tag} OK\r\n`;
      if (name === 'LSUB') return `${tag} OK\r\n`;
      if (name !== 'LIST' || args === '"" ""') return script.answer?.(command);
      return Buffer.from(`${rows.map(row => `* LIST ${row}\r\n`).join('')}${tag} OK\r\n`, 'utf8');
    },
  });
  const source = await openImap(server.settings);
  t.after(() => source.close(true));
  const mailboxes = new Map((await source.mailboxes()).map(mailbox => [mailbox.path, mailbox]));
  return { server, source, mailboxes };
}

const place = (mailbox: SourceMailbox | undefined) =>
  mailbox && [mailbox.parentPath, mailbox.name, mailbox.delimiter, mailbox.selectable];

test('the separator is the server’s: dot, slash, or none at all', async t => {
  const { mailboxes } = await listing(t, [
    '() "." INBOX',
    '() "." INBOX.Projects.a/b',
    '() "/" "Shared/c.d"',
    '() NIL "Flat.name/with both"',
  ]);
  assert.deepEqual(place(mailboxes.get('INBOX.Projects.a/b')), ['INBOX.Projects', 'a/b', '.', true]);
  assert.deepEqual(place(mailboxes.get('INBOX.Projects')), ['INBOX', 'Projects', '.', false]);
  assert.deepEqual(place(mailboxes.get('Shared/c.d')), ['Shared', 'c.d', '/', true]);
  assert.deepEqual(place(mailboxes.get('Flat.name/with both')), [null, 'Flat.name/with both', null, true]);
});

test('what cannot be selected is a parent only, and is not asked for its status', async t => {
  const { server, mailboxes } = await listing(
    t,
    [
      '() "/" INBOX',
      '(\\Noselect \\HasChildren) "/" "[Gmail]"',
      '(\\HasNoChildren \\All) "/" "[Gmail]/Alle Nachrichten"',
      '(\\HasNoChildren \\Trash) "/" "[Gmail]/Papierkorb"',
      '(\\NonExistent \\Subscribed) "/" Forgotten',
    ],
    { capabilities: 'SPECIAL-USE' },
  );
  const found = [...mailboxes.values()].map(({ path, selectable, role }) => [path, selectable, role]);
  assert.deepEqual(found.sort(), [
    ['Forgotten', false, null],
    ['INBOX', true, 'inbox'],
    ['[Gmail]', false, null],
    ['[Gmail]/Alle Nachrichten', true, 'all'],
    ['[Gmail]/Papierkorb', true, 'trash'],
  ]);
  assert.ok(!server.commands.some(command => /^STATUS .*(Gmail\]"|Forgotten)/.test(command)), 'not asked');
});

const guessed = [
  ['de', 'Gesendet', 'Papierkorb', 'Entw&APw-rfe', 'Spam', 'Archiv'],
  ['de, Outlook', 'Gesendete Elemente', 'Gel&APY-schte Elemente', 'Entw&APw-rfe', 'Junk-E-Mail', 'Archiv'],
  ['fr', 'Envoy&AOk-s', 'Corbeille', 'Brouillons', 'Ind&AOk-sirables', 'Archives'],
  ['es', 'Enviados', 'Papelera', 'Borradores', 'Correo no deseado', 'Archivo'],
  ['ja', '&kAFP4W4IMH8-', '&MLQw33ux-', '&Tgtm+DBN-', '&j,dg0TDhMPww6w-', '&MKIw,DCrMKQw1g-'],
] as const;

for (const [language, ...names] of guessed) {
  test(`roles are guessed from names (${language}), and no role is given twice`, async t => {
    const rows = ['INBOX', ...names, 'Old/Sent', 'Old/Trash'].map(name => `() "/" "${name}"`);
    const { mailboxes } = await listing(t, rows);
    const roles = [...mailboxes.values()].flatMap(({ role }) => role ?? []);
    assert.deepEqual(roles.sort(), ['archive', 'drafts', 'inbox', 'junk', 'sent', 'trash']);
    assert.deepEqual([mailboxes.get('Old/Sent')?.role, mailboxes.get('Old/Trash')?.role], [null, null]);
  });
}

for (const [what, script, onWire] of [
  ['modified UTF-7', {}, '"Entw&APw-rfe &- &ZeVnLA-"'],
  ['UTF-8, once that is accepted', { capabilities: 'ENABLE UTF8=ACCEPT' }, octets('"Entwürfe & 日本"')],
] as const) {
  test(`a name goes over the wire as ${what}, in every command`, async t => {
    const path = 'Entwürfe & 日本';
    const listed = Buffer.from(onWire, 'latin1').toString('utf8');
    const { server, source, mailboxes } = await listing(t, ['() "/" INBOX', `() "/" ${listed}`], script);
    assert.equal(mailboxes.get(path)?.status?.uidValidity, '7');
    const { writer } = source;
    assert.ok(writer, 'IMAP takes changes');
    await source.snapshot(path, null);
    await writer.append(path, letter('one'), [], 0);
    await writer.createMailbox(path);
    await writer.subscribe(path, false);
    await writer.copy('INBOX', ['1'], path);
    for (const name of ['STATUS', 'EXAMINE', 'APPEND', 'CREATE', 'SUBSCRIBE', 'UNSUBSCRIBE']) {
      assert.ok(
        server.commands.some(command => command.startsWith(`${name} ${onWire}`)),
        `${name} ${server.commands}`,
      );
    }
    assert.ok(server.commands.includes(`UID COPY 1 ${onWire}`), 'UID COPY');
  });
}
