import { ArrowLeft, Mail, MailOpen, Star } from 'lucide';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Id } from '../../../../functions/jmap/types.ts';
import { setRead } from '../../mailbox/actions.ts';
import { downloadBodies } from '../../mailbox/bodies.ts';
import { type Database, mailbox, type StoredBody, type StoredEmail } from '../../mailbox/db.ts';
import type { ListName } from '../../mailbox/lists.ts';
import { call, deviceBlobs } from '../../mailbox/server.ts';
import { withRoom } from '../../mailbox/storage.ts';
import { listPath } from '../../routes.ts';
import { words } from '../../words/words.ts';
import { toggleRead, toggleStar } from '../act.ts';
import { senderName } from '../avatar.tsx';
import { Icon } from '../icon.tsx';
import { IconButton } from '../icon-button.tsx';
import { MoveButtons } from '../move-buttons.tsx';
import { useLive } from '../use.ts';
import { Body } from './body.tsx';
import { Header } from './header.tsx';
import { MoreMenu } from './more-menu.tsx';
import { type Opened, readMessage } from './read-message.ts';

/** Fetches a body that is not on the device; says how that went. */
function useMissingBody(accountId: Id, id: Id, missing: boolean): 'fetching' | 'unreachable' | 'refused' {
  const [state, setState] = useState<'fetching' | 'unreachable' | 'refused'>('fetching');
  useEffect(() => {
    if (!missing) return;
    let stopped = false;
    setState('fetching');
    const download = () =>
      withRoom(async () => downloadBodies(await mailbox(), accountId, [id], call, deviceBlobs));
    download().then(
      () => !stopped && setState('refused'),
      () => !stopped && setState('unreachable'),
    );
    return () => {
      stopped = true;
    };
  }, [accountId, id, missing]);
  return state;
}

interface Props {
  list: ListName;
  accountId: Id;
  id: Id;
  back?: string;
  /** the message where it was read already: it is read again, but nobody waits for that */
  first?: Opened | undefined;
  /** one of several in a conversation, which has the subject and the focus */
  part?: boolean;
}

/** One message, read from the device. */
export function Reader(props: Props) {
  const { list, accountId, id, back = listPath(list), first, part = false } = props;
  const key = `${accountId}/${id}`;
  const known = useRef<StoredBody | null>(null);
  if (known.current?.id !== id || known.current.accountId !== accountId) known.current = null;
  const read = (db: Database) => readMessage(db, accountId, id, known.current);
  const opened = useLive(['emails', 'bodies', 'settings'], key, read) ?? first;
  known.current = opened?.body ?? known.current;
  const missing = opened?.email != null && opened.body === null;
  const fetched = useMissingBody(accountId, id, missing);
  const article = useRef<HTMLElement>(null);
  const marked = useRef('');
  const email = opened?.email ?? null;
  const latest = useRef(email);
  latest.current = email;
  const onShown = useCallback(() => {
    const shown = latest.current;
    // Once an opening: who marks it as unread while it is open means it.
    if (!shown || marked.current === key) return;
    marked.current = key;
    if (!shown.keywords.$seen) void setRead(shown, true);
  }, [key]);
  const subject = email ? email.subject || words.list.noSubject : null;
  useEffect(() => {
    if (subject !== null && !part) document.title = `${subject} · ${words.app}`;
  }, [subject, part]);
  const here = email !== null;
  useEffect(() => {
    if (part) return;
    article.current?.scrollTo(0, 0);
    // On a phone the reader replaces the list: the focus goes with it.
    if (here && matchMedia('(max-width: 55.99em)').matches) {
      article.current?.querySelector<HTMLElement>('.reader-subject')?.focus();
    }
  }, [key, here, part]);
  if (!opened) return <div class="pending" aria-busy="true" />;
  if (!email) return <Gone back={back} />;
  const sender = email.from[0] ? senderName(email.from[0]) : words.list.noSender;
  return (
    <article class="reader" ref={article} aria-label={(part ? sender : subject) ?? undefined}>
      <Toolbar email={email} body={opened.body} back={back} />
      <div class="reader-paper">
        <Header email={email} body={opened.body} part={part} />
        {opened.body ? (
          <Body
            key={key}
            email={email}
            body={opened.body}
            pictureSenders={opened.pictureSenders}
            onShown={onShown}
          />
        ) : (
          <p class="note" role="status">
            {fetched === 'fetching' && words.reader.fetching}
            {fetched === 'unreachable' && words.reader.noBody}
            {fetched === 'refused' && words.reader.badBody}
          </p>
        )}
      </div>
    </article>
  );
}

function Gone({ back }: { back: string }) {
  return (
    <div class="empty">
      <h1>{words.reader.gone}</h1>
      <p>{words.reader.goneText}</p>
      <a class="button" href={back}>
        {words.reader.back}
      </a>
    </div>
  );
}

function Toolbar(props: { email: StoredEmail; body: StoredBody | null; back: string }) {
  const { email, body, back: backPath } = props;
  const { route } = useLocation();
  const starred = email.keywords.$flagged === true;
  const read = email.keywords.$seen === true;
  const toList = () => route(backPath, true);
  const { star, unstar, markRead, markUnread, back } = words.reader;
  return (
    <div class="bar reader-bar">
      <a
        class="button-icon narrow-only"
        href={backPath}
        aria-label={back}
        title={back}
        onClick={event => {
          // In place of the message: the phone's own way back must not open it again.
          event.preventDefault();
          toList();
        }}
      >
        <Icon node={ArrowLeft} pointing />
      </a>
      <span class="bar-space" />
      <MoveButtons
        about={[email]}
        names={{ ...words.reader, destroy: words.acting.destroy }}
        onDone={toList}
      />
      <IconButton
        name={read ? markUnread : markRead}
        icon={read ? Mail : MailOpen}
        onClick={() => toggleRead(email)}
      />
      <IconButton
        name={starred ? unstar : star}
        icon={Star}
        onClick={() => toggleStar(email)}
        filled={starred}
      />
      <MoreMenu email={email} body={body} />
    </div>
  );
}
