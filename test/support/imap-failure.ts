import assert from 'node:assert/strict';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { SourceError, type SourceErrorCode } from '../../functions/source/errors.ts';
import { type ScriptedImap, SECRET } from './scripted-imap-server.ts';

/** Short enough to wait for where a time-out is what is tested, in milliseconds. */
export const SOON = 500;

/** Checks an error's code, that it is a person's sentence, and that no secret is in it or below it. */
export function expectFailure(code: SourceErrorCode, sentence: RegExp = /./) {
  return (error: unknown) => {
    assert.ok(error instanceof SourceError, inspect(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, /^\S.*[.”?]$/);
    assert.match(error.message, sentence);
    const everything = inspect(error, { depth: 9 });
    for (const form of [SECRET, 'hunter2', Buffer.from(`\0mara\0${SECRET}`).toString('base64')]) {
      assert.ok(!everything.includes(form), everything);
    }
    return true;
  };
}

/** Waits until the client has dropped every connection. */
export async function closedConnections(server: ScriptedImap) {
  for (const socket of server.sockets) await once(socket, 'close');
  assert.equal(server.sockets.size, 0);
}
