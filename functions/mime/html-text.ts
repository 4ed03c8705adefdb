import { decodeHTML } from 'entities';

/** Elements whose content is never shown. */
const HIDDEN = new Set(['style', 'script', 'title', 'template', 'noembed', 'noframes', 'xml']);

/** Elements that do not part the words around them. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
);

/** Position after the `>` of the tag that starts at `start`, or -1; a `>` in a quoted attribute is no end. */
function tagEnd(html: string, start: number): number {
  let quote = '';
  for (let i = start + 1; i < html.length; i++) {
    const c = html[i] ?? '';
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '>') {
      return i + 1;
    } else if ((c === '"' || c === "'") && html[i - 1] === '=') {
      quote = c;
    }
  }
  return -1;
}

/** Position after a comment or declaration that starts with `<!`; the end of the text when it never ends. */
function declarationEnd(html: string, start: number): number {
  const mark = html.startsWith('<!--', start) ? '-->' : '>';
  const end = html.indexOf(mark, start + 2);
  return end < 0 ? html.length : end + mark.length;
}

function closingTag(html: string, name: string, from: number): number {
  const pattern = new RegExp(`</${name}`, 'gi');
  pattern.lastIndex = from;
  return pattern.exec(html)?.index ?? html.length;
}

/**
 * The words of an HTML part for a preview: tags, comments, styles and scripts gone, character references
 * decoded, elements other than inline ones parted by a space. One pass, linear; what an unfinished tag or
 * hidden element swallows is dropped. Not a sanitiser: the result is text and must be shown as text.
 * @param enough stop when the text has this many UTF-16 units
 */
export function htmlToText(html: string, enough: number): string {
  let text = '';
  let at = 0;
  while (at < html.length && text.length < enough) {
    const open = html.indexOf('<', at);
    const end = open < 0 ? html.length : open;
    // A reference of 40 characters is cut at worst; the slice keeps a long run of text from being decoded whole.
    if (end > at) text += decodeHTML(html.slice(at, Math.min(end, at + enough * 4)));
    if (open < 0) break;
    const name = /^<\/?([a-zA-Z][a-zA-Z0-9:-]*)/.exec(html.slice(open, open + 40))?.[1]?.toLowerCase();
    if (name) {
      at = tagEnd(html, open);
      if (at < 0) break;
      if (HIDDEN.has(name) && html[open + 1] !== '/' && html[at - 2] !== '/') at = closingTag(html, name, at);
      if (!INLINE.has(name)) text += ' ';
    } else if (html[open + 1] === '!' || html[open + 1] === '?' || html[open + 1] === '/') {
      at = declarationEnd(html, open);
    } else {
      text += '<';
      at = open + 1;
    }
  }
  return text;
}
