import assert from 'node:assert/strict';
import { deliver } from '../../infra/local/mail-server.ts';
import { type FaultWorld, testFaults } from '../support/fault-scenario.ts';
import { letter } from '../support/letters.ts';

async function fill({ server }: FaultWorld, user: string): Promise<void> {
  for (const subject of ['one', 'two', 'three']) await deliver(server, user, 'INBOX', letter(subject));
  await deliver(server, user, 'INBOX', letter('reply', 'one'), ['\\Seen']);
}

testFaults({
  name: 'a first import over IMAP',
  protocol: 'imap',
  async prepare(world, user) {
    await fill(world, user);
    await deliver(world.server, user, 'Old', letter('one'), ['\\Flagged']);
    await deliver(world.server, user, 'Old/Older', letter('four'));
  },
  expect: ({ lines }) => assert.equal(lines.length, 5),
});

testFaults({
  name: 'a first import over POP',
  protocol: 'pop',
  prepare: fill,
  expect: ({ lines }) => assert.equal(lines.length, 4),
});
