import { Inbox, Menu, RefreshCw } from 'lucide';
import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import {
  type CustomContainerComponentProps,
  type CustomItemComponentProps,
  Virtualizer,
  type VirtualizerHandle,
} from 'virtua';
import { mailbox, type StoredEmail, type StoredMailbox } from '../mailbox/db.ts';
import { type ListName, positionInList, readList } from '../mailbox/lists.ts';
import { lookNow } from '../mailbox/schedule.ts';
import { listPath, messagePath } from '../routes.ts';
import { words } from '../words/words.ts';
import { moveToRole, toggleRead, toggleStar } from './act.ts';
import { Icon } from './icon.tsx';
import { useKeys } from './keys.tsx';
import { mailboxName } from './mailboxes.tsx';
import { MessageRow } from './message-row.tsx';
import { isFirstFetch, readProgress, StatusBar } from './status-bar.tsx';
import { notify } from './toast.tsx';
import { useList, useLive } from './use.ts';

/** What the parts of the virtual list need to know of it. */
const About = createContext({ total: 0, name: '' });

function List({ style, children, ref }: CustomContainerComponentProps) {
  // While the list moves virtua lets presses fall through it, and what a person presses then would not open.
  const touchable = { ...style, pointerEvents: undefined };
  return (
    <ul ref={ref} style={touchable} aria-label={useContext(About).name}>
      {children}
    </ul>
  );
}

function Item({ style, index, children, ref }: CustomItemComponentProps) {
  return (
    <li ref={ref} style={style} aria-posinset={index + 1} aria-setsize={useContext(About).total}>
      {children}
    </li>
  );
}

/** Height of a row before it is measured, in pixels. */
const ROW = 92;

interface Props {
  list: ListName;
  email: { accountId: string; id: string } | null;
  onMenu: () => void;
}

/** The column with the messages of a list. */
export function MessageList({ list, email, onMenu }: Props) {
  const key = listPath(list);
  const window = useList(key, list);
  const shown = useLive<StoredMailbox | null>(['mailboxes'], key, async db =>
    'role' in list ? null : ((await db.get('mailboxes', [list.accountId, list.mailboxId])) ?? null),
  );
  const coming = useLive(['feeds', 'accounts', 'status'], 'coming', isFirstFetch);
  const gone = !('role' in list) && shown === null && coming === false;
  const name = gone ? words.list.gone : shown ? mailboxName(shown) : '';
  const title = 'role' in list ? words.nav.allInboxes : name;
  const progress = useLive(['feeds', 'bodies', 'emails', 'status'], 'progress', readProgress);
  const handle = useRef<VirtualizerHandle>(null);
  const total = window.total ?? 0;
  const about = useMemo(() => ({ total, name: words.list.messages(title) }), [total, title]);
  const positions = useMemo(() => ({ length: total }) as ArrayLike<undefined>, [total]);
  const onScroll = () => {
    const list = handle.current;
    if (!list) return;
    const first = list.findItemIndex(list.scrollOffset);
    const last = list.findItemIndex(list.scrollOffset + list.viewportSize);
    window.show(first - 10, last + 10);
  };
  const shownKey = useRef(key);
  useEffect(() => {
    if (shownKey.current !== key) handle.current?.scrollTo(0);
    shownKey.current = key;
  }, [key]);
  useEffect(() => {
    if (title) document.title = `${title} · ${words.app}`;
  }, [title]);
  useListKeys(list, email, handle.current);
  useFocusAfterReading(list, email);
  const check = () => {
    notify(words.done.newMail);
    void lookNow(true);
  };
  return (
    <section class="column" aria-labelledby="list-title">
      <header class="bar">
        <button type="button" class="button-icon narrow-only" aria-label={words.nav.open} onClick={onMenu}>
          <Icon node={Menu} />
        </button>
        <div class="bar-title">
          <h1 id="list-title" dir="auto">
            {title || words.loading}
          </h1>
          {window.total !== undefined && !gone && (
            <p class="bar-note">
              {progress ??
                (window.total === 0 && coming !== false ? words.loading : words.list.count(window.total))}
            </p>
          )}
        </div>
        <button
          type="button"
          class="button-icon"
          aria-label={words.list.check}
          title={words.list.check}
          onClick={check}
        >
          <Icon node={RefreshCw} />
        </button>
      </header>
      <StatusBar />
      {window.total === 0 ? (
        coming !== undefined && <EmptyList coming={coming} gone={gone} />
      ) : (
        <About.Provider value={about}>
          <div class="list">
            <Virtualizer
              ref={handle}
              as={List}
              item={Item}
              data={positions}
              itemSize={ROW}
              onScroll={onScroll}
            >
              {(_, position) => {
                const row = window.at(position);
                if (!row) return <div class="row row-pending" key={position} />;
                const open = row.id === email?.id && row.accountId === email.accountId;
                return (
                  <MessageRow
                    key={`${row.accountId}/${row.id}`}
                    email={row}
                    href={messagePath(list, row)}
                    open={open}
                    showTo={shown?.role === 'sent' || shown?.role === 'drafts'}
                  />
                );
              }}
            </Virtualizer>
          </div>
        </About.Provider>
      )}
    </section>
  );
}

