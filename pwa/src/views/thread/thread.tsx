import { ChevronsDownUp } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Id } from '../../../../functions/jmap/types.ts';
import type { StoredBody, StoredEmail } from '../../mailbox/db.ts';
import { readConversation } from '../../mailbox/entries.ts';
import type { ListName } from '../../mailbox/lists.ts';
import { longDate, shortDate } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { Avatar, senderName } from '../avatar.tsx';
import { Icon } from '../icon.tsx';
import { usePreference } from '../preferences.ts';
import { type Opened, readMessage } from '../reader/read-message.ts';
import { Reader } from '../reader/reader.tsx';
import { useLive } from '../use.ts';
import { folding, opensAtFirst } from './folding.ts';
import { ThreadBar } from './thread-bar.tsx';

interface Props {
  list: ListName;
  accountId: Id;
  id: Id;
}

/** What the reader's column shows of a list: the conversation of a message, or where it is alone the message. */
export function Thread({ list, accountId, id }: Props) {
  const threads = usePreference('threads') === 'on';
  const known = useRef<StoredBody | null>(null);
  const found = useLive(['emails'], `${accountId}/${id}`, async db => {
    // Together: the message would be read only after it is known to be alone otherwise.
    const [emails, first] = await Promise.all([
      readConversation(db, list, accountId, id),
      readMessage(db, accountId, id, known.current?.id === id ? known.current : null),
    ]);
    known.current = first.body;
    return { emails, first };
  });
  if (threads && !found) return <div class="pending" aria-busy="true" />;
  if (!threads || !found || found.emails.length < 2) {
    return <Reader {...{ list, accountId, id }} first={found?.first} />;
  }
  const { emails, first } = found;
  const [{ threadId } = { threadId: id }] = emails;
  return <Messages key={`${accountId}/${threadId}`} {...{ list, emails, id, first }} />;
}

function senderOf(email: StoredEmail): string {
  return email.from[0] ? senderName(email.from[0]) : words.list.noSender;
}

/** Begins at the subject, unless the first open message is further down than people look. */
function showOpen(scroller: HTMLElement) {
  const first = scroller.querySelector<HTMLElement>('.thread-open');
  const further = first && first.offsetTop > scroller.clientHeight / 2;
  if (further) first.scrollIntoView({ block: 'start' });
  else scroller.scrollTo(0, 0);
  // On a phone the conversation replaces the list: the focus goes with it.
  if (matchMedia('(max-width: 55.99em)').matches) {
    scroller.querySelector<HTMLElement>('.reader-subject')?.focus({ preventScroll: true });
  }
}

interface MessagesProps {
  list: ListName;
  emails: StoredEmail[];
  id: Id;
  /** the message with that id, as it was read with the others */
  first: Opened;
}

function Messages({ list, emails, id, first }: MessagesProps) {
  const [open, setOpen] = useState<ReadonlySet<Id>>(() => opensAtFirst(emails, id));
  const [unfolded, setUnfolded] = useState<ReadonlySet<Id>>(new Set());
  const scroller = useRef<HTMLElement>(null);
  const turned = useRef<Id | null>(null);
  useEffect(() => {
    setOpen(before => (before.has(id) ? before : new Set([...before, id])));
    if (scroller.current) showOpen(scroller.current);
  }, [id]);
  useEffect(() => {
    // The button that was pressed is gone with what it was part of: the other one has the focus.
    if (!turned.current) return;
    scroller.current?.querySelector<HTMLElement>(`[data-id="${turned.current}"] [aria-expanded]`)?.focus();
    turned.current = null;
  }, [open]);
  const toggle = (one: Id) => () => {
    const next = new Set(open);
    if (!next.delete(one)) next.add(one);
    turned.current = one;
    setOpen(next);
  };
  const parts = folding(emails, open, unfolded);
  // As it began, without what answers put before it.
  const subject = emails[0]?.subject || words.list.noSubject;
  useEffect(() => {
    document.title = `${subject} · ${words.app}`;
  }, [subject]);
  return (
    <section class="thread" ref={scroller} aria-labelledby="thread-subject">
      <ThreadBar list={list} emails={emails} />
      <header class="thread-header">
        <h1 class="reader-subject" id="thread-subject" dir="auto" tabIndex={-1}>
          {subject}
        </h1>
        <p class="bar-note">{words.thread.messages(emails.length)}</p>
      </header>
      <ul class="thread-messages">
        {parts.map(part => {
          if ('hidden' in part) {
            const show = () => setUnfolded(new Set([...unfolded, ...part.hidden]));
            return (
              <li key={`${part.hidden[0]}+`} class="thread-more">
                <button type="button" class="button" onClick={show}>
                  {words.thread.more(part.hidden.length)}
                </button>
              </li>
            );
          }
          const { email } = part;
          if (open.has(email.id)) {
            const name = words.thread.fold(senderOf(email), longDate(email.receivedAt));
            return (
              <li key={email.id} class="thread-message thread-open" data-id={email.id}>
                <button
                  type="button"
                  class="button-icon thread-fold"
                  aria-expanded="true"
                  aria-label={name}
                  title={name}
                  onClick={toggle(email.id)}
                >
                  <Icon node={ChevronsDownUp} />
                </button>
                <Reader
                  list={list}
                  accountId={email.accountId}
                  id={email.id}
                  first={email.id === id ? first : undefined}
                  part
                />
              </li>
            );
          }
          return (
            <li key={email.id} class="thread-message" data-id={email.id}>
              <Folded email={email} onOpen={toggle(email.id)} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Folded({ email, onOpen }: { email: StoredEmail; onOpen: () => void }) {
  const unread = !email.keywords.$seen;
  return (
    <button
      type="button"
      class={`thread-folded${unread ? ' thread-unread' : ''}`}
      aria-expanded="false"
      aria-label={words.thread.unfold(senderOf(email), longDate(email.receivedAt))}
      onClick={onOpen}
    >
      <Avatar address={email.from[0] ?? null} />
      <span class="thread-line">
        <span class="thread-sender" dir="auto">
          {senderOf(email)}
        </span>
        <span class="thread-preview" dir="auto">
          {email.preview || '\u00a0'}
        </span>
      </span>
      <time class="row-date" dateTime={email.receivedAt}>
        {shortDate(email.receivedAt)}
      </time>
    </button>
  );
}
