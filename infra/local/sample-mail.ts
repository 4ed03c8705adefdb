import { friendsMail } from './sample-mail/friends.ts';
import { languageMail } from './sample-mail/languages.ts';
import { maildropMail } from './sample-mail/maildrop.ts';
import { calendarOf, type SampleMessage } from './sample-mail/message.ts';
import { newsletterMail } from './sample-mail/newsletters.ts';
import { oddMail } from './sample-mail/oddities.ts';
import { workMail } from './sample-mail/work.ts';

export type { SampleMessage } from './sample-mail/message.ts';

/**
 * The mail of Mara Lindqvist, written for this: an IMAP account with eight mailboxes and an older POP
 * account, with every kind of message that a mail reader must bear. Dates count back from `now`; the same `now`
 * gives the same bytes. Oldest first, as mail arrives.
 */
export function sampleMail({ now = new Date() }: { now?: Date } = {}): SampleMessage[] {
  const calendar = calendarOf(now);
  const sources = [friendsMail, workMail, newsletterMail, languageMail, oddMail, maildropMail];
  return sources.flatMap(write => write(calendar)).sort((a, b) => a.date.getTime() - b.date.getTime());
}
