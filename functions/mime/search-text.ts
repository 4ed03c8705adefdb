import { bodyValue } from './body.ts';
import { htmlToText } from './html-text.ts';
import { leaves, parseStructure } from './structure.ts';

/** What of one message is searched, in UTF-16 units. */
const MAX_TEXT = 1_000_000;

/**
 * What the text parts of a message say, as plain text with single spaces: what `body` of a filter looks into (RFC 8621
 * section 4.4.1, which leaves out other types) and what a SearchSnippet is cut from. Never throws on any octets.
 */
export function searchTextOf(raw: Uint8Array): string {
  let text = '';
  for (const part of leaves(parseStructure(raw))) {
    if (!part.type.startsWith('text/') || text.length >= MAX_TEXT) continue;
    const { value } = bodyValue(raw, part, 0);
    text += `${part.type === 'text/html' ? htmlToText(value, MAX_TEXT) : value}\n`;
  }
  return text.slice(0, MAX_TEXT).replace(/\s+/gu, ' ').trim();
}
