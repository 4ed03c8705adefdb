import assert from 'node:assert/strict';
import { deliver, doveadm } from '../../infra/local/mail-server.ts';
import { contentsOf, pull } from '../support/accounts.ts';
import { type FaultWorld, testFaults } from '../support/fault-scenario.ts';
import { jmapClient } from '../support/jmap.ts';
import { letter } from '../support/letters.ts';

/** Ids by subject and by role: what a device knows. */
async function known({ services }: FaultWorld, user: string) {
  const client = jmapClient(services);
  const { emails } = await contentsOf(services, user);
  const { list } = await client.call('Mailbox/get', { accountId: user, ids: null });
  return {
    client,
    email: (subject: string) => {
      const found = emails.find(({ summary }) => summary.subject === subject);
      assert.ok(found, `no Email ${subject}`);
      return found.summary.emailId;
    },
    mailbox: (role: string) => String(list.find(mailbox => mailbox.role === role)?.id),
  };
}

testFaults({
  name: 'changes in both directions over IMAP',
  protocol: 'imap',
  points: 5,
  async prepare(world, user) {
    const { services, server } = world;
    const subjects = ['read', 'moved', 'copied', 'destroyed', 'filed', 'flagged', 'gone'];
    for (const subject of subjects) await deliver(server, user, 'INBOX', letter(subject));
    assert.equal(await pull(services, user), 'done');
    await deliver(server, user, 'INBOX', letter('new'));
    const inbox = ['mailbox', 'INBOX', 'subject'];
    await doveadm(server, ['flags', 'add', '-u', user, '\\Flagged', ...inbox, 'flagged']);
    await doveadm(server, ['expunge', '-u', user, ...inbox, 'gone']);

    const { client, email, mailbox } = await known(world, user);
    const accountId = user;
    const made = await client.call('Mailbox/set', { accountId, create: { k: { name: 'Boats' } } });
    const boats = (made.created as { k: { id: string } }).k.id;
    const only = (id: string) => ({ mailboxIds: { [id]: true } });
    const update = {
      [email('read')]: { 'keywords/$seen': true },
      [email('moved')]: only(mailbox('archive')),
      [email('copied')]: { [`mailboxIds/${mailbox('archive')}`]: true },
      [email('filed')]: { ...only(boats), 'keywords/$flagged': true },
    };
    const answer = await client.call('Email/set', { accountId, update, destroy: [email('destroyed')] });
    assert.deepEqual([answer.notUpdated, answer.notDestroyed], [null, null]);
    const body = letter('imported').toString();
    const path = `/jmap/upload/${accountId}/`;
    const uploaded = await client.http('POST', path, { body, headers: { 'content-type': 'message/rfc822' } });
    const { blobId } = JSON.parse(uploaded.body ?? '');
    const emails = { k: { blobId, ...only(mailbox('sent')), keywords: { $seen: true } } };
    const imported = await client.call('Email/import', { accountId, emails });
    assert.equal(imported.notCreated, null, JSON.stringify(imported.notCreated));
  },
  expect({ lines, atSource }) {
    assert.deepEqual(atSource, [
      'Archive copied',
      'Archive moved',
      'Boats filed \\Flagged',
      'INBOX copied',
      'INBOX flagged \\Flagged',
      'INBOX new',
      'INBOX read \\Seen',
      'Sent imported \\Seen',
    ]);
    assert.equal(lines.length, 7);
  },
});
