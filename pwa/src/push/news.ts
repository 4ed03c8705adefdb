import { type Database, emailKey, type StoredEmail } from '../mailbox/db.ts';
import { readList } from '../mailbox/lists.ts';
import { exclusively } from '../mailbox/locks.ts';
import { readSetting, writeSetting } from '../mailbox/settings.ts';
import { type Choices, isQuiet, quietHoursOf, toldMailboxes } from './choices.ts';

/** Mail that came before is no news, in milliseconds: a first download brings years of it. */
const NEWS = 2 * 86_400_000;
/** Messages of a mailbox that are looked at. */
const NEWEST = 50;
/** Messages that are remembered as told; of two days nobody gets more that they did not read. */
const REMEMBERED = 2_000;

/** A message to be told. */
export interface News {
  email: StoredEmail;
  /** True where it is quiet now in every mailbox that tells it. */
  quiet: boolean;
}

/**
 * Unread mail of the last two days in the mailboxes that are told, newest first, each message once and never again: what
 * this answers counts as told. What came before the person turned notifications on is no news.
 */
export async function takeNews(db: Database, choices: Choices, now = Date.now()): Promise<News[]> {
  return exclusively('news', async () => {
    const told = new Set((await readSetting('told')) ?? []);
    const { since = 0 } = (await readSetting('push')) ?? {};
    const found = await unreadOf(db, choices, Math.max(since, now - NEWS), new Date(now));
    const news = found.filter(({ email }) => !told.has(emailKey(email.accountId, email.id)));
    if (news.length > 0) {
      const keys = news.map(({ email }) => emailKey(email.accountId, email.id));
      await writeSetting('told', [...keys, ...told].slice(0, REMEMBERED));
    }
    return news;
  });
}

async function unreadOf(db: Database, choices: Choices, since: number, now: Date): Promise<News[]> {
  const found = new Map<string, News>();
  for (const mailbox of toldMailboxes(choices, await db.getAll('mailboxes'))) {
    const { accountId, id } = mailbox;
    const isQuietHere = isQuiet(quietHoursOf(choices, mailbox), now);
    for (const email of await readList(db, { accountId, mailboxId: id }, 0, NEWEST)) {
      if (!isNews(email, since)) continue;
      const key = emailKey(accountId, email.id);
      found.set(key, { email, quiet: isQuietHere && found.get(key)?.quiet !== false });
    }
  }
  return [...found.values()].sort((a, b) => (a.email.receivedAt < b.email.receivedAt ? 1 : -1));
}

function isNews({ keywords, receivedAt, destroyed }: StoredEmail, since: number): boolean {
  if (keywords.$seen || keywords.$draft || destroyed) return false;
  // What mail servers write has no fractions of a second.
  return Date.parse(receivedAt) > since - 1_000;
}

/** Unread mail in all inboxes, as the app's badge shows it. */
export async function unreadInInboxes(db: Database): Promise<number> {
  const mailboxes = await db.getAll('mailboxes');
  return mailboxes
    .filter(({ role }) => role === 'inbox')
    .reduce((sum, { unreadEmails }) => sum + unreadEmails, 0);
}
