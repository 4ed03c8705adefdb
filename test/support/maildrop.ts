import type { TestContext } from 'node:test';
import { onTheWire, type ScriptedPopServer, startScriptedPopServer } from './scripted-pop-server.ts';

export interface Mail {
  uidl: string;
  raw: Buffer;
}

/**
 * What becomes of QUIT when messages are marked: they go; the connection is lost before or after they went; the
 * server refuses and keeps all, or all but the first.
 */
export type Ending = 'ok' | 'lost before' | 'lost after' | 'refused' | 'half';

/** A POP server whose messages can be deleted, and that can fail at it in every way. */
export interface Maildrop {
  server: ScriptedPopServer;
  /** What it holds; tests add and take. */
  mails: Mail[];
  ending: Ending;
  /** UIDLs of messages that it lists and does not hand out. */
  unreadable: Set<string>;
  /** What was deleted, in order. */
  deleted: Mail[];
  /** Called for each message before it goes. */
  onDelete: (mail: Mail) => Promise<void>;
}

/** Starts it; it is gone when the test ends. */
export async function maildrop(t: Pick<TestContext, 'after'>, mails: Mail[] = []): Promise<Maildrop> {
  let marked = new Set<Mail>();
  const go = async (going: Iterable<Mail>) => {
    for (const mail of going) {
      await drop.onDelete(mail);
      drop.deleted.push(mail);
      mails.splice(mails.indexOf(mail), 1);
    }
  };
  const server = await startScriptedPopServer({
    mails,
    on: {
      CONNECT(client) {
        marked = new Set();
        return client.send('+OK ready\r\n');
      },
      DELE(client, argument) {
        const mail = mails[Number(argument) - 1];
        if (!mail || marked.has(mail)) return client.send('-ERR no such message\r\n');
        marked.add(mail);
        return client.send('+OK marked\r\n');
      },
      RETR(client, argument) {
        const mail = mails[Number(argument) - 1];
        if (!mail || drop.unreadable.has(mail.uidl)) return client.send('-ERR cannot read it\r\n');
        return client.send(Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(mail.raw)]));
      },
      async QUIT(client) {
        const going = [...marked];
        marked = new Set();
        const ending = going.length === 0 ? 'ok' : drop.ending;
        if (ending === 'ok' || ending === 'lost after') await go(going);
        if (ending === 'half') await go(going.slice(0, 1));
        if (ending.startsWith('lost')) return client.destroy();
        await client.send(ending === 'ok' ? '+OK bye\r\n' : '-ERR some messages not removed\r\n');
        client.end();
      },
    },
  });
  t.after(() => server.close());
  const drop: Maildrop = {
    ...{ server, mails, ending: 'ok', unreadable: new Set(), deleted: [] },
    onDelete: async () => {},
  };
  return drop;
}
