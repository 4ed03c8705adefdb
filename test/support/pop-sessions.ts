import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { SourceError } from '../../functions/source/errors.ts';
import type { Pop3Session } from '../../functions/source/pop3-transport.ts';
import type {
  FailedMessage,
  FetchedMessage,
  LargeMessage,
  SourceSettings,
} from '../../functions/source/source.ts';
import {
  type ScriptedPopOptions,
  type ScriptedPopServer,
  startScriptedPopServer,
  testCertificate,
} from './scripted-pop-server.ts';

/** What one test opened, closed again in the reverse order by `closeAll`. */
const opened: (() => Promise<void>)[] = [];

/** Closes something when the test ends. */
export function atEnd(close: () => Promise<void>): void {
  opened.push(close);
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

/** A scripted server that lives as long as the test. */
export async function serve(options: ScriptedPopOptions): Promise<ScriptedPopServer> {
  const server = await startScriptedPopServer(options);
  atEnd(() => server.close());
  return server;
}

/** Settings for a server on loopback, plain text unless changed; the password has what is easily lost. */
export function settingsFor(port: number, changes: Partial<SourceSettings> = {}): SourceSettings {
  return {
    protocol: 'pop',
    host: 'localhost',
    port,
    security: 'none',
    username: 'ann',
    password: 'secret-Pässword 1 ',
    allowPrivateHosts: 'all',
    timeout: 10_000,
    ca: testCertificate,
    ...changes,
  };
}

/** The SourceError that a promise fails with; fails the test on any other outcome. */
export async function errorOf(promise: Promise<unknown>): Promise<SourceError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof SourceError, `not a SourceError: ${String(error)}`);
    return error;
  }
  assert.fail('it should have failed');
}

/** One message of a session by its number, whichever way it comes; throws the SourceError that came instead. */
export async function retrieve(session: Pop3Session, number: number): Promise<Buffer> {
  for await (const outcome of session.each('RETR', [{ number, size: null }])) {
    if ('error' in outcome) throw outcome.error;
    const { body, chunks } = outcome.reply;
    if (chunks === null) return body ?? Buffer.alloc(0);
    return buffer(chunks);
  }
  assert.fail('RETR gave nothing');
}

/** The bytes of a fetched message, whichever way they come; throws the SourceError that came instead. */
export async function bytesOf(message: FetchedMessage | LargeMessage | FailedMessage): Promise<Buffer> {
  if ('error' in message) throw message.error;
  return 'chunks' in message ? buffer(message.chunks) : message.raw;
}
