import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { VirtualizerHandle } from 'virtua';
import type { Id } from '../../../functions/jmap/types.ts';
import { mailbox, type StoredEmail } from '../mailbox/db.ts';
import { readShown } from '../mailbox/emails.ts';
import { type Entry, entryOf, positionOf, readEntries, type View } from '../mailbox/entries.ts';
import { listPath, messagePath } from '../routes.ts';
import type { Role } from './act.ts';
import { askToDestroy, askToMove } from './asking.tsx';
import { emailsIn, moveEntries, toggleStars, toggleUnread } from './entry-actions.ts';
import { useKeys } from './keys.tsx';
import { offersFor } from './offers.ts';
import type { Selection } from './selection.ts';

type Open = { accountId: Id; id: Id } | null;

/** Who closes a message, by whatever means, goes on in the list where that message is. */
export function useFocusAfterReading({ list }: View, open: Open): void {
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

/** True where messages were thrown away before, so that throwing them away again is for good. */
async function goForGood(entries: readonly Entry[]): Promise<boolean> {
  const mailboxes = await (await mailbox()).getAll('mailboxes');
  return offersFor(
    mailboxes,
    entries.map(entry => entry.email),
  ).includes('destroy');
}

/** The position of the row that has the focus, or -1. */
function focusedPosition(): number {
  const item = document.activeElement?.closest('[aria-posinset]');
  return item ? Number(item.getAttribute('aria-posinset')) - 1 : -1;
}

function focusRow(position: number): void {
  document.querySelector<HTMLElement>(`[aria-posinset="${position + 1}"] .row-link`)?.focus();
}

interface Keyed {
  view: View;
  open: Open;
  selection: Selection;
  loaded: () => Entry[];
  handle: VirtualizerHandle | null;
}

/** The keys move through the list, select, and act on what is selected, else on what is open or has the focus. */
export function useListKeys({ view, open, selection, loaded, handle }: Keyed): void {
  const { list } = view;
  const { route } = useLocation();
  const cursor = useRef(-1);
  const opened = async (): Promise<StoredEmail | null> =>
    open ? readShown(await mailbox(), open.accountId, open.id) : null;
  const entryAt = async (position: number) =>
    position < 0 ? undefined : (await readEntries(await mailbox(), view, position, 1))[0];
  const positionOfOpen = async () => {
    const email = await opened();
    return email ? positionOf(await mailbox(), view, email) : -1;
  };
  const chosen = async (): Promise<Entry[]> => {
    if (selection.size) return selection.entries();
    const email = await opened();
    const entry = await entryAt(email ? await positionOfOpen() : focusedPosition());
    return entry ? [entry] : email ? [entryOf(email)] : [];
  };
  const go = async (step: 1 | -1) => {
    const focused = focusedPosition();
    const from = open ? await positionOfOpen() : focused < 0 ? cursor.current : focused;
    const next = await entryAt(Math.max(0, from + step));
    if (!next) return;
    cursor.current = Math.max(0, from + step);
    handle?.scrollToIndex(cursor.current, { align: 'nearest' });
    if (open) route(messagePath(list, next.email), true);
    else requestAnimationFrame(() => focusRow(cursor.current));
  };
  /** The arrows scroll what is read; in the list they move. */
  const arrow = (step: 1 | -1) => {
    if (!document.activeElement?.closest('.list')) return false;
    void go(step);
  };
  const act = (action: (entries: Entry[]) => Promise<void>) => async () => {
    const entries = await chosen();
    if (entries.length) await action(entries);
  };
  /** Where to go on once what is open or has the focus has left the list. */
  const leaving = async () => {
    const position = open ? await positionOfOpen() : focusedPosition();
    return () => {
      // The next message takes the place of this one, and is the next for j.
      cursor.current = position - 1;
      selection.clear();
      if (open) route(listPath(list), true);
    };
  };
  const leave = (to: Role) =>
    act(async entries => {
      const left = await leaving();
      if (to === 'trash' && (await goForGood(entries))) askToDestroy(await emailsIn(entries), left);
      else if (await moveEntries(entries, to)) left();
    });
  const select = async () => {
    const position = open ? await positionOfOpen() : focusedPosition();
    const entry = await entryAt(position < 0 ? cursor.current : position);
    if (entry) selection.toggle(entry, Math.max(0, position));
  };
  useKeys({
    j: () => void go(1),
    k: () => void go(-1),
    ArrowDown: () => arrow(1),
    ArrowUp: () => arrow(-1),
    o: () => document.querySelector<HTMLElement>('.list .row-link:focus')?.click(),
    x: () => void select(),
    '*': () => (selection.size ? selection.clear() : selection.set(loaded())),
    s: act(toggleStars),
    u: act(toggleUnread),
    e: leave('archive'),
    '#': leave('trash'),
    v: act(async entries => askToMove(await emailsIn(entries), await leaving())),
    Escape: () => {
      if (selection.size) selection.clear();
      else if (open) route(listPath(list), true);
    },
  });
}
