/** What mail programs put around the message that is answered. The outermost that matches is folded. */
const QUOTES = [
  '.gmail_quote_container',
  '.gmail_quote',
  '.yahoo_quoted',
  '.protonmail_quote',
  '.tutanota_quote',
  '.zmail_extra',
  'blockquote[type="cite" i]',
].join(', ');

/** What stands above an answered message in those that put nothing around it: from there on everything is quoted. */
const HEADERS = [
  '#divRplyFwdMsg',
  '#appendonsend',
  '#mail-editor-reference-message-container',
  '.OutlookMessageHeader',
  'hr#stopSpelling',
  'div[style*="border-top"]',
].join(', ');

/** The first words of Outlook's header, in languages that it speaks. */
const OUTLOOK = /^\s*(?:From|Von|De|Van|Da|Från|Fra|Od|Lähettäjä|差出人|发件人|من)\s*[:：]/;
const FORWARDED =
  /^[\s-]*(?:Forwarded message|Weitergeleitete Nachricht|Begin forwarded message|Original[ -]Message forwarded)/i;
/** `On Monday Jane wrote:`, as far as it can be told without knowing the language: one line with a date, a colon last. */
const INTRODUCTION = /^[^\n]{0,300}\d[^\n]{0,300}[:：]\s*$/;

const isHere = (element: Node | null) => Boolean(element?.textContent?.trim());

/** Whether something can be seen after a node, up to the end of the message. */
function isFollowed(element: Element, root: Element): boolean {
  for (let at: Node | null = element; at && at !== root; at = at.parentNode) {
    for (let next: ChildNode | null = at.nextSibling; next; next = next.nextSibling) {
      if (isHere(next) && !/^(STYLE|DETAILS)$/.test((next as Element).tagName ?? '')) return true;
    }
  }
  return false;
}

/** Whether the sender wrote anything before a node. */
function isPreceded(element: Element, root: Element): boolean {
  const range = root.ownerDocument.createRange();
  range.setStart(root, 0);
  range.setEndBefore(element);
  const before = range.cloneContents();
  for (const sheet of before.querySelectorAll('style')) sheet.remove();
  return isHere(before) || before.querySelector('img') !== null;
}

/** The element from which on everything is quoted, where a header of Outlook says so. */
function quotedFrom(root: Element): Element | null {
  for (const header of root.querySelectorAll(HEADERS)) {
    const known = header.id !== '' || header.className === 'OutlookMessageHeader';
    if (!known && !OUTLOOK.test(header.textContent ?? '')) continue;
    let from: Element = header;
    while (from.parentElement && from.parentElement !== root && !isHere(from.nextElementSibling)) {
      if (from.nextElementSibling) break;
      from = from.parentElement;
    }
    return from;
  }
  return null;
}

/** The line above a quote that says whose it is, if it is a line of its own. */
function introductionOf(quote: Element): Element | null {
  let before = quote.previousElementSibling;
  while (before && !isHere(before) && before.tagName === 'BR') before = before.previousElementSibling;
  if (!before || before.children.length > 6) return null;
  const text = (before.textContent ?? '').trim();
  const known = before.classList.contains('moz-cite-prefix') || before.classList.contains('gmail_attr');
  return known || INTRODUCTION.test(text) ? before : null;
}

/** Puts nodes that follow each other into a fold, in their own place. */
function fold(first: Node, last: Node | null, summary: string): void {
  const parent = first.parentNode;
  if (!parent || /^(TABLE|TBODY|THEAD|TR|UL|OL|DL)$/.test((parent as Element).tagName ?? '')) return;
  const inside = first.ownerDocument?.createElement('details');
  const title = first.ownerDocument?.createElement('summary');
  if (!inside || !title) return;
  inside.id = 'quoted';
  title.textContent = summary;
  parent.insertBefore(inside, first);
  inside.append(title);
  for (let next = inside.nextSibling; next; next = inside.nextSibling) {
    inside.append(next);
    if (next === last) break;
  }
}

/**
 * Folds the message that is answered at the end of one. What is answered piece by piece stays open, and so does what
 * is forwarded, or all that there is.
 * @param summary what the fold is called
 */
export function foldQuote(root: Element, summary: string): void {
  const outlook = quotedFrom(root);
  if (outlook && isPreceded(outlook, root)) {
    fold(outlook, null, summary);
    return;
  }
  const quotes = [...root.querySelectorAll(QUOTES)].filter(quote => !quote.parentElement?.closest(QUOTES));
  const last = quotes.at(-1);
  if (!last || !isHere(last) || FORWARDED.test(last.textContent ?? '')) return;
  if (isFollowed(last, root) || !isPreceded(last, root)) return;
  const introduction = introductionOf(last);
  if (introduction && !isPreceded(introduction, root)) return;
  fold(introduction ?? last, last, summary);
}
