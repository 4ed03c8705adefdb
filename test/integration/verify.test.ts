import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { blobKeys, imapLocation, keys } from '../../functions/store/keys.ts';
import { commit } from '../../functions/store/log.ts';
import { listCursors } from '../../functions/store/mailboxes.ts';
import { deleteRow } from '../../functions/store/table.ts';
import { holds } from '../../functions/sync/ledger.ts';
import { verifyAccount } from '../../functions/sync/verify.ts';
import { createHandler } from '../../functions/sync.ts';
import { deliver, type MailServer } from '../../infra/local/mail-server.ts';
import { localServices } from '../../infra/local/services.ts';
import { startTable } from '../../infra/local/table-process.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { testServices } from '../support/table.ts';

const message = (subject: string) =>
  Buffer.from(`Subject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\nHello\r\n`);
const LOGIN = { username: TEST_USER.name, password: TEST_USER.password };

async function deliverAll(server: MailServer, subjects: readonly string[]): Promise<void> {
  for (const subject of subjects) await deliver(server, TEST_USER.name, 'INBOX', message(subject));
}

describe('the ledger of an account', () => {
  for (const protocol of ['imap', 'pop'] as const) {
    test(`${protocol}: every message is stored, quarantined, destroyed or not reached`, async t => {
      const server = await testMailServer(t);
      const services = await testServices(t);
      const port = protocol === 'imap' ? server.ports.imap : server.ports.pop;
      const account = await testAccount(services, 'a1', { protocol, port, ...LOGIN });
      await deliverAll(server, ['one', 'two', 'three']);
      const before = await verifyAccount(services, account);
      assert.equal(holds(before), true, JSON.stringify(before));
      assert.deepEqual([before.atSource, before.notReached, before.stored], [3, 3, 0]);

      await pull(services, 'a1');
      await deliverAll(server, ['four']);
      const after = await verifyAccount(services, account, { deep: true });
      assert.equal(holds(after), true, JSON.stringify(after));
      assert.deepEqual([after.atSource, after.stored, after.notReached, after.emails], [4, 3, 1, 3]);

      const { emails } = await contentsOf(services, 'a1');
      const one = emails.find(({ summary }) => summary.subject === 'one');
      assert.ok(one, 'the first message is here');
      const { emailId: id, threadId } = one.summary;
      await commit(services, 'a1', () => ({ by: 'run', destroyed: [{ id, threadId }] }));
      const destroyed = await verifyAccount(services, account);
      assert.equal(holds(destroyed), true, JSON.stringify(destroyed));
      assert.deepEqual([destroyed.stored, destroyed.destroyed], [2, 1]);
    });
  }

  test('a blob that is gone, cut short or damaged is found', async t => {
    const server = await testMailServer(t);
    const services = await testServices(t);
    const account = await testAccount(services, 'a1', {
      protocol: 'imap',
      port: server.ports.imap,
      ...LOGIN,
    });
    await deliverAll(server, ['one', 'two', 'three']);
    await pull(services, 'a1');
    const { emails } = await contentsOf(services, 'a1');
    const [first, second] = emails.map(({ summary, raw }) => ({
      key: blobKeys.raw('a1', summary.sha256),
      raw,
    }));
    assert.ok(first && second, 'two Emails are here');
    await services.blobs.delete([first.key]);
    await services.blobs.put(
      second.key,
      Buffer.from(second.raw.toString('latin1').replace('H', 'J'), 'latin1'),
    );
    const quick = await verifyAccount(services, account);
    assert.deepEqual([holds(quick), quick.lost, quick.findings.length], [false, 1, 2]);
    const deep = await verifyAccount(services, account, { deep: true });
    assert.deepEqual([holds(deep), deep.lost, deep.findings.length], [false, 2, 4]);
  });

  test('a message that counts as handled without an Email is lost', async t => {
    const server = await testMailServer(t);
    const services = await testServices(t);
    const account = await testAccount(services, 'a1', {
      protocol: 'imap',
      port: server.ports.imap,
      ...LOGIN,
    });
    await deliverAll(server, ['one', 'two']);
    await pull(services, 'a1');
    const [mailboxId, cursor] =
      [...(await listCursors(services.table, 'a1'))].find(([, c]) => c.handled) ?? [];
    assert.ok(mailboxId && cursor, 'the Inbox has a cursor');
    await deleteRow(services.table, keys.location('a1', imapLocation(mailboxId, cursor.uidValidity, '2')));
    const ledger = await verifyAccount(services, account);
    assert.equal(holds(ledger), false, JSON.stringify(ledger));
    assert.deepEqual(
      ledger.findings.map(({ mailbox, id }) => [mailbox, id]),
      [['INBOX', '2']],
    );
    const sync = createHandler(services);
    assert.deepEqual(await sync({ verify: { accountId: 'a1' } }), { ...ledger, emails: 0 });
    assert.equal(await sync({ verify: { accountId: 'nobody' } }), null);
  });

  test('a run that is at work meanwhile makes nothing pass for lost', async t => {
    const server = await testMailServer(t);
    const services = await testServices(t);
    const port = server.ports.imap;
    const account = await testAccount(services, 'a1', { protocol: 'imap', port, ...LOGIN });
    await deliverAll(server, ['one']);
    await pull(services, 'a1');
    await deliverAll(server, ['two']);
    const { client } = services.table;
    const { send } = client;
    let located: Promise<unknown> | null = null;
    let isPulled = false;
    // The locations are read before the run has written its own, the cursors after that.
    client.send = (async (command: { input: object }) => {
      const asked = JSON.stringify(command.input);
      if (asked.includes('"UID#"')) located = Reflect.apply(send, client, [command]);
      if (asked.includes('"UID#"')) return located;
      if (asked.includes('"SOURCE#"') && !isPulled) {
        isPulled = true;
        while (located === null) await turn();
        await located;
        client.send = send;
        await pull(services, 'a1');
      }
      return Reflect.apply(send, client, [command]);
    }) as typeof send;
    const ledger = await verifyAccount(services, account);
    assert.equal(isPulled, true);
    assert.equal(holds(ledger), true, JSON.stringify(ledger));
    assert.deepEqual([ledger.atSource, ledger.lost], [2, 0]);
  });

  test('a source that cannot be asked does not pass for verified', async t => {
    const services = await testServices(t);
    const account = await testAccount(services, 'a1', { protocol: 'imap', port: 1, ...LOGIN });
    const ledger = await verifyAccount(services, account);
    assert.equal(holds(ledger), false, JSON.stringify(ledger));
    assert.match(ledger.error ?? '', /127\.0\.0\.1/);
  });
});

