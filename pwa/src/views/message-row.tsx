import { Archive, Check, MailOpen, Paperclip, Star, Trash2 } from 'lucide';
import type { Entry } from '../mailbox/entries.ts';
import { digits } from '../words/numbers.ts';
import { longDate, shortDate } from '../words/time.ts';
import { words } from '../words/words.ts';
import { Avatar, senderName } from './avatar.tsx';
import { Icon } from './icon.tsx';
import type { Swiping } from './swipe.ts';

interface Props {
  entry: Entry;
  href: string;
  open: boolean;
  showTo: boolean;
  selected: boolean;
  /** What the row uncovers while it is swiped. */
  swiping: Swiping | null;
  onStar: () => void;
  /** @param range everything from the row that was pressed before is meant */
  onSelect: (range: boolean) => void;
}

/** One conversation or message in a list: a link to it, and its star. */
export function MessageRow({ entry, href, open, showTo, selected, swiping, onStar, onSelect }: Props) {
  const { email, unread, starred } = entry;
  const people = showTo && email.to.length ? email.to : entry.people;
  const subject = email.subject || words.list.noSubject;
  return (
    <div class="row-place">
      {swiping && swiping.action !== 'nothing' && <Behind {...swiping} />}
      <div
        class={`row${unread ? ' row-unread' : ''}${open ? ' row-open' : ''}${selected ? ' row-selected' : ''}`}
      >
        <label class="row-select">
          <input
            type="checkbox"
            checked={selected}
            aria-label={words.selecting.select(subject)}
            onClick={event => onSelect(event.shiftKey)}
          />
          <Avatar address={people[0] ?? null} accountId={email.accountId} />
          <span class="row-check">
            <Icon node={Check} />
          </span>
        </label>
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
          <input
            type="checkbox"
            checked={starred}
            aria-label={words.list.starred(subject)}
            onChange={onStar}
          />
          <Icon node={Star} filled={starred} />
        </label>
      </div>
    </div>
  );
}

const SWIPE_ICONS = { archive: Archive, trash: Trash2, read: MailOpen, star: Star };

function Behind({ action, to, armed }: Swiping) {
  if (action === 'nothing') return null;
  return (
    <div
      class={`row-behind row-behind-${to} row-behind-${action}${armed ? ' row-behind-armed' : ''}`}
      aria-hidden="true"
    >
      <Icon node={SWIPE_ICONS[action]} />
    </div>
  );
}
