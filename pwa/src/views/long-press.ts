import { useEffect, useRef } from 'preact/hooks';

/** How long a finger rests before a row is selected, in milliseconds, and how far it may stray, in pixels. */
const LONG = 450;
const STRAY = 10;

/** The position of the row that something in the list belongs to, or -1. */
export function positionAt(target: EventTarget | null): number {
  const item = target instanceof Element ? target.closest('[aria-posinset]') : null;
  return item ? Number(item.getAttribute('aria-posinset')) - 1 : -1;
}

/** Keeps the click that ends a gesture from everything in and on a list. Returns how to stop. */
export function swallowClicks(list: HTMLElement, isGesture: () => boolean): () => void {
  const around = list.parentElement ?? list;
  const swallow = (event: MouseEvent) => {
    // A click by the keyboard has no detail, and ends no gesture.
    if (!isGesture() || !event.detail || !(event.target instanceof Node) || !list.contains(event.target))
      return;
    event.preventDefault();
    event.stopPropagation();
  };
  around.addEventListener('click', swallow, true);
  return () => around.removeEventListener('click', swallow, true);
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
    ) => list.addEventListener(type, listener, { signal: listening.signal });
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
    const clicks = swallowClicks(list, () => pressed);
    return () => {
      stop();
      clicks();
      listening.abort();
    };
  }, [list]);
}
