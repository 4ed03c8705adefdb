import assert from 'node:assert/strict';
import { deliver } from '../../infra/local/mail-server.ts';
import { pull } from '../support/accounts.ts';
import { person } from '../support/deletion.ts';
import { type FaultWorld, testFaults } from '../support/fault-scenario.ts';
import { letter } from '../support/letters.ts';

async function pulled({ services, server }: FaultWorld, user: string, subjects: readonly string[]) {
  for (const subject of subjects) await deliver(server, user, 'INBOX', letter(subject));
  assert.equal(await pull(services, user), 'done');
}

for (const protocol of ['pop', 'imap'] as const) {
  testFaults({
    name: `deletion once stored over ${protocol}`,
    protocol,
    async prepare(world, user) {
      await pulled(world, user, ['one', 'two']);
      await person(world.services, user).set({ deletionPolicy: 'onceStored' });
      await deliver(world.server, user, 'INBOX', letter('three'));
    },
    expect({ lines, atSource }) {
      assert.deepEqual(atSource, []);
      assert.equal(lines.length, 3);
    },
  });
}

testFaults({
  name: 'deletion of what was destroyed here over POP',
  protocol: 'pop',
  account: { deletionPolicy: 'whenDestroyed' },
  async prepare(world, user) {
    await pulled(world, user, ['one', 'two', 'three']);
    await person(world.services, user).destroy('one', 'three');
  },
  expect({ lines, atSource }) {
    assert.deepEqual(atSource, ['INBOX two']);
    assert.equal(lines.length, 1);
  },
});
