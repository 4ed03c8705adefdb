import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Services } from '../../functions/services.ts';
import { listQuarantine } from '../../functions/store/mailboxes.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { Killed } from '../support/crash.ts';
import { SECRET, scriptedImapServer } from '../support/scripted-imap-server.ts';
import { onTheWire, startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { testServices } from '../support/table.ts';
import { aroundTable, beforePuts } from '../support/wrapped.ts';

const raw = (subject: string) => Buffer.from(`Subject: ${subject}\r\n\r\n${subject}\r\n`);
const LATER_MS = 60_000;

/** Services of a process that is killed by any message with these words in it. */
function killedBy(services: Services, words: string): Services {
  let isDead = false;
  const step = () => {
    if (isDead) throw new Killed('killed');
  };
  const dying = aroundTable(services, (_command, send) => {
    step();
    return send();
  });
  return beforePuts(dying, (_name, bytes) => {
    isDead ||= bytes !== null && Buffer.from(bytes).includes(words);
    step();
  });
}

test('a message that kills every process that fetches it is set aside, and the older ones are stored', async t => {
  const messages = Array.from({ length: 12 }, (_, i) => ({ uid: i + 1, raw: raw(`mail${i + 1}`) }));
  const server = await scriptedImapServer(t, { messages });
  let clock = Date.now();
  const services = await testServices(t, { now: () => clock });
  const login = { protocol: 'imap', port: server.port, username: 'mara', password: SECRET } as const;
  await testAccount(services, 'a1', login);
  const deaths = async () => {
    for (let run = 1; run <= 10; run++) {
      try {
        await pull(killedBy(services, 'mail8\r\n'), 'a1');
        return run - 1;
      } catch (error) {
        assert.ok(error instanceof Killed, String(error));
        clock += LATER_MS;
      }
    }
    return 10;
  };
  assert.equal(await deaths(), 3, 'one that nobody expected, and two that were noted');
  const { emails } = await contentsOf(services, 'a1');
  assert.equal(emails.length, 11);
  const [kept] = await listQuarantine(services.table, 'a1');
  assert.equal(kept?.uid, '8');
  assert.match(kept?.reason ?? '', /too large|too slowly/);
  assert.equal(await pull(services, 'a1'), 'idle');
});

test('a message that the server puts off for hours is set aside', async t => {
  const mails = ['first', 'second', 'third'].map(subject => ({ uidl: subject, raw: raw(subject) }));
  let answer = '-ERR [SYS/TEMP] Try again later\r\n';
  const server = await startScriptedPopServer({
    mails,
    on: {
      RETR: (client, argument) => {
        const mail = mails[Number(argument) - 1];
        if (mail?.uidl === 'second' && answer !== '') return client.send(answer);
        return client.send(Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(mail?.raw ?? Buffer.of())]));
      },
    },
  });
  t.after(() => server.close());
  const services = await testServices(t);
  const login = { protocol: 'pop', port: server.port, username: 'mara', password: 'x' } as const;
  await testAccount(services, 'a1', login);
  for (let run = 1; run <= 5; run++) {
    assert.equal(await pull(services, 'a1'), 'done');
    assert.deepEqual(await listQuarantine(services.table, 'a1'), []);
  }
  await pull(services, 'a1');
  assert.equal((await listQuarantine(services.table, 'a1')).length, 1);
  assert.equal((await contentsOf(services, 'a1')).emails.length, 2);
  await pull(services, 'a1');
  assert.equal(await pull(services, 'a1'), 'idle');
  answer = '';
  await pull(services, 'a1', { reason: 'asked' });
  assert.equal((await contentsOf(services, 'a1')).emails.length, 3);
});
