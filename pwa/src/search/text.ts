import { decodeHTML } from 'entities';
import type { StoredBody } from '../mailbox/db.ts';

/** What of one message is searched, in characters. */
const MAX_TEXT = 400_000;

/** Elements whose content nobody reads. */
const HIDDEN = new Set(['style', 'script', 'title', 'template', 'noembed', 'noframes', 'xml']);
/** Elements that do not part the words around them. */
const INLINE = new Set(
  'a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s small span strong sub sup tt u wbr'.split(
    ' ',
  ),
);

/**
 * The words of an HTML document, in one pass. Not a sanitiser: the result is text, and only ever shown as text. What
 * is never closed goes on to the end.
 */
export function textOfHtml(html: string): string {
  const parts: string[] = [];
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    parts.push(html.slice(at, open < 0 ? html.length : open));
    if (open < 0) break;
    const name = /^<\/?([a-z][a-z0-9:-]*)/i.exec(html.slice(open, open + 24))?.[1]?.toLowerCase();
    if (!name && !/[!?/]/.test(html[open + 1] ?? '')) {
      parts.push('<');
      at = open + 1;
      continue;
    }
    at = after(html, html.startsWith('<!--', open) ? '-->' : '>', open + 1);
    if (name && HIDDEN.has(name) && html[open + 1] !== '/') at = closing(html, name, at);
    if (!name || !INLINE.has(name)) parts.push(' ');
  }
  return decodeHTML(parts.join(''));
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

function closing(html: string, name: string, from: number): number {
  const pattern = new RegExp(`</${name}`, 'gi');
  pattern.lastIndex = from;
  return pattern.exec(html)?.index ?? html.length;
}

/** What a downloaded message says, as plain text with single spaces. */
export function textOfBody(body: Pick<StoredBody, 'textBody' | 'bodyValues'>): string {
  let text = '';
  for (const part of body.textBody) {
    const value = body.bodyValues[part.partId ?? '']?.value;
    if (value === undefined || text.length > MAX_TEXT) continue;
    text += `${part.type === 'text/html' ? textOfHtml(value) : value}\n`;
  }
  return text.slice(0, MAX_TEXT).replace(/\s+/gu, ' ').trim();
}
