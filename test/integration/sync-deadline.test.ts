import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PullRequest, Services } from '../../functions/services.ts';
import { getHealth, newHealth, putHealth } from '../../functions/store/health.ts';
import { catchUp } from '../../functions/store/log.ts';
import { listQuarantine } from '../../functions/store/mailboxes.ts';
import { runAccount } from '../../functions/sync/run.ts';
import { createHandler } from '../../functions/sync.ts';
import { deliver } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { onTheWire, startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { testServices } from '../support/table.ts';

const raw = (subject: string) =>
  Buffer.from(`Message-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\nBody\r\n`);

/** More than the first slice holds. */
const IN_INBOX = 40;

for (const protocol of ['imap', 'pop'] as const) {
  test(`a first ${protocol} import comes to its end although no run has any time`, async t => {
    const server = await testMailServer(t);
    for (let i = 0; i < IN_INBOX; i++) await deliver(server, TEST_USER.name, 'INBOX', raw(`m${i}`));
    if (protocol === 'imap') await deliver(server, TEST_USER.name, 'Old', raw('old'));
    const services = await testServices(t);
    const login = { protocol, port: server.ports[protocol], username: TEST_USER.name };
    await testAccount(services, 'a1', { ...login, password: TEST_USER.password });
    let before = 0;
    let runs = 0;
    for (let outcome = 'continue'; outcome === 'continue'; runs++) {
      assert.ok(runs < 20, 'it does not end');
      outcome = await pull(services, 'a1', { deadline: services.now() + (runs % 2) });
      const { applied } = await catchUp(services, 'a1');
      assert.ok(applied > before, `run ${runs} ended as ${outcome} and has committed nothing`);
      before = applied;
    }
    assert.ok(runs > 1, 'each run stops at its deadline');
    assert.equal(
      (await contentsOf(services, 'a1')).emails.length,
      protocol === 'imap' ? IN_INBOX + 1 : IN_INBOX,
    );
    assert.equal((await getHealth(services.table, 'a1')).phase, 'ok');
  });
}

test('a server that falls silent costs a run no more than its time, and a message too slow for a whole run is set aside', async t => {
  const mails = ['first', 'second', 'third'].map(subject => ({ uidl: subject, raw: raw(subject) }));
  const server = await startScriptedPopServer({
    mails,
    on: {
      RETR: async (client, argument) => {
        if (argument === '2') return client.send(Buffer.from('+OK\r\nSubject: ha'));
        await client.send(
          Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(mails[Number(argument) - 1]?.raw ?? Buffer.of())]),
        );
      },
    },
  });
  t.after(() => server.close());
  const services = await testServices(t);
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  const outcomes: string[] = [];
  while (outcomes.at(-1) !== 'done') {
    assert.ok(outcomes.length < 10, `it does not end: ${outcomes}`);
    const now = services.now();
    outcomes.push(await runAccount(services, 'a1', { deadline: now, cutOff: now + 2_000, reason: 'due' }));
  }
  const { emails } = await contentsOf(services, 'a1');
  assert.deepEqual(emails.map(email => email.summary.subject).sort(), ['first', 'third']);
  assert.deepEqual(
    (await listQuarantine(services.table, 'a1')).map(({ uid }) => uid),
    ['second'],
  );
});

interface Sent {
  request: PullRequest;
  delaySeconds: number;
}

/** The sync function with a queue that remembers delays, too. */
async function handlerOf(t: TestContext) {
  const sent: Sent[] = [];
  const services: Services = await testServices(t, {
    queue: {
      async send(requests, { delaySeconds = 0 } = {}) {
        sent.push(...requests.map(request => ({ request, delaySeconds })));
      },
    },
  });
  const handle = createHandler(services);
  const deliverRequest = (request: PullRequest, remaining?: number) =>
    handle(
      { Records: [{ messageId: 'm', body: JSON.stringify(request) }] } as Parameters<typeof handle>[0],
      remaining === undefined ? {} : { getRemainingTimeInMillis: () => remaining },
    );
  return { services, sent, deliverRequest };
}

test('what a person asked for is asked for again while another run is at work', async t => {
  const { services, sent, deliverRequest } = await handlerOf(t);
  await testAccount(services, 'a1', { protocol: 'pop', port: 1, username: 'mara', password: 'x' });
  const busy = { ...newHealth, phase: 'pulling' as const, leaseOwner: 'other' };
  await putHealth(services.table, 'a1', { ...busy, leaseUntil: services.now() + 15_000 });
  await deliverRequest({ accounts: ['a1'], reason: 'asked' });
  const [first] = sent;
  assert.equal(first?.request.reason, 'asked');
  assert.equal(first?.request.retry?.ids, null);
  assert.ok((first?.delaySeconds ?? 0) > 0, 'not at once');
  const retry = { since: 5, ids: ['q1'] };
  await deliverRequest({ accounts: ['a1'], reason: 'asked', retry });
  assert.deepEqual(sent[1]?.request, { accounts: ['a1'], reason: 'asked', retry });
  await deliverRequest({ accounts: ['a1'], reason: 'continued', retry });
  assert.deepEqual(sent[2]?.request, { accounts: ['a1'], reason: 'continued', retry });
  await deliverRequest({ accounts: ['a1'], reason: 'due' });
  assert.deepEqual(sent[3]?.request, { accounts: ['a1'], reason: 'continued' });
  await deliverRequest({ accounts: ['a1'], reason: 'continued' });
  assert.equal(sent.length, 4, 'and no chain without end');
});

test('accounts for which there is no time any more go back to the queue as they were asked for', async t => {
  const { services, sent, deliverRequest } = await handlerOf(t);
  const accounts = Array.from({ length: 8 }, (_, i) => `a${i}`);
  for (const id of accounts) {
    await testAccount(services, id, { protocol: 'pop', port: 1, username: 'mara', password: 'x' });
  }
  await deliverRequest({ accounts, reason: 'due' }, 0);
  const phases = await Promise.all(accounts.map(id => getHealth(services.table, id)));
  const tried = accounts.filter((_, i) => phases[i]?.phase === 'failing');
  const [back] = sent;
  assert.equal(sent.length, 1);
  assert.equal(back?.request.reason, 'due');
  assert.deepEqual([...tried, ...(back?.request.accounts ?? [])], accounts);
  assert.ok(tried.length > 0, 'some are begun however little time there is');
});
