import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { ACCOUNTS, CORE, type MailAccount } from '../../functions/jmap/types.ts';
import type { Demo } from '../../infra/local/demo.ts';

/** How often and how long it is looked whether mail was pulled, in milliseconds. */
const LOOK_EVERY = 300;
const PATIENCE = 60_000;

/** Puts raw messages into the inbox of the demo's IMAP account, and waits until Mailferry has pulled them. */
export async function dropMail(demo: Demo, messages: readonly string[]): Promise<void> {
  const wanted = (await stored(demo)) + messages.length;
  const { host, port, username, password } = demo.mail.imap;
  const auth = { user: username, pass: password };
  const client = new ImapFlow({ host, port, secure: false, doSTARTTLS: false, auth, logger: false });
  await client.connect();
  for (const message of messages) await client.append('INBOX', message.replace(/\r?\n/g, '\r\n'));
  await client.logout();
  const ids = { resultOf: 'a', name: 'MailAccount/get', path: '/list/*/id' };
  await call(demo, ['MailAccount/get', { ids: null }, 'a'], ['MailAccount/sync', { '#ids': ids }, 's']);
  const giveUpAt = Date.now() + PATIENCE;
  while ((await stored(demo)) < wanted) {
    if (Date.now() > giveUpAt) throw new Error('The dropped mail was not pulled.');
    await sleep(LOOK_EVERY);
  }
}

/** How many messages Mailferry has of all accounts. */
async function stored(demo: Demo): Promise<number> {
  const [[, { list }]] = await call<[[string, { list: MailAccount[] }]]>(demo, [
    'MailAccount/get',
    { ids: null },
    'a',
  ]);
  return list.reduce((sum, account) => sum + account.status.stored, 0);
}

/** Calls methods of the demo's API; answers `methodResponses`. */
export async function call<T>(demo: Demo, ...methodCalls: unknown[]): Promise<T> {
  const response = await fetch(`${demo.url}/jmap/api`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ using: [CORE, ACCOUNTS], methodCalls }),
  });
  if (!response.ok) throw new Error(`JMAP: HTTP ${response.status}`);
  return ((await response.json()) as { methodResponses: T }).methodResponses;
}

/** A message with an HTML body. */
export function htmlMail(subject: string, html: string): string {
  return `From: Mallory <mallory@example.net>
To: mara@example.com
Subject: ${subject}
Date: ${new Date().toUTCString().replace('GMT', '+0000')}
Message-ID: <${subject.replace(/\W/g, '-')}@example.net>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

${html}
`;
}
