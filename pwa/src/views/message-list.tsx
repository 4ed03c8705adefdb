import { Inbox, Menu, RefreshCw } from 'lucide';
import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  type CustomContainerComponentProps,
  type CustomItemComponentProps,
  Virtualizer,
  type VirtualizerHandle,
} from 'virtua';
import type { StoredMailbox } from '../mailbox/db.ts';
import type { ListName } from '../mailbox/lists.ts';
import { listPath, messagePath } from '../routes.ts';
import { words } from '../words/words.ts';
import { swipeEntry, toggleStars } from './entry-actions.ts';
import { Icon } from './icon.tsx';
import { useFocusAfterReading, useListKeys } from './list-keys.ts';
import { positionAt, useLongPress } from './long-press.ts';
import { mailboxName } from './mailboxes.tsx';
import { MessageRow } from './message-row.tsx';
import { usePreference } from './preferences.ts';
import { checkForMail, PullToRefresh } from './pull.tsx';
import { useSelection } from './selection.ts';
import { SelectionBar } from './selection-bar.tsx';
import { isFirstFetch, readProgress, StatusBar } from './status-bar.tsx';
import { type Swiping, useSwipe } from './swipe.ts';
import { useLive } from './use.ts';
import { useList } from './use-list.ts';

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
  const threads = usePreference('threads') === 'on';
  const view = { list, threads };
  const key = `${listPath(list)} ${threads}`;
  const window = useList(key, view);
  const shown = useLive<StoredMailbox | null>(['mailboxes'], key, async db =>
    'role' in list ? null : ((await db.get('mailboxes', [list.accountId, list.mailboxId])) ?? null),
  );
  const coming = useLive(['feeds', 'accounts', 'status'], 'coming', isFirstFetch);
  const gone = !('role' in list) && shown === null && coming === false;
  const name = gone ? words.list.gone : shown ? mailboxName(shown) : '';
  const title = 'role' in list ? words.nav.allInboxes : name;
  const progress = useLive(['feeds', 'bodies', 'emails', 'status'], 'progress', readProgress, true);
  const handle = useRef<VirtualizerHandle>(null);
  // ARIA's word for a size that is not known.
  const total = window.total ?? -1;
  const about = useMemo(() => ({ total, name: words.list.messages(title) }), [total, title]);
  const { length } = window;
  const positions = useMemo(() => ({ length }) as ArrayLike<undefined>, [length]);
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
  const selection = useSelection(key, view);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  useLongPress(scroller, position => {
    const entry = window.at(position);
    if (entry) selection.toggle(entry, position);
  });
  const onPress = (event: MouseEvent) => {
    const link = event.target instanceof Element && event.target.closest('.row-link');
    const position = positionAt(event.target);
    const entry = window.at(position);
    const isTouch = (event as PointerEvent).pointerType === 'touch';
    if (!link || !entry || !(event.shiftKey || (isTouch && selection.size > 0))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) void selection.extend(position);
    else selection.toggle(entry, position);
  };
  const role = shown?.role ?? null;
  const [swiping, setSwiping] = useState<Swiping | null>(null);
  const swipes = { right: usePreference('swipeRight'), left: usePreference('swipeLeft') };
  useSwipe(scroller, {
    actionOf: to => (swipes[to] === role || selection.size > 0 ? 'nothing' : swipes[to]),
    onChange: setSwiping,
    async onSwipe(position, action) {
      const entry = window.at(position);
      return entry ? swipeEntry(entry, action) : false;
    },
  });
  useListKeys({ view, open: email, selection, loaded: window.loaded, handle: handle.current });
  useFocusAfterReading(view, email);
  const number = words.list[threads ? 'conversations' : 'count'];
  const isComing = window.total === 0 && coming !== false;
  const note =
    window.total === undefined || gone
      ? null
      : (progress ?? (isComing ? words.loading : number(window.total)));
  return (
    <section class="column" aria-label={title || words.loading}>
      {selection.size > 0 ? (
        <SelectionBar selection={selection} loaded={window.loaded} />
      ) : (
        <ListBar title={title} note={note} onMenu={onMenu} />
      )}
      <StatusBar />
      {window.total === 0 ? (
        coming !== undefined && <EmptyList coming={coming} gone={gone} />
      ) : (
        <About.Provider value={about}>
          <div class="list-place">
            <PullToRefresh list={scroller} />
            <div
              class={`list${selection.size ? ' list-selecting' : ''}`}
              aria-busy={window.kept}
              ref={setScroller}
              onClickCapture={onPress}
            >
              <Virtualizer
                ref={handle}
                as={List}
                item={Item}
                data={positions}
                itemSize={ROW}
                onScroll={onScroll}
              >
                {(_, position) => {
                  const entry = window.at(position);
                  if (!entry) return <div class="row row-pending" key={position} />;
                  const open = entry.email.accountId === email?.accountId && entry.ids.includes(email.id);
                  return (
                    <MessageRow
                      key={entry.key}
                      entry={entry}
                      href={messagePath(list, entry.email)}
                      open={open}
                      showTo={role === 'sent' || role === 'drafts'}
                      selected={selection.has(entry.key)}
                      swiping={swiping?.position === position ? swiping : null}
                      onSelect={range => {
                        if (range) void selection.extend(position);
                        else selection.toggle(entry, position);
                      }}
                      onStar={() => void toggleStars([entry])}
                    />
                  );
                }}
              </Virtualizer>
            </div>
          </div>
        </About.Provider>
      )}
    </section>
  );
}

function ListBar({ title, note, onMenu }: { title: string; note: string | null; onMenu: () => void }) {
  return (
    <header class="bar">
      <button type="button" class="button-icon narrow-only" aria-label={words.nav.open} onClick={onMenu}>
        <Icon node={Menu} />
      </button>
      <div class="bar-title">
        <h1 id="list-title" dir="auto">
          {title || words.loading}
        </h1>
        {note !== null && <p class="bar-note">{note}</p>}
      </div>
      <button
        type="button"
        class="button-icon"
        aria-label={words.list.check}
        title={words.list.check}
        onClick={() => void checkForMail()}
      >
        <Icon node={RefreshCw} />
      </button>
    </header>
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
