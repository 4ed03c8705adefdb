import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { Id } from '../../../../functions/jmap/types.ts';
import { Unreachable } from '../../jmap/errors.ts';
import { readStatus, setStatus } from '../../mailbox/cycle.ts';
import { type Database, mailbox, type StoredEmail } from '../../mailbox/db.ts';
import { readShown } from '../../mailbox/emails.ts';
import { observe } from '../../mailbox/observe.ts';
import { call } from '../../mailbox/server.ts';
import { findAtServer, serverFilter, takeIn } from '../../search/at-server.ts';
import { findHere, startIndex, watchIndex } from '../../search/client.ts';
import { type Found, foundKey, mergeFound, readFound } from '../../search/merge-found.ts';
import { type Names, resolve } from '../../search/names.ts';
import type { IndexStatus } from '../../search/protocol.ts';
import { isEmpty, parseQuery, type Query, toFts } from '../../search/query.ts';
import { words } from '../../words/words.ts';
import { mailboxName } from '../mailboxes.tsx';

/** Results read at a time, and how near to their end the person has to be for the next ones. */
const PAGE = 60;
const NEAR = 20;
/** The wait after the last letter before the server is asked, in milliseconds. */
const SERVER_AFTER = 450;

/** A search that goes on: what was found so far, newest first. */
export interface Searching {
  typed: string;
  query: Query;
  rows: readonly Found[];
  emails: ReadonlyMap<string, StoredEmail>;
  /** Results of the server that belong above what the person looks at. */
  held: readonly Found[];
  /** The index has no more; until it has said so nothing is known to be missing. */
  doneHere: boolean;
  server: 'unneeded' | 'waiting' | 'asking' | 'done' | 'unreachable';
}

export interface Search extends Searching {
  index: IndexStatus;
  /** Says how far the person has looked; reads on where that is near the end. */
  show(last: number): void;
  /** Lets in what was held back. */
  showHeld(): void;
}

interface Run extends Searching {
  aborter: AbortController;
  before: number | null;
  reading: boolean;
  seen: number;
  /** where the next results of each account begin; null for none */
  next: Map<Id, number | null>;
}

const NOTHING: Searching = {
  ...{ typed: '', query: parseQuery(''), rows: [], emails: new Map(), held: [] },
  ...{ doneHere: true, server: 'unneeded' },
};

/** What can be named in a search. */
export async function readNames(db: Database): Promise<Names> {
  const [accounts, mailboxes] = await Promise.all([db.getAll('accounts'), db.getAll('mailboxes')]);
  return { accounts, mailboxes: mailboxes.map(mailbox => ({ ...mailbox, shown: mailboxName(mailbox) })) };
}

/** True when all that there is can be found on this device. */
async function isAllHere(db: Database, { state, searched, total }: IndexStatus): Promise<boolean> {
  if (state !== 'ready' || searched < total) return false;
  return (await db.getAll('feeds')).every(feed => feed.listing === null && feed.updatedAt !== null);
}

