import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import type { Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { overImap, overPop } from '../support/at-source.ts';
import { waitUntilDownloaded } from '../support/browser.ts';
import { listCount, openMessage } from '../support/message-list.ts';

const app = testApp();

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${app.cloud.demo().token}`, 'content-type': 'application/json' };
  return fetch(new URL(path, app.cloud.url), { ...init, headers });
}

/** Downloads every message of an account, found by Email/query and Email/get as another JMAP client would. */
async function overJmap(protocol: string): Promise<Buffer[]> {
  const session = await (await request('/.well-known/jmap')).json();
  const using = [...Object.keys(session.capabilities)];
  const call = async (...methodCalls: unknown[]) => {
    const answer = await request(session.apiUrl, {
      method: 'POST',
      body: JSON.stringify({ using, methodCalls }),
    });
    return (await answer.json()).methodResponses;
  };
  const [[, { list: accounts }]] = await call(['MailAccount/get', {}, '0']);
  const accountId = accounts.find((account: { protocol: string }) => account.protocol === protocol).id;
  const ids = { resultOf: '0', name: 'Email/query', path: '/ids' };
  const [, [, { list }]] = await call(
    ['Email/query', { accountId, limit: 500 }, '0'],
    ['Email/get', { accountId, '#ids': ids, properties: ['blobId', 'size'] }, '1'],
  );
  const found: Buffer[] = [];
  for (const { blobId, size } of list) {
    const path = session.downloadUrl
      .replace('{accountId}', accountId)
      .replace('{blobId}', blobId)
      .replace('{name}', 'message.eml')
      .replace('{type}', encodeURIComponent('message/rfc822'));
    const bytes = Buffer.from(await (await request(path)).arrayBuffer());
    assert.equal(bytes.length, size, 'the size is that of the bytes');
    found.push(bytes);
  }
  return found;
}

for (const [protocol, atSource] of [
  ['imap', overImap],
  ['pop', overPop],
] as const) {
  test(`the API hands out each message of the ${protocol} account, byte for byte as Dovecot holds it`, async () => {
    const expected = await atSource(app.cloud.demo().mail[protocol]);
    const found = await overJmap(protocol);
    assert.deepEqual([...new Set(found.map(sha256))].sort(), [...new Set(expected.map(sha256))].sort());
    assert.equal(found.length, new Set(expected.map(sha256)).size, 'each Email once');
    const has = (what: string, test: (text: string) => boolean) =>
      assert.ok(
        found.some(bytes => test(bytes.toString('latin1'))),
        `${protocol} has ${what}`,
      );
    has('8-bit bytes', text => /[\x80-\xff]/.test(text));
    has('a line that begins with a dot', text => text.includes('\r\n.'));
    if (protocol === 'imap') has('12 MB', text => text.length > 12_000_000);
  });
}

/** A message of the IMAP inbox that nobody has read. */
const READ = 'The Tide Table No. 118';

/** Flags by subject of the messages in the IMAP inbox, as the mail server itself has them. */
async function flagsAtServer(): Promise<Map<string, Set<string>>> {
  const { host, port, username, password } = app.cloud.demo().mail.imap;
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: username, pass: password },
    logger: false,
  });
  await client.connect();
  try {
    await client.mailboxOpen('INBOX', { readOnly: true });
    const messages = await client.fetchAll('1:*', { envelope: true, flags: true });
    return new Map(messages.map(({ envelope, flags }) => [envelope?.subject ?? '', flags ?? new Set()]));
  } finally {
    await client.logout();
  }
}

function flagsOf(all: Map<string, Set<string>>, subject: string): Set<string> {
  for (const [full, flags] of all) if (full.startsWith(subject)) return flags;
  throw new Error(`no message ${subject} in the IMAP inbox`);
}

async function openMailbox(page: Page, account: string, mailbox: string): Promise<void> {
  await page.getByRole('region', { name: account }).getByRole('link', { name: mailbox }).click();
  await page.getByRole('heading', { name: mailbox, level: 1 }).waitFor();
}

/** Opens every message of the list that is shown, one after the other, and checks that its text is there. */
async function readAll(page: Page): Promise<string[]> {
  const total = await listCount(page);
  const read: string[] = [];
  await page.locator('[aria-posinset="1"] .row-link').click();
  for (let position = 1; position <= total; position += 1) {
    const row = page.locator(`[aria-posinset="${position}"]`);
    await row.locator('[aria-current=true]').waitFor();
    const subject = (await row.locator('.row-subject').textContent()) ?? '';
    // A message, or a conversation of several, which has the subject of the first.
    const article = page.getByRole('article', { name: subject, exact: true });
    const conversation = page.getByRole('region', { name: subject.replace(/^Re: /, '') });
    const opened = article.or(conversation);
    await opened.locator('.mail-frame, .plain').first().waitFor();
    assert.equal(await opened.getByText('not on this device').count(), 0, subject);
    read.push(subject);
    if (position < total) await page.keyboard.press('j');
  }
  return read;
}

test('what is read and starred without a network reaches every device and the mail server', async () => {
  const { context, page } = await app.signedIn();
  await waitUntilDownloaded(page);
  await page.getByRole('heading', { name: 'Mara (IMAP)', level: 2 }).first().waitFor();
  await page.getByRole('heading', { name: 'Mara (POP)', level: 2 }).first().waitFor();
  const before = await flagsAtServer();
  assert.equal(flagsOf(before, READ).has('\\Seen'), false);

  await page.getByRole('link', { name: 'All inboxes' }).click();
  await page.getByRole('link', { name: READ }).waitFor();
  await app.cloud.stop();
  await context.setOffline(true);
  await page.reload();
  await page.getByRole('link', { name: READ }).waitFor();
  await page.getByText('Offline.').waitFor();

  // One is read by opening it, another is starred.
  await openMailbox(page, 'Mara (IMAP)', 'Inbox');
  const article = await openMessage(page, READ);
  await article.getByRole('button', { name: 'Mark as unread' }).waitFor();
  const other = page.getByRole('link', { name: /Your statement is ready|Invitation/ }).first();
  const starredSubject = (await other.locator('.row-subject').textContent()) ?? '';
  const starred = await openMessage(page, starredSubject);
  await starred.getByRole('button', { name: 'Star', exact: true }).click();
  await starred.getByRole('button', { name: 'Remove star' }).waitFor();
  await page.getByText(/changes? waiting for the network/).waitFor();

  // Any message of any list opens from the device, after a cold start as well.
  await page.reload();
  await page.getByRole('link', { name: 'All inboxes' }).click();
  await page.getByRole('heading', { name: 'All inboxes', level: 1 }).waitFor();
  const read = await readAll(page);
  assert.ok(read.length >= 55, `${read.length} conversations`);
  for (const mailbox of ['Sent', 'Archive', 'Drafts', 'Boat house']) {
    await openMailbox(page, 'Mara (IMAP)', mailbox);
    await readAll(page);
  }

  await app.cloud.start();
  await context.setOffline(false);
  await page.getByText('Offline.').waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByRole('link', { name: 'Outbox' }).waitFor({ state: 'detached', timeout: 60_000 });

  const second = await app.signedIn();
  await openMailbox(second.page, 'Mara (IMAP)', 'Inbox');
  const row = (subject: string) => second.page.getByRole('listitem').filter({ hasText: subject });
  await row(READ).waitFor();
  await row(READ).getByText('Unread').waitFor({ state: 'detached' });
  await row(starredSubject)
    .getByRole('checkbox', { name: /^Starred/, checked: true })
    .waitFor();

  const told = async () => {
    const flags = await flagsAtServer();
    return flagsOf(flags, READ).has('\\Seen') && flagsOf(flags, starredSubject).has('\\Flagged');
  };
  for (let tries = 0; tries < 200 && !(await told()); tries += 1) await sleep(300);
  assert.ok(await told(), 'the mail server has \\Seen and \\Flagged');
});
