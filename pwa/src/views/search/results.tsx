import { Search as SearchIcon, SearchX } from 'lucide';
import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import {
  type CustomContainerComponentProps,
  type CustomItemComponentProps,
  Virtualizer,
  type VirtualizerHandle,
} from 'virtua';
import type { Id } from '../../../../functions/jmap/types.ts';
import { searchPath } from '../../routes.ts';
import { isEmpty } from '../../search/query.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { useKeys } from '../keys.tsx';
import { useLive } from '../use.ts';
import { coverage } from './coverage.ts';
import type { Typing } from './field.tsx';
import { needlesOf, ResultRow } from './row.tsx';
import { isOffline, type Search as Searching } from './use-search.ts';

/** Height of a row before it is measured, in pixels. */
const ROW = 112;

/** What the parts of the virtual list need to know of it. */
const Total = createContext(0);

function List({ style, children, ref }: CustomContainerComponentProps) {
  const touchable = { ...style, pointerEvents: undefined };
  return (
    <ul ref={ref} style={touchable} aria-label={words.search.results}>
      {children}
    </ul>
  );
}

function Item({ style, index, children, ref }: CustomItemComponentProps) {
  return (
    <li ref={ref} style={style} aria-posinset={index + 1} aria-setsize={useContext(Total)}>
      {children}
    </li>
  );
}

interface Shown extends Typing {
  search: Searching;
  open: { accountId: Id; id: Id } | null;
}

/** What was found, and how much was searched for it. */
export function Results({ search, open, typed, onType }: Shown) {
  const { rows, emails, query } = search;
  const offline = useLive(['status'], 'offline', isOffline) ?? false;
  const handle = useRef<VirtualizerHandle>(null);
  const needles = useMemo(() => needlesOf(query), [query]);
  useEffect(() => handle.current?.scrollTo(0), [search.typed]);
  useResultKeys(handle.current, open, typed);
  const onScroll = () => {
    const list = handle.current;
    if (list) search.show(list.findItemIndex(list.scrollOffset + list.viewportSize));
  };
  useEffect(onScroll, [rows]);
  if (isEmpty(query)) return <Start search={search} onType={onType} offline={offline} />;
  return (
    <>
      <p class="search-note" role="status">
        {coverage(search, offline)}
      </p>
      {query.unknown.map(one => (
        <p class="search-note search-unknown" key={one}>
          {words.search.unknown(one)}
        </p>
      ))}
      {search.held.length > 0 && (
        <button type="button" class="button search-held" onClick={search.showHeld}>
          {words.search.held(search.held.length)}
        </button>
      )}
      {rows.length === 0 ? (
        <Nothing search={search} />
      ) : (
        <Total.Provider value={rows.length}>
          <div class="list">
            <Virtualizer ref={handle} as={List} item={Item} data={rows} itemSize={ROW} onScroll={onScroll}>
              {found => {
                const key = `${found.accountId}/${found.id}`;
                const email = emails.get(key);
                if (!email) return <div class="row row-pending" key={key} />;
                return (
                  <ResultRow
                    key={key}
                    email={email}
                    snippet={found.snippet}
                    needles={needles}
                    href={searchPath(typed, found)}
                    open={open?.id === found.id && open.accountId === found.accountId}
                  />
                );
              }}
            </Virtualizer>
          </div>
        </Total.Provider>
      )}
    </>
  );
}

function Start({
  search,
  onType,
  offline,
}: {
  search: Searching;
  onType: Typing['onType'];
  offline: boolean;
}) {
  const { startTitle, startText, examples } = words.search;
  return (
    <div class="empty search-start">
      <Icon node={SearchIcon} />
      <h2>{startTitle}</h2>
      <p>{startText}</p>
      <ul class="search-examples">
        {examples.map(([text, meaning]) => (
          <li key={text}>
            <button type="button" class="search-example" onClick={() => onType(text)}>
              <code dir="auto">{text}</code>
              <span>{meaning}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="card-note" role="status">
        {coverage(search, offline)}
      </p>
    </div>
  );
}

function Nothing({ search: { doneHere, server } }: { search: Searching }) {
  if (!doneHere) return <div class="pending" aria-busy="true" />;
  const going = server === 'asking' || server === 'waiting';
  return (
    <div class="empty">
      <Icon node={SearchX} />
      <h2>{going ? words.search.nothingYet : words.search.nothing}</h2>
      {!going && <p>{words.search.nothingText}</p>}
    </div>
  );
}

/** The keys j and k move through the results; Escape closes a message, and then goes back to the field. */
function useResultKeys(handle: VirtualizerHandle | null, open: Shown['open'], typed: string): void {
  const { route } = useLocation();
  const go = (step: 1 | -1) => {
    const current =
      document.activeElement?.closest('[aria-posinset]') ??
      document.querySelector('.result.row-open')?.closest('[aria-posinset]');
    const position = Math.max(
      0,
      Number(current?.getAttribute('aria-posinset') ?? 0) - 1 + (current ? step : 0),
    );
    handle?.scrollToIndex(position, { align: 'nearest' });
    requestAnimationFrame(() => {
      const row = document.querySelector<HTMLElement>(`[aria-posinset="${position + 1}"] .row-link`);
      row?.focus();
      if (open) row?.click();
    });
  };
  useKeys({
    j: () => go(1),
    k: () => go(-1),
    Escape: () => {
      if (open) route(searchPath(typed), true);
      else document.getElementById('search-field')?.focus();
    },
  });
}
