import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliver } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { startRelay } from '../support/faults.ts';
import { letter } from '../support/letters.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { testServices } from '../support/table.ts';
import { killPoints } from '../support/thorough.ts';

const CUTS = 5;
/** Failed runs wait before they are due again. */
const LATER_MS = 60_000;

for (const protocol of ['imap', 'pop'] as const) {
  test(`${protocol}: a connection cut after any octet loses and repeats nothing`, async t => {
    const server = await testMailServer(t);
    const port = server.ports[protocol];
    const login = { protocol, username: TEST_USER.name, password: TEST_USER.password };
    for (const subject of ['one', 'two']) await deliver(server, TEST_USER.name, 'INBOX', letter(subject));
    const services = await testServices(t);
    const whole = await startRelay(port);
    await testAccount(services, 'whole', { ...login, port: whole.port });
    assert.equal(await pull(services, 'whole'), 'done');
    await whole.close();
    const expected = await contentsOf(services, 'whole');
    assert.equal(expected.lines.length, 2);

    for (const cutAfter of killPoints(whole.received(), CUTS)) {
      const relay = await startRelay(port, { cutAfter });
      const id = `cut${cutAfter}`;
      const account = await testAccount(services, id, { ...login, port: relay.port });
      await pull(services, id);
      await relay.close();
      await testAccount(services, id, { ...login, ...account, ...login, port });
      let clock = Date.now();
      const later = { ...services, now: () => clock };
      for (let runs = 0, outcome = ''; runs < 5 && outcome !== 'idle'; runs++) {
        clock += LATER_MS;
        outcome = await pull(later, id, { reason: 'asked' });
      }
      const { lines, counters } = await contentsOf(services, id);
      assert.deepEqual(lines, expected.lines, `cut after ${cutAfter} octets`);
      assert.deepEqual(counters, expected.counters, `cut after ${cutAfter} octets`);
    }
  });

  test(`${protocol}: packets of one octet, and of any few, carry the same mail`, async t => {
    const server = await testMailServer(t);
    const port = server.ports[protocol];
    const login = { protocol, username: TEST_USER.name, password: TEST_USER.password };
    const dots = Buffer.from('Subject: dots\r\n\r\n.\r\n..\r\n...x\r\n\r\n.\r\n');
    for (const raw of [letter('one'), dots]) await deliver(server, TEST_USER.name, 'INBOX', raw);
    const services = await testServices(t);
    await testAccount(services, 'plain', { ...login, port });
    assert.equal(await pull(services, 'plain'), 'done');
    const expected = await contentsOf(services, 'plain');
    for (const packet of [1, 2, 3, 5, 7, 16]) {
      const relay = await startRelay(port, { packet });
      await testAccount(services, `p${packet}`, { ...login, port: relay.port });
      assert.equal(await pull(services, `p${packet}`), 'done');
      await relay.close();
      const { lines } = await contentsOf(services, `p${packet}`);
      assert.deepEqual(lines, expected.lines, `packets of ${packet}`);
    }
  });
}
