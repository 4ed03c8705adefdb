import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Id } from '../../../../functions/jmap/types.ts';
import { searchPath } from '../../routes.ts';
import { words } from '../../words/words.ts';
import { lazily } from '../lazily.tsx';
import { StatusBar } from '../status-bar.tsx';
import { Field, Suggestions } from './field.tsx';
import { Results } from './results.tsx';
import { useSearch } from './use-search.ts';

const Reader = lazily(async () => (await import('../reader/reader.tsx')).Reader);

/** The wait after the last letter before the address follows, in milliseconds. */
const ADDRESS_AFTER = 300;

interface Props {
  email: { accountId: Id; id: Id } | null;
  onMenu: () => void;
}

/** The search page: a field, what it found, and beside it the message that was chosen. */
export function Search({ email, onMenu }: Props) {
  const { query: address, route } = useLocation();
  const [typed, setTyped] = useState(address.q ?? '');
  const latest = useRef(typed);
  latest.current = typed;
  const place = useRef(email);
  place.current = email;
  const search = useSearch(typed);
  useEffect(() => {
    // The way back and another tab's link bring what was typed then.
    if ((address.q ?? '') !== latest.current) setTyped(address.q ?? '');
  }, [address.q]);
  useEffect(() => {
    const timer = setTimeout(() => {
      if ((address.q ?? '') !== typed) route(searchPath(typed, place.current), true);
    }, ADDRESS_AFTER);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    document.title = `${words.search.title} · ${words.app}`;
  }, []);
  return (
    <>
      <section class="column search-column" aria-labelledby="search-title">
        <h1 id="search-title" class="visually-hidden">
          {words.search.title}
        </h1>
        <Field typed={typed} onType={setTyped} onMenu={onMenu} focus={email === null} />
        <StatusBar />
        <Suggestions typed={typed} onType={setTyped} />
        <Results search={search} open={email} typed={typed} onType={setTyped} />
      </section>
      <div class="column reader-column">
        {email ? (
          <Reader
            list={{ role: 'inbox' }}
            back={searchPath(typed)}
            accountId={email.accountId}
            id={email.id}
          />
        ) : (
          <div class="empty">
            <img src="/favicon.svg" alt="" width="96" height="96" class="faint" />
            <p>{words.search.choose}</p>
          </div>
        )}
      </div>
    </>
  );
}
