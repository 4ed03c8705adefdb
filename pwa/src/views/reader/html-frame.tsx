import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../../words/words.ts';
import type { SafeMail } from './sanitise.ts';

/** Wide mail is made smaller to fit, but not below this part of its size. */
const SMALLEST = 0.4;

/** The frame's own style; colours are those of tokens.css. */
const BASE = `
html { margin: 0; overflow: hidden; -webkit-text-size-adjust: 100%; }
body { margin: 0; }
#mail { display: flow-root; font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word; transform-origin: 0 0; }
#mail:dir(rtl) { transform-origin: 100% 0; }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; }
blockquote { margin-inline: 0; padding-inline-start: 0.8em; border-inline-start: 3px solid #8aa0a6; }
`;
const PLAIN = `:root { color-scheme: light dark; } body { color: light-dark(#17262b, #e3ecee); }
a { color: light-dark(#0b5563, #7fd1e0); }`;
const SHEET =
  ':root { color-scheme: light; background: #fff; } body { color: #1a1a1a; } #mail { padding: 12px; }';

function escapeAttribute(text: string): string {
  return text.replace(/[&"<>]/g, character => `&#${character.charCodeAt(0)};`);
}

function documentOf(mail: SafeMail, showRemote: boolean): string {
  const images = showRemote ? 'data: blob: https:' : 'data: blob:';
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"><meta
 name="referrer" content="no-referrer"><style>${BASE}${mail.coloured ? SHEET : PLAIN}</style></head><body><div
 id="mail" dir="auto" style="${escapeAttribute(mail.bodyStyle)}">${mail.html}</div></body></html>`;
}

/** Makes the content fit the frame's width, and answers the height that it takes. */
function fit(frame: HTMLIFrameElement): number {
  const mail = frame.contentDocument?.getElementById('mail');
  if (!mail) return 0;
  mail.style.transform = '';
  mail.style.width = '';
  const available = frame.clientWidth;
  const natural = mail.scrollWidth;
  const scale = natural > available + 1 ? Math.max(available / natural, SMALLEST) : 1;
  if (scale < 1) {
    mail.style.width = `${natural}px`;
    mail.style.boxSizing = 'border-box';
    mail.style.transform = `scale(${scale})`;
  }
  if (frame.contentDocument)
    frame.contentDocument.documentElement.style.overflowX = scale === SMALLEST ? 'auto' : '';
  return Math.ceil(mail.getBoundingClientRect().height);
}

/**
 * Shows sanitised HTML in a frame that can run nothing. `allow-same-origin` is only for us, to measure its
 * height: without `allow-scripts` nothing inside can make use of it.
 */
export function HtmlFrame(props: { mail: SafeMail; showRemote: boolean; onShown: () => void }) {
  const { mail, showRemote, onShown } = props;
  const element = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(120);
  useEffect(() => {
    const frame = element.current;
    if (!frame) return;
    let width = -1;
    const measure = () => setHeight(fit(frame));
    const watcher = new ResizeObserver(() => {
      if (frame.clientWidth === width) return;
      width = frame.clientWidth;
      measure();
    });
    watcher.observe(frame);
    const loaded = () => {
      const inside = frame.contentDocument;
      if (!inside?.getElementById('mail')) return;
      measure();
      // Pictures change the height when they come.
      for (const picture of inside.images) if (!picture.complete) picture.addEventListener('load', measure);
      inside.addEventListener('keydown', forwardKey);
      onShown();
    };
    frame.addEventListener('load', loaded);
    frame.srcdoc = documentOf(mail, showRemote);
    return () => {
      watcher.disconnect();
      frame.removeEventListener('load', loaded);
    };
  }, [mail, showRemote, onShown]);
  return (
    <iframe
      ref={element}
      class={mail.coloured ? 'mail-frame mail-sheet' : 'mail-frame'}
      title={words.reader.body}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      style={{ height: `${height}px` }}
    />
  );
}

/** Shortcuts work while the focus is inside the message. */
function forwardKey(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, altKey } = event;
  dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, metaKey, altKey }));
}