/** Searches this device as the person types, then the server for what is not here. */
export function useSearch(typed: string): Search {
  const [, render] = useReducer<number, void>(n => n + 1, 0);
  const index = useRef<IndexStatus>({ state: 'opening', searched: 0, total: 0 });
  const shown = useRef<Searching>(NOTHING);
  const run = useRef<Run | null>(null);

  useEffect(() => {
    startIndex();
    const stop = watchIndex(status => {
      const before = index.current;
      index.current = status;
      const { current } = run;
      // More can be found than when it was asked, and nobody has looked beyond the first results.
      const grown = before.state !== 'ready' && status.state === 'ready';
      if (grown && current && current.seen < PAGE) void begin(current.typed);
      render();
    });
    const stopObserving = observe(['emails'], () => void readEmails(run.current, true).then(() => render()));
    return () => {
      stop();
      stopObserving();
      run.current?.aborter.abort();
    };
  }, []);

  useEffect(() => void begin(typed), [typed]);

  const isCurrent = (own: Run) => run.current === own && !own.aborter.signal.aborted;

  /** What is new takes the place of what is shown when there is something, or nothing more to wait for. */
  const publish = (own: Run) => {
    if (!isCurrent(own)) return;
    if (own.rows.length || own.doneHere) shown.current = own;
    render();
  };

  async function begin(text: string): Promise<void> {
    run.current?.aborter.abort();
    const query = parseQuery(text, words.search.ownNames);
    const own: Run = {
      ...{ ...NOTHING, typed: text, query, emails: new Map(), doneHere: false, server: 'waiting' },
      ...{ aborter: new AbortController(), before: null, reading: false, seen: 0, next: new Map() },
    };
    run.current = own;
    if (isEmpty(query)) {
      Object.assign(own, { doneHere: true, server: 'unneeded' });
      publish(own);
      return;
    }
    await readHere(own);
    if (!isCurrent(own)) return;
    if (await isAllHere(await mailbox(), index.current)) {
      own.server = 'unneeded';
      publish(own);
      return;
    }
    await new Promise(resolve => setTimeout(resolve, SERVER_AFTER));
    if (isCurrent(own)) await readServer(own);
  }

  async function readHere(own: Run): Promise<void> {
    if (own.reading || own.doneHere) return;
    own.reading = true;
    const db = await mailbox();
    const conditions = resolve(own.query, await readNames(db));
    const search = { ...toFts(own.query), conditions, limit: PAGE, before: own.before };
    const hits = await findHere(search, own.aborter.signal);
    if (!isCurrent(own)) return;
    own.before = hits?.at(-1)?.rowid ?? own.before;
    own.doneHere = !hits || hits.length < PAGE;
    const found = await Promise.all(
      (hits ?? []).map(async ({ accountId, id }): Promise<Found[]> => {
        const email = await readShown(db, accountId, id);
        if (!email) return [];
        own.emails = new Map(own.emails).set(foundKey(email), email);
        return [{ accountId, id, at: Date.parse(email.receivedAt) || 0, snippet: null }];
      }),
    );
    own.reading = false;
    own.rows = mergeFound(own.rows, found.flat(), 0).rows;
    publish(own);
  }

  async function readServer(own: Run): Promise<void> {
    if (own.server === 'asking') return;
    own.server = 'asking';
    publish(own);
    const db = await mailbox();
    const names = await readNames(db);
    const conditions = resolve(own.query, names);
    try {
      await Promise.all(
        names.accounts.map(async ({ id }) => {
          const position = own.next.has(id) ? own.next.get(id) : 0;
          if (position === null || position === undefined) return;
          const filterOf = (inBodies: boolean) => serverFilter(own.query, conditions, id, inBodies);
          const { found, emails, next } = await findAtServer(
            call,
            id,
            filterOf,
            position,
            own.aborter.signal,
          );
          await takeIn(db, id, emails);
          own.next.set(id, next);
          const merged = mergeFound(own.rows, found, own.seen);
          own.rows = merged.rows;
          own.held = [...own.held, ...merged.held];
          await readEmails(own, false);
          publish(own);
        }),
      );
      own.server = 'done';
    } catch (error) {
      own.server = 'unreachable';
      if (error instanceof Unreachable && isCurrent(own)) await setStatus({ reachable: false });
    }
    publish(own);
  }

  const { current } = shown;
  return {
    ...current,
    index: index.current,
    show(last) {
      const own = run.current;
      if (!own || own !== shown.current) return;
      own.seen = Math.max(own.seen, last + 1);
      if (last + NEAR < own.rows.length) return;
      void readHere(own);
      const more = [...own.next.values()].some(next => next !== null);
      if (more && own.server === 'done') void readServer(own);
    },
    showHeld() {
      const own = run.current;
      if (!own) return;
      own.rows = mergeFound(own.rows, own.held, 0).rows;
      own.held = [];
      publish(own);
    },
  };
}

/** Reads the Emails of the results: those that are missing, or all again. What is gone leaves the results. */
async function readEmails(own: Run | null, again: boolean): Promise<void> {
  const all = own ? [...own.rows, ...own.held] : [];
  const wanted = all.filter(one => again || !own?.emails.has(foundKey(one)));
  if (!own || !wanted.length) return;
  const read = await readFound(await mailbox(), wanted);
  // More may have been found meanwhile: only what was read now is changed.
  const emails = new Map(own.emails);
  for (const [key, email] of read) {
    if (email) emails.set(key, email);
    else emails.delete(key);
  }
  const isThere = (one: Found) => read.get(foundKey(one)) !== null;
  Object.assign(own, { emails, rows: own.rows.filter(isThere), held: own.held.filter(isThere) });
}

/** Whether the server can be reached, as far as is known. */
export async function isOffline(): Promise<boolean> {
  return !(await readStatus()).reachable;
}
