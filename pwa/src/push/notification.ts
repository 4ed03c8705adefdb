import type { StoredEmail } from '../mailbox/db.ts';
import { words } from '../words/words.ts';
import type { News } from './news.ts';

/** A notification as it is shown; `path` is where a click leads. */
export interface Notice {
  title: string;
  body: string;
  /** A later one with the same tag takes its place. */
  tag: string;
  path: string;
  silent: boolean;
  /** milliseconds since the epoch */
  at?: number;
}

/** More than this many are told as one. */
const ONE_BY_ONE = 3;
const SUMMARY = 'mail';
const LONGEST = 200;

/** What to show for new mail, newest first. Pure but for the words. */
export function noticesOf(news: readonly News[]): Notice[] {
  const { many, quiet: body } = words.notifications.notice;
  const quiet = news.filter(one => one.quiet).length;
  const loud = loudNotices(news.filter(one => !one.quiet).map(({ email }) => email));
  if (quiet === 0) return loud;
  return [...loud, { title: many(quiet), body, tag: 'quiet', path: '/inbox', silent: true }];
}

function loudNotices(emails: readonly StoredEmail[]): Notice[] {
  const { notice } = words.notifications;
  if (emails.length > ONE_BY_ONE) {
    const senders = [...new Set(emails.map(senderOf))].slice(0, 5);
    const title = notice.many(emails.length);
    return [{ title, body: senders.join(', '), tag: SUMMARY, path: '/inbox', silent: false }];
  }
  return emails.map(email => ({
    title: senderOf(email),
    body: shortened(email.subject) || notice.noSubject,
    tag: `${email.accountId}/${email.id}`,
    path: `/inbox/${email.accountId}/${email.id}`,
    silent: false,
    at: Date.parse(email.receivedAt),
  }));
}

/** Where a push came and nothing is to be told: browsers want something to be seen, and would say less. */
export function emptyNotice(reached: boolean): Notice {
  const { notice } = words.notifications;
  return reached
    ? { title: notice.nothing, body: notice.nothingText, tag: 'quiet', path: '/inbox', silent: true }
    : { title: notice.unread, body: notice.unreadText, tag: SUMMARY, path: '/inbox', silent: false };
}

/** The answer to the first push, which shows the person that it works. */
export function readyNotice(): Notice {
  const { notice } = words.notifications;
  return { title: notice.ready, body: notice.readyText, tag: 'ready', path: '/notifications', silent: true };
}

function senderOf({ from }: StoredEmail): string {
  const [sender] = from;
  return shortened(sender?.name || sender?.email || '') || words.notifications.notice.noSender;
}

/** What a sender wrote, on one line: control characters and overrides of direction are of no use there. */
function shortened(text: string | null): string {
  const plain = (text ?? '').replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
