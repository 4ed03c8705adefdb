import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SourceError } from '../../functions/source/errors.ts';
import { openImap } from '../../functions/source/imap.ts';
import type {
  FailedMessage,
  FetchedMessage,
  LargeMessage,
  MailboxSnapshot,
  MailSource,
  SourceSettings,
} from '../../functions/source/source.ts';
import { doveadm, type MailServer } from '../../infra/local/mail-server.ts';
import { TEST_USER } from './mail-server.ts';

/** The login of every test here. */
export const USER = TEST_USER.name;
/** A small message. */
export const letter = (text: string) => Buffer.from(`Subject: ${text}\r\n\r\n${text}\r\n`, 'utf8');

/** Settings that reach a test's Dovecot in plain text, patiently. */
export function settingsFor(server: MailServer, changes: Partial<SourceSettings> = {}): SourceSettings {
  return {
    protocol: 'imap',
    host: '127.0.0.1',
    port: server.ports.imap,
    security: 'none',
    username: USER,
    password: TEST_USER.password,
    allowPrivateHosts: ['127.0.0.1', 'localhost'],
    timeout: 30_000,
    ...changes,
  };
}

/** Opens the account; it is closed when the test ends. */
export async function open(t: TestContext, server: MailServer, changes?: Partial<SourceSettings>) {
  const source = await openImap(settingsFor(server, changes));
  t.after(() => source.close(true));
  return source;
}

/** Fetches all that a snapshot lists; none may fail. */
export async function bodies(source: MailSource, path: string, snapshot: MailboxSnapshot) {
  const found = new Map<string, Buffer>();
  for await (const fetched of source.fetch(path, snapshot.entries)) {
    const message = await whole(fetched);
    assert.ok('raw' in message, 'error' in message ? message.error.message : '');
    found.set(message.uid, message.raw);
  }
  return found;
}

/** A message as it came, with the chunks of a large one put together. */
export async function whole(
  message: FetchedMessage | LargeMessage | FailedMessage,
): Promise<FetchedMessage | FailedMessage> {
  if (!('chunks' in message)) return message;
  const { uid, chunks } = message;
  const parts: Uint8Array[] = [];
  try {
    for await (const chunk of chunks) parts.push(chunk);
  } catch (error) {
    if (error instanceof SourceError && ['protocol', 'refused'].includes(error.code)) return { uid, error };
    throw error;
  }
  return { uid, raw: Buffer.concat(parts) };
}

/** Another client: flags of a message, by UID. */
export const flag = (
  server: MailServer,
  change: 'add' | 'remove',
  uid: string,
  flags: string,
  box = 'INBOX',
) => doveadm(server, ['flags', change, '-u', USER, flags, 'mailbox', box, 'uid', uid]);
export const expunge = (server: MailServer, uid: string, box = 'INBOX') =>
  doveadm(server, ['expunge', '-u', USER, 'mailbox', box, 'uid', uid]);
export async function flagsOf(server: MailServer, uid: string, box = 'INBOX') {
  const said = await doveadm(server, ['fetch', '-u', USER, 'flags', 'mailbox', box, 'uid', uid]);
  const flags = said.replace('flags:', '').trim().split(/\s+/);
  return flags.filter(found => found !== '' && found !== '\\Recent').sort();
}

export const uidsOf = ({ entries }: MailboxSnapshot) => entries.map(({ uid }) => uid);

/** Makes Dovecot keep quiet about extensions, as an older server would. */
export async function hideExtensions(
  server: MailServer,
  names: readonly string[],
  login: Partial<SourceSettings> = {},
): Promise<void> {
  if (names.length === 0) return;
  const all =
    'IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT NAMESPACE UIDPLUS LIST-EXTENDED CONDSTORE QRESYNC ' +
    'ESEARCH SPECIAL-USE LIST-STATUS MOVE UNSELECT CHILDREN';
  const left = all.split(' ').filter(name => !names.includes(name));
  await appendFile(server.configFile, `\nprotocol imap {\n  imap_capability = ${left.join(' ')}\n}\n`);
  await doveadm(server, ['reload']);
  // Reloading drops connections for a moment; the new configuration holds once a session shows it.
  for (let tries = 0; tries < 100; tries += 1) {
    const shown = await openImap(settingsFor(server, login)).then(capabilitiesOnce, () => names);
    if (!names.some(name => shown.includes(name))) return;
    await sleep(50);
  }
  throw new Error('Dovecot did not take its new configuration.');
}

async function capabilitiesOnce(source: MailSource): Promise<readonly string[]> {
  const { capabilities } = await source.report();
  await source.close(true);
  return capabilities;
}
