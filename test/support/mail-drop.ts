import { ImapFlow } from 'imapflow';
import type { Demo } from '../../infra/local/demo.ts';

/** Puts raw messages into the inbox of the demo's IMAP account, and asks Mailferry to pull. */
export async function dropMail(demo: Demo, messages: readonly string[]): Promise<void> {
  const { host, port, username, password } = demo.mail.imap;
  const auth = { user: username, pass: password };
  const client = new ImapFlow({ host, port, secure: false, doSTARTTLS: false, auth, logger: false });
  await client.connect();
  for (const message of messages) await client.append('INBOX', message.replace(/\r?\n/g, '\r\n'));
  await client.logout();
  const response = await fetch(`${demo.url}/jmap/api`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      using: ['urn:ietf:params:jmap:core', 'urn:mailferry:params:jmap:accounts'],
      methodCalls: [
        ['MailAccount/get', { ids: null, properties: ['id'] }, 'a'],
        ['MailAccount/sync', { '#ids': { resultOf: 'a', name: 'MailAccount/get', path: '/list/*/id' } }, 's'],
      ],
    }),
  });
  if (!response.ok) throw new Error(`MailAccount/sync: HTTP ${response.status}`);
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