function EmptyList({ coming, gone }: { coming: boolean; gone: boolean }) {
  if (gone) {
    return (
      <div class="empty">
        <p>{words.list.goneText}</p>
        <a class="button" href="/inbox">
          {words.errors.home}
        </a>
      </div>
    );
  }
  return (
    <div class="empty">
      <Icon node={Inbox} />
      <h2>{coming ? words.list.coming : words.list.empty}</h2>
      <p>{coming ? words.list.comingText : words.list.emptyText}</p>
    </div>
  );
}

/** Who closes a message, by whatever means, goes on in the list where that message is. */
function useFocusAfterReading(list: ListName, open: Props['email']): void {
  const before = useRef({ list, open });
  useEffect(() => {
    const closed = before.current;
    before.current = { list, open };
    if (open || !closed.open || listPath(closed.list) !== listPath(list)) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    const row = document.querySelector<HTMLElement>(`.row-link[href="${messagePath(list, closed.open)}"]`);
    row?.focus({ preventScroll: true });
  }, [list, open]);
}

/** The position of the row that has the focus, or -1. */
function focusedPosition(): number {
  const item = document.activeElement?.closest('[aria-posinset]');
  return item ? Number(item.getAttribute('aria-posinset')) - 1 : -1;
}

/** The keys j, k and Enter move through the list; s, u, e and # act on the message that is open or has the focus. */
function useListKeys(list: ListName, open: Props['email'], handle: VirtualizerHandle | null): void {
  const { route } = useLocation();
  const cursor = useRef(-1);
  const current = async (): Promise<StoredEmail | undefined> => {
    const db = await mailbox();
    if (open) return db.get('emails', [open.accountId, open.id]);
    const focused = focusedPosition();
    return focused < 0 ? undefined : (await readList(db, list, focused, 1))[0];
  };
  const go = async (step: 1 | -1) => {
    const db = await mailbox();
    const shown = open ? await current() : undefined;
    const focused = focusedPosition();
    const chosen = focused < 0 ? cursor.current : focused;
    const from = shown ? await positionInList(db, list, shown) : chosen;
    const [next] = await readList(db, list, Math.max(0, from + step), 1);
    if (!next) return;
    cursor.current = Math.max(0, from + step);
    handle?.scrollToIndex(cursor.current, { align: 'nearest' });
    if (open) route(messagePath(list, next), true);
    else requestAnimationFrame(() => focusRow(cursor.current));
  };
  const act = (action: (email: StoredEmail) => void) => async () => {
    const email = await current();
    if (email) action(email);
  };
  const leave = (role: 'archive' | 'trash') =>
    act(async email => {
      // The next message takes the place of this one, and is the next for j.
      const position = await positionInList(await mailbox(), list, email);
      if (!(await moveToRole(email, role))) return;
      cursor.current = position - 1;
      if (open) route(listPath(list), true);
    });
  useKeys({
    j: () => void go(1),
    k: () => void go(-1),
    s: act(toggleStar),
    u: act(toggleRead),
    e: leave('archive'),
    '#': leave('trash'),
    Escape: () => open && route(listPath(list), true),
  });
}

function focusRow(position: number): void {
  document.querySelector<HTMLElement>(`[aria-posinset="${position + 1}"] .row-link`)?.focus();
}