test('npm run verify tells by its exit code whether the ledger holds', async t => {
  const server = await testMailServer(t);
  const data = await mkdtemp(join(tmpdir(), 'mailferry-verify-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  await deliverAll(server, ['one', 'two']);
  const table = await startTable(data, () => {});
  t.after(() => table.stop());
  const setup = { kind: 'sync', data, tableEndpoint: table.endpoint, module: '' } as const;
  const services = localServices(setup, async () => undefined);
  await testAccount(services, 'a1', { protocol: 'pop', port: server.ports.pop, ...LOGIN });
  await pull(services, 'a1');
  const [email] = (await contentsOf(services, 'a1')).emails;
  services.table.client.destroy();
  await table.stop();

  const good = await runVerify(data);
  assert.equal(good.code, 0, good.printed);
  assert.match(good.printed, /a1\s+2\s+2\s+0\s+0\s+0\s+0\s+2\s+holds/);
  await services.blobs.delete([blobKeys.raw('a1', email?.summary.sha256 ?? '')]);
  const bad = await runVerify(data);
  assert.equal(bad.code, 1, bad.printed);
  assert.match(bad.printed, /DOES NOT HOLD/);
});

async function runVerify(data: string): Promise<{ code: number | null; printed: string }> {
  const program = fileURLToPath(new URL('../../infra/local/verify.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program], {
    env: { ...process.env, MAILFERRY_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      printed += part;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed };
}
