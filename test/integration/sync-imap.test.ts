import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catchUp } from '../../functions/store/log.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { deliver, doveadm, type MailServer } from '../../infra/local/mail-server.ts';
import { changeOnDevice, contentsOf, pull, testAccount } from '../support/accounts.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { type TestServices, testServices } from '../support/table.ts';

const USER = TEST_USER.name;
/** What Dovecot shows of a mailbox: `<subject> <flags>` a line. */
async function shown(server: MailServer, mailbox: string): Promise<string[]> {
  const out = await doveadm(server, [
    '-f',
    'tab',
    'fetch',
    '-u',
    USER,
    'hdr.subject flags',
    'mailbox',
    mailbox,
  ]);
  return out
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.replace('\\Recent', '').replace(/\s+/g, ' ').trim())
    .sort();
}

test('an IMAP account', async t => {
  const server = await testMailServer(t);
  const services = await testServices(t);
  const subjects = async () =>
    (await contentsOf(services, 'a1')).lines.map(line => line.split(' ').slice(0, 3).join(' '));
  const again = async () => assert.equal(await pull(services, 'a1'), 'done');

  await testAccount(services, 'a1', {
    protocol: 'imap',
    port: server.ports.imap,
    username: USER,
    password: TEST_USER.password,
  });
  await deliver(server, USER, 'INBOX', letter('one'), ['\\Seen']);
  await deliver(server, USER, 'INBOX', letter('two'));
  await deliver(server, USER, 'Work/Plans', letter('three'), ['\\Flagged', 'later']);
  await deliver(server, USER, 'Archive', letter('one'), ['\\Seen']);

  await t.test('is pulled whole, the same bytes in two mailboxes as one Email', async () => {
    await again();
    const { lines, counters } = await contentsOf(services, 'a1');
    assert.deepEqual(await subjects(), [
      'Archive+Inbox $seen one',
      'Inbox  two',
      'Plans $flagged+later three',
    ]);
    assert.equal(lines.length, 3);
    assert.deepEqual(counters.Inbox, [2, 1, 2, 1]);
    assert.deepEqual(counters.Archive, [1, 0, 1, 0]);
  });

  await t.test('an idle poll writes nothing', async () => {
    const before = await commitNumber(services);
    assert.equal(await pull(services, 'a1'), 'idle');
    assert.equal(await commitNumber(services), before);
  });

  await t.test('what runs commit is not read again at every look for what devices changed', async () => {
    const { applied, pushed } = await catchUp(services, 'a1');
    assert.equal(pushed, applied);
  });

  await t.test('takes over flags and new mail in one commit a mailbox', async () => {
    const before = await commitNumber(services);
    await doveadm(server, ['flags', 'add', '-u', USER, '\\Flagged', 'mailbox', 'INBOX', 'subject', 'two']);
    await deliver(server, USER, 'INBOX', letter('four'));
    await again();
    assert.ok((await subjects()).includes('Inbox $flagged two'));
    assert.ok((await subjects()).includes('Inbox  four'));
    assert.ok((await commitNumber(services)) - before <= 2);
    assert.equal(await pull(services, 'a1'), 'idle');
  });

  await t.test('tells the server what a device changed, once', async () => {
    await changeOnDevice(services, 'a1', 'two', { keywords: { $seen: true, $flagged: false } });
    await again();
    assert.ok((await shown(server, 'INBOX')).includes('two \\Seen'));
    assert.equal(await pull(services, 'a1'), 'idle');
  });

  await t.test('moves at the server what a device moved, without fetching it again', async () => {
    const boxes = await listMailboxes(services.table, 'a1');
    const id = (name: string) => boxes.find(mailbox => mailbox.name === name)?.id ?? '';
    await changeOnDevice(services, 'a1', 'four', {
      mailboxIds: { [id('Inbox')]: false, [id('Plans')]: true },
    });
    await again();
    assert.deepEqual(await shown(server, 'Work/Plans'), ['four', 'three \\Flagged later']);
    assert.deepEqual((await contentsOf(services, 'a1')).counters.Plans, [2, 2, 2, 2]);
    assert.equal(await pull(services, 'a1'), 'idle');
  });

  await t.test('follows a move by another client without losing the Email', async () => {
    await doveadm(server, ['move', '-u', USER, 'Archive', 'mailbox', 'INBOX', 'subject', 'two']);
    await again();
    assert.ok((await subjects()).includes('Archive $seen two'));
    assert.equal((await contentsOf(services, 'a1')).emails.length, 4);
  });

  await t.test('a message expunged at the source is destroyed; a copy elsewhere keeps it', async () => {
    await doveadm(server, ['expunge', '-u', USER, 'mailbox', 'INBOX', 'subject', 'one']);
    await doveadm(server, ['expunge', '-u', USER, 'mailbox', 'Archive', 'subject', 'two']);
    await again();
    const lines = await subjects();
    assert.ok(lines.includes('Archive $seen one'));
    assert.ok(!lines.some(line => line.endsWith('two')));
  });

  await t.test('a message that comes back after that is there again', async () => {
    await deliver(server, USER, 'INBOX', letter('two'));
    await again();
    assert.ok((await subjects()).includes('Inbox  two'));
  });

  await t.test('a mailbox that is deleted at the source goes, its copies elsewhere stay', async () => {
    await deliver(server, USER, 'INBOX', letter('three'));
    await doveadm(server, ['mailbox', 'delete', '-u', USER, 'Work/Plans']);
    await again();
    await pull(services, 'a1');
    const { counters } = await contentsOf(services, 'a1');
    assert.equal(counters.Plans, undefined);
    assert.ok((await subjects()).some(line => line.startsWith('Inbox') && line.endsWith('three')));
    assert.ok(!(await subjects()).some(line => line.endsWith('four')));
  });

  await t.test('a new UIDVALIDITY neither loses nor repeats anything', async () => {
    const before = await subjects();
    await doveadm(server, ['mailbox', 'update', '-u', USER, '--uid-validity', '4242', 'INBOX']);
    await again();
    await pull(services, 'a1');
    assert.deepEqual(await subjects(), before);
    assert.equal(await pull(services, 'a1'), 'idle');
  });

  await t.test('a device is heard although UIDVALIDITY changed before it was told', async () => {
    await changeOnDevice(services, 'a1', 'two', { keywords: { $seen: true, $flagged: true } });
    await doveadm(server, ['mailbox', 'update', '-u', USER, '--uid-validity', '5000', 'INBOX']);
    await again();
    assert.ok((await shown(server, 'INBOX')).includes('two \\Flagged \\Seen'));
    assert.ok((await subjects()).includes('Inbox $flagged+$seen two'));
  });

  await t.test('a device is heard although another client moved the message before it was told', async () => {
    await changeOnDevice(services, 'a1', 'one', { keywords: { $flagged: true } });
    await doveadm(server, ['move', '-u', USER, 'INBOX', 'mailbox', 'Archive', 'subject', 'one']);
    await again();
    assert.ok((await shown(server, 'INBOX')).includes('one \\Flagged \\Seen'));
    assert.ok((await subjects()).includes('Inbox $flagged+$seen one'));
  });

  await t.test('what a device and another client moved to different places is in both', async () => {
    const boxes = await listMailboxes(services.table, 'a1');
    const id = (name: string) => boxes.find(mailbox => mailbox.name === name)?.id ?? '';
    await deliver(server, USER, 'Drafts', letter('zero'));
    await again();
    await changeOnDevice(services, 'a1', 'one', {
      mailboxIds: { [id('Inbox')]: false, [id('Archive')]: true },
    });
    await doveadm(server, ['move', '-u', USER, 'Drafts', 'mailbox', 'INBOX', 'subject', 'one']);
    await again();
    assert.ok((await shown(server, 'Drafts')).includes('one \\Flagged \\Seen'));
    assert.ok((await shown(server, 'Archive')).includes('one \\Flagged \\Seen'));
    assert.ok((await subjects()).includes('Archive+Drafts $flagged+$seen one'));
  });

  await t.test('a message marked \\Deleted is not shown, and is again when it is unmarked', async () => {
    await doveadm(server, ['flags', 'add', '-u', USER, '\\Deleted', 'mailbox', 'INBOX', 'subject', 'two']);
    await again();
    assert.ok(!(await subjects()).some(line => line.endsWith('two')));
    await doveadm(server, ['flags', 'remove', '-u', USER, '\\Deleted', 'mailbox', 'INBOX', 'subject', 'two']);
    await again();
    assert.ok((await subjects()).some(line => line.endsWith('two')));
  });

  await t.test('a mailbox made anew under the same name and UIDVALIDITY hides no message', async () => {
    const validity = ['mailbox', 'update', '-u', USER, '--uid-validity', '77', 'Anew'];
    for (const subject of ['old1', 'old2', 'old3']) await deliver(server, USER, 'Anew', letter(subject));
    await doveadm(server, validity);
    await again();
    await doveadm(server, ['mailbox', 'delete', '-u', USER, 'Anew']);
    await deliver(server, USER, 'Anew', letter('new1'));
    await doveadm(server, validity);
    await changeOnDevice(services, 'a1', 'old1', { keywords: { $flagged: true } });
    await again();
    assert.ok((await subjects()).some(line => line.endsWith('new1')));
    assert.equal(await pull(services, 'a1'), 'idle');
    assert.deepEqual(await shown(server, 'Anew'), ['new1'], 'the message that got its UID is left alone');
  });

  await t.test('the sudden loss of most of a mailbox is believed at the second look only', async () => {
    for (let i = 0; i < 30; i++) await deliver(server, USER, 'Junk', letter(`junk${i}`));
    await again();
    await doveadm(server, ['expunge', '-u', USER, 'mailbox', 'Junk', 'all']);
    await changeOnDevice(services, 'a1', 'one', { keywords: { later: true } });
    await again();
    assert.equal((await contentsOf(services, 'a1')).counters.Junk?.[0], 30);
    await again();
    assert.equal((await contentsOf(services, 'a1')).counters.Junk?.[0], 0);
  });
});

async function commitNumber(services: TestServices): Promise<number> {
  return (await catchUp(services, 'a1')).applied;
}
