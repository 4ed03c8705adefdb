import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { openPop3 } from '../../functions/source/pop3.ts';
import type { MailSource } from '../../functions/source/source.ts';
import { atEnd, closeAll, errorOf, serve, settingsFor } from '../support/pop-sessions.ts';
import type { PopAnswer, ScriptedPopOptions, ScriptedPopServer } from '../support/scripted-pop-server.ts';

afterEach(closeAll);

const mails = ['a', 'b', 'c', 'd'].map(uidl => ({ uidl, raw: Buffer.from(`${uidl}\r\n`) }));

async function open(
  options: ScriptedPopOptions = {},
): Promise<{ server: ScriptedPopServer; source: MailSource }> {
  const server = await serve({ mails, ...options });
  const source = await openPop3(settingsFor(server.port, { timeout: 5000 }));
  atEnd(() => source.close(false));
  return { server, source };
}

function remove({ remover }: MailSource, uids: readonly string[]): Promise<readonly string[]> {
  assert.ok(remover !== null, 'POP can delete');
  return remover.remove('INBOX', uids);
}

/** What was told to the server from the first DELE on. */
function deletions({ received }: ScriptedPopServer): string[] {
  return received.filter(line => /^(DELE|QUIT|RSET)/.test(line));
}

const say =
  (line: string): PopAnswer =>
  client =>
    client.send(`${line}\r\n`);

describe('deleting from a POP server', () => {
  for (const pipelining of [false, true]) {
    it(`marks each message, then quits, and gives them (${pipelining ? 'ahead' : 'one by one'})`, async () => {
      const { server, source } = await open({ pipelining });
      assert.deepEqual(await remove(source, ['c', 'a', 'c', 'gone']), ['c', 'a']);
      assert.deepEqual(deletions(server), ['DELE 3', 'DELE 1', 'QUIT']);
      await source.close(true);
      assert.equal((await errorOf(source.report())).code, 'disconnected');
      assert.deepEqual(deletions(server), ['DELE 3', 'DELE 1', 'QUIT']);
    });
  }

  it('says nothing to the server when there is nothing to delete', async () => {
    const { server, source } = await open();
    assert.deepEqual(await remove(source, []), []);
    assert.deepEqual(await remove(source, ['gone']), []);
    assert.deepEqual(deletions(server), []);
    assert.equal((await source.report()).messages, 4);
  });

  it('leaves out a message that the server keeps, and deletes the others', async () => {
    const { server, source } = await open({
      on: { DELE: (client, number) => client.send(number === '2' ? '-ERR no\r\n' : '+OK\r\n') },
    });
    assert.deepEqual(await remove(source, ['a', 'b', 'c']), ['a', 'c']);
    assert.deepEqual(deletions(server), ['DELE 1', 'DELE 2', 'DELE 3', 'QUIT']);
  });

  it('does not quit when every one was refused', async () => {
    const { server, source } = await open({ on: { DELE: say('-ERR read only') } });
    assert.deepEqual(await remove(source, ['a', 'b']), []);
    await source.close(true);
    assert.deepEqual(deletions(server), ['DELE 1', 'DELE 2']);
  });

  it('gives nothing unless QUIT was confirmed', async () => {
    const cases: [PopAnswer, string][] = [
      [say('-ERR some deleted messages not removed'), 'refused'],
      [say('-ERR [SYS/TEMP] disk'), 'temporary'],
      [client => client.end(), 'disconnected'],
      [client => client.destroy(), 'disconnected'],
      [say('what?'), 'protocol'],
    ];
    for (const [QUIT, code] of cases) {
      const { server, source } = await open({ on: { QUIT } });
      const error = await errorOf(remove(source, ['a', 'b']));
      assert.equal(error.code, code);
      await source.close(true);
      assert.deepEqual(deletions(server), ['DELE 1', 'DELE 2', 'QUIT']);
    }
  });

  it('never quits after the connection or an answer was lost among the marks', async () => {
    const cases: [PopAnswer, string][] = [
      [client => client.end(), 'disconnected'],
      [client => client.destroy(), 'disconnected'],
      [say('what?'), 'protocol'],
    ];
    for (const pipelining of [false, true]) {
      for (const [broken, code] of cases) {
        const DELE: PopAnswer = (client, number) =>
          number === '2' ? broken(client, number) : client.send('+OK\r\n');
        const { server, source } = await open({ pipelining, on: { DELE } });
        assert.equal((await errorOf(remove(source, ['a', 'b', 'c']))).code, code);
        await source.close(true);
        assert.equal(deletions(server).includes('QUIT'), false, 'it quit');
      }
    }
  });

  it('does not let a goodbye carry out what was only marked', async () => {
    let marked = (): void => {};
    const reached = new Promise<void>(resolve => {
      marked = resolve;
    });
    const { server, source } = await open({ on: { DELE: () => marked() } });
    const removing = errorOf(remove(source, ['a', 'b']));
    await reached;
    await source.close(true);
    assert.equal((await removing).code, 'disconnected');
    assert.equal(deletions(server).includes('QUIT'), false, 'it quit');
  });

  it('never deletes by a name that several messages share', async () => {
    const twins = ['same', 'same', 'own'].map((uidl, n) => ({ uidl, raw: Buffer.from(`${n}\r\n`) }));
    const { server, source } = await open({ mails: twins });
    const { entries } = await source.snapshot('INBOX', null);
    const uids = entries.map(({ uid }) => uid);
    assert.deepEqual(await remove(source, uids), ['own']);
    assert.deepEqual(deletions(server), ['DELE 3', 'QUIT']);
  });

  it('knows no other mailbox', async () => {
    const { server, source } = await open();
    assert.ok(source.remover !== null, 'POP can delete');
    assert.equal((await errorOf(source.remover.remove('Sent', ['a']))).code, 'protocol');
    assert.deepEqual(deletions(server), []);
    assert.equal(source.hints, null);
  });
});
