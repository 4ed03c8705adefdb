import { Paperclip, Star } from 'lucide';
import type { Entry } from '../mailbox/entries.ts';
import { digits } from '../words/numbers.ts';
import { longDate, shortDate } from '../words/time.ts';
import { words } from '../words/words.ts';
import { Avatar, senderName } from './avatar.tsx';
import { Icon } from './icon.tsx';

interface Props {
  entry: Entry;
  href: string;
  open: boolean;
  showTo: boolean;
  onStar: () => void;
}

/** One conversation or message in a list: a link to it, and its star. */
export function MessageRow({ entry, href, open, showTo, onStar }: Props) {
  const { email, unread, starred } = entry;
  const people = showTo && email.to.length ? email.to : entry.people;
  const subject = email.subject || words.list.noSubject;
  return (
    <div class={`row${unread ? ' row-unread' : ''}${open ? ' row-open' : ''}`}>
      <Avatar address={people[0] ?? null} accountId={email.accountId} />
      <a class="row-link" href={href} aria-current={open ? 'true' : undefined}>
        <span class="row-top">
          {unread && <span class="visually-hidden">{words.list.unread}: </span>}
          <span class="row-sender" dir="auto">
            {people.map(senderName).join(', ') || words.list.noSender}
          </span>
          {entry.size > 1 && (
            <span class="row-size" title={words.list.inConversation(entry.size)}>
              <span aria-hidden="true">{digits(entry.size)}</span>
              <span class="visually-hidden">{words.list.inConversation(entry.size)}</span>
            </span>
          )}
          {entry.hasAttachment && (
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
        <input type="checkbox" checked={starred} aria-label={words.list.starred(subject)} onChange={onStar} />
        <Icon node={Star} filled={starred} />
      </label>
    </div>
  );
}
