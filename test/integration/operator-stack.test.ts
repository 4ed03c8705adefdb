import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putDue } from '../../functions/store/due.ts';
import { newHealth, putHealth } from '../../functions/store/health.ts';
import { blobKeys } from '../../functions/store/keys.ts';
import { commit } from '../../functions/store/log.ts';
import { emptyLedger } from '../../functions/sync/ledger.ts';
import { settledDue } from '../../functions/sync/schedule.ts';
import { addEmails, seedAccount } from '../support/jmap.ts';
import { CUSTOMER, deployedCustomer } from '../support/operator.ts';

const HOUR = 3_600_000;

test('npm run customer: a stack that is there', async t => {
  const { services, aws, run, changes } = await deployedCustomer(t);
  const healthy = { ...newHealth, phase: 'ok' as const, lastSuccessAt: Date.now(), lastPullAt: Date.now() };

  await t.test('status: all is well', async () => {
    await putHealth(services.table, 'a1', { ...healthy, message: 'ok' });
    await putDue(services.table, 'a1', settledDue('a1'));
    const { code, text } = await run('status', CUSTOMER);
    assert.equal(code, 0, text);
    assert.match(text, /UPDATE_COMPLETE/);
    assert.match(text, /accounts +2, 1 archives, 0 paused/);
    assert.match(text, /All is well\./);
    assert.deepEqual(changes(), []);
    assert.equal(aws.asked.filter(one => one.includes('Scan')).length, 0, 'it reads what it needs alone');
  });

  await t.test('status: what waits, fails, rests in quarantine or raises an alarm', async () => {
    const now = Date.now();
    await seedAccount(services, 'b1', { name: 'Refused' });
    await seedAccount(services, 'b2', { name: 'Late' });
    await putHealth(services.table, 'b1', { ...healthy, phase: 'stopped', code: 'authentication' });
    await putHealth(services.table, 'b2', { ...healthy, lastPullAt: now - 5 * HOUR });
    await putDue(services.table, 'b1', settledDue('b1'));
    await putDue(services.table, 'b2', settledDue('b2'));
    const uid = { path: 'Inbox', uid: '7', code: 'unreadable', reason: 'no', sha256: null };
    const quarantined = [{ ...uid, location: 'UID#inbox#1#7' }];
    await commit(services, 'b1', () => ({ by: 'run', quarantined }));
    Object.assign(aws.queue, { deadLetters: 3, waiting: 2, oldest: 1200 });
    aws.alarms = ['mailferry-harbour-books-dead-letters', 'mailferry-harbour-books-2-other'];
    aws.dispatchedAt = 0;
    const { code, text } = await run('status', CUSTOMER, '--json');
    assert.equal(code, 1, text);
    const report = JSON.parse(text);
    assert.deepEqual(report.accounts.failing, { authentication: ['b1'] });
    assert.deepEqual(
      report.accounts.late.map((one: { id: string }) => one.id),
      ['b2'],
    );
    assert.ok(report.accounts.late[0].waits > 4 * HOUR, text);
    assert.deepEqual([report.quarantined, report.deadLetters, report.queue.oldestSeconds], [1, 3, 1200]);
    assert.deepEqual(report.alarms, ['mailferry-harbour-books-dead-letters']);
    assert.equal(report.attention.length, 5, report.attention.join('\n'));
    const table = await run('status', CUSTOMER);
    assert.match(table.text, /authentication +1 +b1/);
    assert.match(table.text, /b2 Late +4 h 5\d min/);
  });

  await t.test('redrive sends dead letters back, and none a second time', async () => {
    const dry = await run('redrive', CUSTOMER, '--dry-run');
    assert.match(dry.text, /Would send 3 dead letters/);
    assert.deepEqual(changes(), []);
    const { code, text } = await run('redrive', CUSTOMER);
    assert.equal(code, 0);
    assert.match(text, /Back in the queue: 3 dead letters/);
    assert.equal(aws.queue.waiting, 5);
    assert.match((await run('redrive', CUSTOMER)).text, /There are no dead letters/);
    assert.deepEqual(changes(), []);
  });

  await t.test(
    'verify: the sync function compares with the source, and every message is looked at',
    async () => {
      const asked: unknown[] = [];
      aws.invoke = async (name, event) => {
        asked.push(event);
        assert.equal(name, 'sync');
        const { accountId } = (event as { verify: { accountId: string } }).verify;
        return { ...emptyLedger(accountId, accountId), atSource: 3, stored: 3 };
      };
      const good = await run('verify', CUSTOMER);
      assert.equal(good.code, 0, good.text);
      assert.match(good.text, /a1 +3 +3 +0 +0 +0 +0 +3 +holds/);
      assert.match(good.text, /Old mail +0 +0 +0 +0 +0 +0 +1 +holds/);
      assert.deepEqual(asked.length, 3, 'an archive has no source');
      const [email] = await addEmails(services, 'a2', [{ subject: 'damaged' }]);
      const key = blobKeys.raw('a2', email?.sha256 ?? '');
      const raw = Buffer.from((await services.blobs.get(key)) ?? []);
      await services.blobs.put(key, Buffer.from(raw.toString('latin1').replace('B', 'b')));
      const bad = await run('verify', CUSTOMER, '--account', 'a2', '--json');
      assert.equal(bad.code, 1, bad.text);
      assert.equal(JSON.parse(bad.text).accounts[0].findings[0].id, email?.emailId);
      await services.blobs.put(key, raw);
      assert.match(
        (await run('verify', CUSTOMER, '--dry-run')).text,
        /raw bytes of a1 \(Post\), and what its server has/,
      );
      const findings = [{ mailbox: 'INBOX', id: '7', why: 'It is lost.' }];
      aws.invoke = async () => ({ ...emptyLedger('a1', 'a1'), atSource: 1, lost: 1, findings });
      const lost = await run('verify', CUSTOMER, '--account', 'a1');
      assert.equal(lost.code, 1, lost.text);
      assert.equal((await run('verify', CUSTOMER, '--store-only')).code, 0);
    },
  );

  await t.test('stop has no function of ours run, start lets them', async () => {
    const dry = await run('stop', CUSTOMER, '--dry-run');
    assert.match(dry.text, /Would stop sync/);
    assert.deepEqual(changes(), []);
    await run('stop', CUSTOMER);
    assert.deepEqual([...aws.concurrency.keys()].sort(), ['api', 'dispatch', 'sweep', 'sync']);
    assert.deepEqual([...new Set(aws.concurrency.values())], [0]);
    await run('start', CUSTOMER);
    assert.equal(aws.concurrency.size, 0);
  });
});
