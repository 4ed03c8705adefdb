import { RefreshCw } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { lookNow } from '../mailbox/schedule.ts';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';
import { notify } from './toast.tsx';

/** How far the sign comes down with the finger at most, and from where on letting go refreshes, in pixels. */
const MOST = 88;
const ENOUGH = 60;
/** A finger that moves is followed at this part of its speed: pulling takes some force. */
const FORCE = 0.5;
/** The sign goes after this time even if the server takes longer, in milliseconds. */
const PATIENCE = 8_000;

/** Looks for new mail at the server. */
export async function checkForMail(): Promise<void> {
  notify(words.done.newMail);
  await lookNow(true);
}

/** Pulling a list down that is at its top looks for new mail. Pushing it back before letting go ends it. */
export function PullToRefresh({ list }: { list: HTMLElement | null }) {
  const sign = useRef<HTMLDivElement>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!list) return;
    const listening = new AbortController();
    const options = { signal: listening.signal, passive: true };
    let from: { x: number; y: number } | null = null;
    let distance = 0;
    const turn = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 3;
    const show = (pixels: number) => {
      distance = pixels;
      if (!sign.current) return;
      sign.current.style.transform = pixels ? `translateY(${pixels}px) rotate(${pixels * turn}deg)` : '';
      sign.current.classList.toggle('pull-shown', pixels > 0);
      sign.current.classList.toggle('pull-enough', pixels >= ENOUGH);
    };
    const end = (refresh: boolean) => {
      const enough = refresh && distance >= ENOUGH;
      from = null;
      show(0);
      if (!enough) return;
      setBusy(true);
      const patience = new Promise(resolve => setTimeout(resolve, PATIENCE));
      void Promise.race([checkForMail(), patience]).finally(() => setBusy(false));
    };
    list.addEventListener(
      'touchstart',
      ({ touches }) => {
        const [touch] = touches;
        from =
          touch && touches.length === 1 && list.scrollTop <= 0
            ? { x: touch.clientX, y: touch.clientY }
            : null;
      },
      options,
    );
    list.addEventListener(
      'touchmove',
      ({ touches }) => {
        const [touch] = touches;
        if (!from || !touch) return;
        const y = touch.clientY - from.y;
        const sideways = distance === 0 && Math.abs(touch.clientX - from.x) > Math.abs(y);
        if (list.scrollTop > 0 || sideways || touches.length > 1) return end(false);
        show(Math.min(MOST, Math.max(0, (y - 10) * FORCE)));
      },
      options,
    );
    list.addEventListener('touchend', () => end(true), options);
    list.addEventListener('touchcancel', () => end(false), options);
    return () => listening.abort();
  }, [list]);
  return (
    <div class={`pull${busy ? ' pull-busy' : ''}`} ref={sign} aria-hidden="true">
      <Icon node={RefreshCw} />
    </div>
  );
}
