import { useEffect, useRef } from 'preact/hooks';
import { positionAt, swallowClicks } from './long-press.ts';
import type { Swipe } from './preferences.ts';

/** From here on a finger that moves sideways swipes, in pixels; it must move more sideways than along, this often. */
const BEGIN = 12;
const SIDEWAYS = 1.5;
/** Let go beyond this part of a row's width, within these pixels, a swipe acts. */
const FAR = { part: 0.3, least: 72, most: 140 };
/** A swipe that begins this close to the edge of the screen is the system's own, in pixels. */
const EDGE = 20;
/** How long a row takes to its place, in milliseconds. */
const SETTLE = 160;

export interface Swiping {
  position: number;
  action: Swipe;
  /** Where the row moves to; what it uncovers lies on the other side. */
  to: 'left' | 'right';
  /** Let go now, it acts. */
  armed: boolean;
}

interface Handlers {
  /** What a swipe does in this list. */
  actionOf(to: 'left' | 'right'): Swipe;
  /** Draws what lies behind the row; null when nothing does any more. */
  onChange(swiping: Swiping | null): void;
  /** Acts; true when the row leaves the list by that. */
  onSwipe(position: number, action: Swipe): Promise<boolean>;
}

/** Moves the rows of a list with the finger. Moving back, or up and down, ends it without effect. */
export function useSwipe(list: HTMLElement | null, handlers: Handlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    if (!list) return;
    const listening = new AbortController();
    const { signal } = listening;
    let start: { x: number; y: number; id: number; row: HTMLElement; position: number } | null = null;
    let swiping: Swiping | null = null;
    let swiped = false;

    const change = (next: Swiping | null) => {
      const same =
        next?.action === swiping?.action && next?.to === swiping?.to && next?.armed === swiping?.armed;
      swiping = next;
      if (!same) latest.current.onChange(next);
    };
    /** Moves a row that was let go to its place, unless a finger takes it again on the way. */
    const settle = async (row: HTMLElement, to: string) => {
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
      if (!still)
        await row
          .animate({ transform: to }, { duration: SETTLE, easing: 'ease-out' })
          .finished.catch(() => {});
      if (start?.row !== row) row.style.transform = to === 'none' ? '' : to;
    };
    /** Ends what is drawn behind a row that was let go; a swipe that began since is not its own. */
    const end = (done: Swiping) => {
      if (swiping === done) change(null);
    };
    const abort = () => {
      const row = start?.row;
      const done = swiping;
      start = null;
      if (!done || !row) return;
      void settle(row, 'none').then(() => end(done));
    };
    const finish = async () => {
      const { row, position } = start ?? {};
      const done = swiping;
      if (!row || position === undefined || !done?.armed) return abort();
      start = null;
      const leaves = done.action === 'archive' || done.action === 'trash';
      if (leaves) await settle(row, `translateX(${done.to === 'left' ? '-100%' : '100%'})`);
      const left = await latest.current.onSwipe(position, done.action);
      if (left) row.style.transform = '';
      else await settle(row, 'none');
      end(done);
    };
    const move = (event: PointerEvent) => {
      if (!start || event.pointerId !== start.id) return;
      const x = event.clientX - start.x;
      const y = event.clientY - start.y;
      if (!swiping && Math.abs(y) > BEGIN && Math.abs(y) >= Math.abs(x)) start = null;
      if (!start || (!swiping && (Math.abs(x) < BEGIN || Math.abs(x) < SIDEWAYS * Math.abs(y)))) return;
      const to = x < 0 ? 'left' : 'right';
      const action = latest.current.actionOf(to);
      if (!swiping) list.setPointerCapture(start.id);
      swiped = true;
      const { width } = start.row.getBoundingClientRect();
      const far = Math.min(Math.max(width * FAR.part, FAR.least), FAR.most);
      const armed = action !== 'nothing' && Math.abs(x) > far;
      if (armed && !swiping?.armed) navigator.vibrate?.(5);
      change({ position: start.position, action, to, armed });
      start.row.style.transform = action === 'nothing' ? '' : `translateX(${x}px)`;
    };

    list.addEventListener(
      'pointerdown',
      event => {
        swiped = false;
        const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
        const atEdge = event.clientX < EDGE || event.clientX > innerWidth - EDGE;
        if (start || event.pointerType !== 'touch' || !event.isPrimary || !row || atEdge) return abort();
        // What is still on its way from the last swipe ends here.
        change(null);
        for (const animation of row.getAnimations()) animation.cancel();
        start = { x: event.clientX, y: event.clientY, id: event.pointerId, row, position: positionAt(row) };
      },
      { signal },
    );
    list.addEventListener('pointermove', move, { signal });
    list.addEventListener('pointerup', () => void finish(), { signal });
    list.addEventListener('pointercancel', abort, { signal });
    const clicks = swallowClicks(list, () => swiped);
    return () => {
      clicks();
      listening.abort();
    };
  }, [list]);
}
