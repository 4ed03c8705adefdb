import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { VirtualizerHandle } from 'virtua';
import type { Id } from '../../../functions/jmap/types.ts';
import { mailbox, type StoredEmail } from '../mailbox/db.ts';
import { type Entry, entryOf, positionOf, readEntries, type View } from '../mailbox/entries.ts';
import { listPath, messagePath } from '../routes.ts';
import type { Role } from './act.ts';
import { moveEntries, toggleStars, toggleUnread } from './entry-actions.ts';
import { useKeys } from './keys.tsx';

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

/** The position of the row that has the focus, or -1. */
function focusedPosition(): number {
  const item = document.activeElement?.closest('[aria-posinset]');
  return item ? Number(item.getAttribute('aria-posinset')) - 1 : -1;
}

function focusRow(position: number): void {
  document.querySelector<HTMLElement>(`[aria-posinset="${position + 1}"] .row-link`)?.focus();
}

/** The keys j, k and Enter move through the list; s, u, e and # act on what is open or has the focus. */
export function useListKeys(view: View, open: Open, handle: VirtualizerHandle | null): void {
  const { list } = view;
  const { route } = useLocation();
  const cursor = useRef(-1);
  const opened = async (): Promise<StoredEmail | undefined> =>
    open ? (await mailbox()).get('emails', [open.accountId, open.id]) : undefined;
  const entryAt = async (position: number) =>
    position < 0 ? undefined : (await readEntries(await mailbox(), view, position, 1))[0];
  const current = async (): Promise<Entry | undefined> => {
    const email = await opened();
    if (!email) return entryAt(focusedPosition());
    return (await entryAt(await positionOf(await mailbox(), view, email))) ?? entryOf(email);
  };
  const go = async (step: 1 | -1) => {
    const shown = await opened();
    const focused = focusedPosition();
    const chosen = focused < 0 ? cursor.current : focused;
    const from = shown ? await positionOf(await mailbox(), view, shown) : chosen;
    const next = await entryAt(Math.max(0, from + step));
    if (!next) return;
    cursor.current = Math.max(0, from + step);
    handle?.scrollToIndex(cursor.current, { align: 'nearest' });
    if (open) route(messagePath(list, next.email), true);
    else requestAnimationFrame(() => focusRow(cursor.current));
  };
  const act = (action: (entries: Entry[]) => Promise<void>) => async () => {
    const entry = await current();
    if (entry) await action([entry]);
  };
  const leave = (role: Role) =>
    act(async entries => {
      const [entry] = entries;
      // The next message takes the place of this one, and is the next for j.
      const position = entry ? await positionOf(await mailbox(), view, entry.email) : -1;
      if (!(await moveEntries(entries, role))) return;
      cursor.current = position - 1;
      if (open) route(listPath(list), true);
    });
  useKeys({
    j: () => void go(1),
    k: () => void go(-1),
    s: act(toggleStars),
    u: act(toggleUnread),
    e: leave('archive'),
    '#': leave('trash'),
    Escape: () => open && route(listPath(list), true),
  });
}
