import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ownHtml } from '../../trusted.ts';
import { words } from '../../words/words.ts';
import { emptyDocument, fill, fit, isDark } from './frame-document.ts';
import type { SafeMail } from './sanitise.ts';

/** A message whose height follows from the height of its frame would grow without end. */
const MOST_MEASURES = 200;

interface Props {
  mail: SafeMail;
  showRemote: boolean;
  dark: boolean;
  asSent: boolean;
  /** wide mail at its own size */
  full: boolean;
  onShown: () => void;
  /** Says whether the message's colours were changed for the dark, and whether it is too wide for its own size. */
  onLook: (look: { darkened?: boolean; wide?: boolean }) => void;
  /** A link was pressed; `text` is what it says. */
  onLink: (href: string, text: string) => void;
}

/**
 * Shows sanitised HTML in a frame that can run nothing. `allow-same-origin` is only for us, to build and measure what
 * it shows: without `allow-scripts` nothing inside can make use of it.
 */
export function HtmlFrame(props: Props) {
  const { mail, showRemote, dark, asSent, full, onShown } = props;
  const element = useRef<HTMLIFrameElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const measure = useRef(() => {});
  const isWritten = useRef(false);
  const [height, setHeight] = useState(120);
  const look = { mail, showRemote, dark, asSent };
  useLayoutEffect(() => {
    const frame = element.current;
    if (!frame) return;
    let measures = 0;
    measure.current = () => {
      const inside = frame.contentDocument;
      if (!inside?.getElementById('mail') || measures > MOST_MEASURES) return;
      measures += 1;
      const found = fit(inside, frame.clientWidth, latest.current.full);
      setHeight(found.height);
      latest.current.onLook({ wide: found.wide });
    };
    let width = -1;
    const frameWatcher = new ResizeObserver(() => {
      if (frame.clientWidth === width) return;
      width = frame.clientWidth;
      measures = 0;
      measure.current();
    });
    // Pictures that come and quotes that are opened change the height.
    const mailWatcher = new ResizeObserver(() => measure.current());
    const loaded = () => {
      const inside = frame.contentDocument;
      const target = inside?.getElementById('mail');
      if (!inside || !target) return;
      latest.current.onLook({ darkened: fill(inside, look) });
      measure.current();
      frameWatcher.observe(frame);
      mailWatcher.observe(target);
      inside.addEventListener('keydown', forwardKey);
      const press = (event: MouseEvent) => followLink(event, latest.current.onLink);
      inside.addEventListener('click', press);
      inside.addEventListener('auxclick', press);
      onShown();
    };
    // At first into the empty document that every frame begins with: to load one takes as long as all else together.
    // A policy stays with its document, so that another look, with pictures for one, needs another document.
    if (!isWritten.current && frame.contentDocument) {
      isWritten.current = true;
      write(frame.contentDocument, emptyDocument(look));
      loaded();
    } else {
      frame.addEventListener('load', loaded);
      frame.srcdoc = ownHtml(emptyDocument(look));
    }
    return () => {
      frameWatcher.disconnect();
      mailWatcher.disconnect();
      frame.removeEventListener('load', loaded);
    };
  }, [mail, showRemote, dark, asSent, onShown]);
  useEffect(() => measure.current(), [full]);
  return (
    <iframe
      ref={element}
      class={mail.coloured ? 'mail-frame mail-sheet' : 'mail-frame'}
      title={words.reader.body}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      style={{ height: `${height}px`, colorScheme: isDark(look) ? 'dark' : 'light' }}
    />
  );
}

/** Makes a document anew of HTML of our own, at once. */
function write(inside: Document, html: string): void {
  inside.open();
  inside.write(ownHtml(html));
  inside.close();
}

/** Links to pages are shown before they are opened. A browser that tells us no press opens them as links do. */
function followLink(event: MouseEvent, onLink: Props['onLink']): void {
  const link = (event.target as Element | null)?.closest?.('a[href], area[href]');
  const href = link?.getAttribute('href') ?? '';
  if (!link || !/^https?:/i.test(href)) return;
  event.preventDefault();
  onLink(href, link.textContent ?? '');
}

/** Shortcuts work while the focus is inside the message. */
function forwardKey(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, altKey } = event;
  dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, metaKey, altKey }));
}
