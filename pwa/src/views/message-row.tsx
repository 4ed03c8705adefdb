import { Paperclip, Star } from 'lucide';
import type { StoredEmail } from '../mailbox/db.ts';
import { longDate, shortDate } from '../words/time.ts';
import { words } from '../words/words.ts';
import { toggleStar } from './act.ts';
import { Avatar, senderName } from './avatar.tsx';
import { Icon } from './icon.tsx';

/** One message in a list: a link to it, and its star. */
export function MessageRow(props: { email: StoredEmail; href: string; open: boolean; showTo: boolean }) {
  const { email, href, open, showTo } = props;
  const unread = !email.keywords.$seen;
  const starred = email.keywords.$flagged === true;
  const people = showTo && email.to.length ? email.to : email.from;
  const subject = email.subject || words.list.noSubject;
  return (
    <div class={`row${unread ? ' row-unread' : ''}${open ? ' row-open' : ''}`}>
      <Avatar address={people[0] ?? null} />
      <a class="row-link" href={href} aria-current={open ? 'true' : undefined}>
        <span class="row-top">
          {unread && <span class="visually-hidden">{words.list.unread}: </span>}
          <span class="row-sender" dir="auto">
            {people.map(senderName).join(', ') || words.list.noSender}
          </span>
          {email.hasAttachment && (
            <span class="row-clip" title={words.list.attachment}>
              <Icon node={Paperclip} />
              <span class="visually-hidden">{words.list.attachment}</span>
            </span>
          )}
          <time class="row-date" dateTime={email.receivedAt} title={longDate(email.receivedAt)}>
            {shortDate(email.receivedAt)}
          </time>
        </span>
        <span class="row-subject" dir="auto">
          {subject}
        </span>
        <span class="row-preview" dir="auto">
          {email.preview || '\u00a0'}
        </span>
      </a>
      <label class={`row-star${starred ? ' row-starred' : ''}`}>
        <input
          type="checkbox"
          checked={starred}
          aria-label={words.list.starred(subject)}
          onChange={() => toggleStar(email)}
        />
        <Icon node={Star} filled={starred} />
      </label>
    </div>
  );
}
