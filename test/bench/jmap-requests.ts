/** The requests that the app makes most often (`pwa/src/mailbox`), for measurements of the API. */

const METADATA = [
  ...['id', 'blobId', 'threadId', 'mailboxIds', 'keywords', 'size', 'receivedAt', 'from', 'to', 'subject'],
  ...['preview', 'hasAttachment'],
];

const ref = (resultOf: string, name: string, path: string) => ({ resultOf, name, path });

type Call = [name: string, args: Record<string, unknown>, callId: string];

/** What changed of mailboxes and Emails, with what it names (`feed.ts`). */
export function changesSince(accountId: string, emailState: unknown, mailboxState: unknown): Call[] {
  const get = (kind: 'Mailbox' | 'Email', of: string, what: string): Call => [
    `${kind}/get`,
    {
      accountId,
      '#ids': ref(of, `${kind}/changes`, `/${what}`),
      ...(kind === 'Email' && { properties: METADATA }),
    },
    `${of}-${what}`,
  ];
  return [
    ['Mailbox/changes', { accountId, sinceState: mailboxState, maxChanges: 256 }, 'mc'],
    get('Mailbox', 'mc', 'created'),
    get('Mailbox', 'mc', 'updated'),
    ['Email/changes', { accountId, sinceState: emailState, maxChanges: 256 }, 'ec'],
    get('Email', 'ec', 'created'),
    get('Email', 'ec', 'updated'),
  ];
}

/** A step of the first download (`first-download.ts`). */
export function listPage(accountId: string): Call[] {
  const sort = [{ property: 'receivedAt', isAscending: false }];
  return [
    ['Email/query', { accountId, position: 0, sort, limit: 200, calculateTotal: true }, 'q'],
    ['Email/get', { accountId, '#ids': ref('q', 'Email/query', '/ids'), properties: METADATA }, 'e'],
  ];
}

/** What is asked for of Emails whose bodies are kept (`bodies.ts`). */
export const BODIES = {
  properties: [
    ...['id', 'cc', 'bcc', 'replyTo', 'sentAt', 'textBody', 'htmlBody', 'attachments', 'bodyValues'],
    'header:Authentication-Results:asText:all',
  ],
  bodyProperties: [
    ...['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid', 'language', 'location'],
    'header:Content-Type:asText',
  ],
  fetchTextBodyValues: true,
  fetchHTMLBodyValues: true,
  maxBodyValueBytes: 1_000_000,
};
