import { words } from '../../words/words.ts';
import { darken } from './dark.ts';
import { foldQuote } from './quotes.ts';
import type { SafeMail } from './sanitise.ts';

/** Wide mail is made smaller to fit, but not below this part of its size. */
const SMALLEST = 0.25;

/** The frame's own style; colours are those of tokens.css. */
const BASE = `
html { margin: 0; overflow: hidden; overscroll-behavior-x: contain; -webkit-text-size-adjust: 100%; }
body { margin: 0; }
#mail { display: flow-root; font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word; transform-origin: 0 0; }
#mail:dir(rtl) { transform-origin: 100% 0; }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { margin-inline: 0; padding-inline-start: 0.8em; border-inline-start: 3px solid #8aa0a6; }
#quoted > summary { display: flex; align-items: center; width: fit-content; min-height: 2.75rem; padding-inline-end: 1rem;
 font: 0.875rem system-ui, sans-serif; color: #0b5563; text-decoration: underline; cursor: pointer; }
@media (prefers-reduced-motion: reduce) { * { animation-duration: 1ms !important; transition: none !important; } }
@media print { #quoted > summary { display: none; } }
`;
const PLAIN = `:root { color-scheme: light dark; } body { color: light-dark(#17262b, #e3ecee); }
a, #quoted > summary { color: light-dark(#0b5563, #7fd1e0); }`;
const SHEET = `body { color: #1a1a1a; } #mail { padding: 12px; }
@media (max-width: 30em) { #mail { padding: 6px; } }`;

/** How a message is shown. */
export interface Look {
  mail: SafeMail;
  /** pictures on the internet may be fetched */
  showRemote: boolean;
  /** The app is dark. */
  dark: boolean;
  /** shown in the colours that it was sent in, whatever the app's are */
  asSent: boolean;
}

/** Whether the frame is a dark one: it follows the app unless the message is shown as it was sent. */
export function isDark({ mail, dark, asSent }: Look): boolean {
  return dark && (!mail.coloured || !asSent);
}

/** The document of the frame without the message, as HTML. Nothing of the message is in it. */
export function emptyDocument(look: Look): string {
  const images = look.showRemote ? 'data: blob: https:' : 'data: blob:';
  const scheme = isDark(look) ? 'dark' : 'light';
  const ground = look.mail.coloured ? '#fff' : 'transparent';
  const style = look.mail.coloured
    ? `:root { color-scheme: ${scheme}; background: ${ground}; } ${SHEET}`
    : PLAIN;
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"><meta
 name="referrer" content="no-referrer"><style>${BASE}${style}</style></head><body><div
 id="mail" dir="auto"></div></body></html>`;
}

/**
 * Puts the message into the frame's document: as the elements that were cleaned, so that no second reading of HTML
 * can make something else of them. Answers whether its colours were changed.
 */
export function fill(inside: Document, look: Look): boolean {
  const target = inside.getElementById('mail');
  if (!target) return false;
  target.setAttribute('style', look.mail.bodyStyle);
  target.append(...inside.importNode(look.mail.content, true).childNodes);
  foldQuote(target, words.reader.quoted);
  return look.mail.coloured && isDark(look) && darken(inside.documentElement, look.mail.ownDark);
}

/**
 * Makes the content fit the frame's width.
 * @param full leaves it at its own size: what is too wide is reached by scrolling inside
 * @returns its height in pixels, and whether it is too wide for its own size
 */
export function fit(inside: Document, available: number, full: boolean): { height: number; wide: boolean } {
  const mail = inside.getElementById('mail');
  if (!mail) return { height: 0, wide: false };
  mail.style.transform = '';
  mail.style.width = '';
  const natural = mail.scrollWidth;
  const wide = natural > available + 1;
  const scale = wide && !full ? Math.max(available / natural, SMALLEST) : 1;
  if (wide) {
    mail.style.width = `${natural}px`;
    mail.style.boxSizing = 'border-box';
    if (scale < 1) mail.style.transform = `scale(${scale})`;
  }
  const scrolls = wide && natural * scale > available + 1;
  inside.documentElement.style.overflowX = scrolls ? 'auto' : '';
  const bar = scrolls ? 16 : 0;
  return { height: Math.ceil(mail.getBoundingClientRect().height) + bar, wide };
}
