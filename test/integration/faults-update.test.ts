import assert from 'node:assert/strict';
import { deliver, doveadm } from '../../infra/local/mail-server.ts';
import { pull } from '../support/accounts.ts';
import { type FaultWorld, testFaults } from '../support/fault-scenario.ts';
import { letter } from '../support/letters.ts';

/** Another client's work: new mail, a flag, a move and an expunge. */
testFaults({
  name: 'an update over IMAP',
  protocol: 'imap',
  async prepare({ services, server }: FaultWorld, user) {
    for (const subject of ['stays', 'flagged', 'moved', 'gone'])
      await deliver(server, user, 'INBOX', letter(subject));
    assert.equal(await pull(services, user), 'done');
    await deliver(server, user, 'INBOX', letter('new'));
    const inbox = ['mailbox', 'INBOX', 'subject'];
    await doveadm(server, ['flags', 'add', '-u', user, '\\Flagged', ...inbox, 'flagged']);
    await doveadm(server, ['move', '-u', user, 'Archive', ...inbox, 'moved']);
    await doveadm(server, ['expunge', '-u', user, ...inbox, 'gone']);
  },
  expect({ lines, atSource }) {
    assert.deepEqual(atSource, ['Archive moved', 'INBOX flagged \\Flagged', 'INBOX new', 'INBOX stays']);
    assert.equal(lines.length, 4);
  },
});

testFaults({
  name: 'an update over POP',
  protocol: 'pop',
  async prepare({ services, server }: FaultWorld, user) {
    for (const subject of ['stays', 'gone']) await deliver(server, user, 'INBOX', letter(subject));
    assert.equal(await pull(services, user), 'done');
    await deliver(server, user, 'INBOX', letter('new'));
    await deliver(server, user, 'INBOX', letter('newer'));
    await doveadm(server, ['expunge', '-u', user, 'mailbox', 'INBOX', 'subject', 'gone']);
  },
  expect({ lines, atSource }) {
    assert.deepEqual(atSource, ['INBOX new', 'INBOX newer', 'INBOX stays']);
    assert.equal(lines.length, 4, 'what left a POP server stays here');
  },
});
