import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { catchUp, commit } from '../../functions/store/log.ts';
import { deliver, doveadm, type MailServer } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { hideExtensions } from '../support/imap-source.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { testServices } from '../support/table.ts';

const USER = TEST_USER.name;
const MINUTE = 60_000;
async function account(t: TestContext, server: MailServer) {
  let clock = Date.now();
  const services = await testServices(t, { now: () => clock });
  const login = { protocol: 'imap', port: server.ports.imap, username: USER } as const;
  await testAccount(services, 'a1', { ...login, password: TEST_USER.password });
  assert.equal(await pull(services, 'a1'), 'done');
  return {
    services,
    lines: async () =>
      (await contentsOf(services, 'a1')).lines.map(line => line.split(' ').slice(0, 3).join(' ')).sort(),
    applied: async () => (await catchUp(services, 'a1')).applied,
    pullAfter: (minutes: number) => {
      clock += minutes * MINUTE;
      return pull(services, 'a1');
    },
  };
}

test('a flag that is removed from one of several copies is removed, where the server has no mod-sequences', async t => {
  const server = await testMailServer(t);
  await hideExtensions(server, ['CONDSTORE', 'QRESYNC']);
  for (const mailbox of ['INBOX', 'Copy']) await deliver(server, USER, mailbox, letter('one'), ['\\Flagged']);
  await deliver(server, USER, 'INBOX', letter('two'), ['\\Flagged']);
  const { lines, applied, pullAfter } = await account(t, server);
  await pullAfter(20);
  assert.deepEqual(await lines(), ['Copy+Inbox $flagged one', 'Inbox $flagged two']);
  await doveadm(server, ['flags', 'remove', '-u', USER, '\\Flagged', 'mailbox', 'INBOX', 'all']);
  await pullAfter(20);
  assert.deepEqual(await lines(), ['Copy+Inbox  one', 'Inbox  two']);
  const before = await applied();
  await pullAfter(20);
  assert.deepEqual(await lines(), ['Copy+Inbox  one', 'Inbox  two']);
  assert.equal(await applied(), before, 'the other copy still has it, which is no news');
  await doveadm(server, ['flags', 'add', '-u', USER, '\\Answered', 'mailbox', 'Copy', 'all']);
  await pullAfter(20);
  assert.deepEqual(await lines(), ['Copy+Inbox $answered one', 'Inbox  two']);
});

test('once a day every message is compared, whatever the mod-sequences say', async t => {
  const server = await testMailServer(t);
  for (const subject of ['one', 'two']) await deliver(server, USER, 'INBOX', letter(subject), ['\\Seen']);
  const { services, lines, applied, pullAfter } = await account(t, server);
  const { emails } = await contentsOf(services, 'a1');
  const [email] = emails;
  assert.ok(email, 'an Email');
  const { emailId: id, threadId } = email.summary;
  const keywords = { $seen: false, $junk: true };
  await commit(services, 'a1', () => ({ by: 'run', patched: [{ id, threadId, keywords }] }));
  assert.equal(await pullAfter(1), 'idle');
  assert.equal(await pullAfter(23 * 60), 'idle');
  await pullAfter(2 * 60);
  assert.deepEqual(await lines(), ['Inbox $seen one', 'Inbox $seen two']);
  assert.equal(await pullAfter(1), 'idle');
  const before = await applied();
  await pullAfter(25 * 60);
  const once = (await applied()) - before;
  assert.ok(once <= 6, `one commit a mailbox, not ${once}`);
  assert.equal(await pullAfter(1), 'idle');
});
