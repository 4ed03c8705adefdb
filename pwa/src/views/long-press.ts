import { useEffect, useRef } from 'preact/hooks';

/** How long a finger rests before a row is selected, in milliseconds, and how far it may stray, in pixels. */
const LONG = 450;
const STRAY = 10;

/** The position of the row that something in the list belongs to, or -1. */
export function positionAt(target: EventTarget | null): number {
  const item = target instanceof Element ? target.closest('[aria-posinset]') : null;
  return item ? Number(item.getAttribute('aria-posinset')) - 1 : -1;
}

/** Calls `onPress` with the position of a row on which a finger rests. The press that ends it opens nothing. */
export function useLongPress(list: HTMLElement | null, onPress: (position: number) => void): void {
  const latest = useRef(onPress);
  latest.current = onPress;
  useEffect(() => {
    if (!list) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start = { x: 0, y: 0 };
    let pressed = false;
    const listening = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (event: HTMLElementEventMap[K]) => void,
      capture = false,
    ) => list.addEventListener(type, listener, { signal: listening.signal, capture });
    const stop = () => clearTimeout(timer);
    on('pointerdown', event => {
      stop();
      pressed = false;
      const position = positionAt(event.target);
      if (event.pointerType !== 'touch' || !event.isPrimary || position < 0) return;
      start = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => {
        pressed = true;
        navigator.vibrate?.(10);
        latest.current(position);
      }, LONG);
    });
    on('pointermove', event => {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > STRAY) stop();
    });
    on('pointerup', stop);
    on('pointercancel', stop);
    // The browser's own menu of the link would come at the same time.
    on('contextmenu', event => (event as PointerEvent).pointerType === 'touch' && event.preventDefault());
    on(
      'click',
      event => {
        if (!pressed) return;
        pressed = false;
        event.preventDefault();
        event.stopPropagation();
      },
      true,
    );
    return () => {
      stop();
      listening.abort();
    };
  }, [list]);
}
