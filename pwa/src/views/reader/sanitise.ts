import DOMPurify from 'dompurify';
import { cleanDeclarations, cleanSheet, type PicturePolicy, type Wanted } from './clean-css.ts';
import { isPixel, isTracker } from './pixels.ts';

/** A message that is safe to show in the scriptless frame. */
export interface SafeMail {
  /** the message's own style sheets, then its body; built once more in the frame, never written as text and read again */
  content: HTMLElement;
  /** style of its body, with presentational attributes such as bgcolor */
  bodyStyle: string;
  /** True when the message brings colours of its own: then it is shown on a sheet of its own. */
  coloured: boolean;
  /** True when it says how it wants to look in dark surroundings. */
  ownDark: boolean;
  /** How many pictures on the internet it wanted. */
  remote: number;
  /** How many ways to learn that it is read were taken out. */
  pixels: number;
  /** True when nothing is left that could be seen. */
  empty: boolean;
}

/** What a message may not bring, beside all that could run: forms that look like ours, frames, media, metadata. */
const FORBIDDEN = [
  'form',
  'input',
  'button',
  'select',
  'option',
  'textarea',
  'label',
  'fieldset',
  'iframe',
  'frame',
  'frameset',
  'object',
  'embed',
  'applet',
  'base',
  'meta',
  'link',
  'audio',
  'video',
  'source',
  'track',
  'picture',
  'dialog',
  'template',
  'slot',
  'noscript',
];
const FORBIDDEN_ATTRIBUTES = [
  'srcset',
  'ping',
  'autofocus',
  'tabindex',
  'accesskey',
  'contenteditable',
  'popover',
  'slot',
];

const COLOURS =
  /\bbgcolor\s*=|\bbackground\s*=|<font[^>]*\bcolor\s*=|\bbackground(?:-color|-image)?\s*:|(?:^|[\s;"'{])color\s*:/i;

const OWN_DARK =
  /prefers-color-scheme\s*:\s*dark|<meta[^>]+color-scheme[^>]+content\s*=\s*["'][^"']*dark|color-scheme\s*:[^;"'}]*\bdark/i;

/** A word longer than this may be broken anywhere: it would make the message wider than a phone. */
const LONG_WORD = /\S{28,}/;

/**
 * Cleans the HTML of a message. What stays can neither run nor ask for anything: the frame's own policy says
 * the same once more. Pictures inside the message (`cid:`) are replaced by their `blob:` addresses; what is there to
 * tell the sender that the message is read is taken out, whether or not pictures are shown.
 */
export function sanitise(html: string, policy: PicturePolicy): SafeMail {
  const root = DOMPurify.sanitize(html, {
    USE_PROFILES: { html: true },
    WHOLE_DOCUMENT: true,
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: FORBIDDEN_ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM: true,
  }) as HTMLElement;
  const wanted: Wanted = { remote: 0, pixels: 0 };
  for (const sheet of root.querySelectorAll('style'))
    sheet.textContent = cleanSheet(sheet.textContent ?? '', policy, wanted);
  for (const styled of root.querySelectorAll<HTMLElement>('[style]'))
    cleanDeclarations(styled.style, policy, wanted);
  for (const element of root.querySelectorAll<HTMLElement>('[src], [background]')) {
    for (const attribute of ['src', 'background']) placePicture(element, attribute, policy, wanted);
  }
  for (const link of root.querySelectorAll('a, area')) keepLinkOutside(link);
  const body = root.querySelector('body') ?? root;
  const hasText = breakLongWords(body);
  const bodyStyle = ownStyle(body);
  body.prepend(...root.querySelectorAll('head style'));
  const written = body.innerHTML;
  return {
    content: body,
    bodyStyle,
    coloured: COLOURS.test(written) || COLOURS.test(`;${bodyStyle}`),
    ownDark: OWN_DARK.test(html),
    ...wanted,
    empty: !body.querySelector('img, hr, table') && !hasText,
  };
}

/** Decides what becomes of one address of a picture. */
function placePicture(
  element: HTMLElement,
  attribute: string,
  { pictures, showRemote }: PicturePolicy,
  wanted: Wanted,
): void {
  const address = element.getAttribute(attribute)?.trim();
  if (address === undefined) return;
  if (/^data:image\//i.test(address)) return;
  if (/^cid:/i.test(address)) {
    const picture = pictures.get(decoded(address.slice(4)));
    if (picture) element.setAttribute(attribute, picture);
    else element.removeAttribute(attribute);
    return;
  }
  if (!/^(https?:)?\/\//i.test(address)) {
    // Relative addresses mean nothing in a message, and would reach our own server.
    element.removeAttribute(attribute);
    return;
  }
  if (attribute === 'src' ? isPixel(element, address) : isTracker(address)) {
    wanted.pixels += 1;
    if (attribute === 'src') element.remove();
    else element.removeAttribute(attribute);
    return;
  }
  wanted.remote += 1;
  // Plain HTTP would show others what is read; nearly every server speaks HTTPS.
  if (showRemote) element.setAttribute(attribute, address.replace(/^(http:)?\/\//i, 'https://'));
  else element.removeAttribute(attribute);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Links open in a window of their own, which learns nothing about the app; whoever rests on one sees where it leads. */
function keepLinkOutside(link: Element): void {
  const address = link.getAttribute('href')?.trim() ?? '';
  if (!/^(https?:|mailto:|tel:)/i.test(address)) {
    link.removeAttribute('href');
    return;
  }
  link.setAttribute('href', address);
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer');
  link.setAttribute('referrerpolicy', 'no-referrer');
  if (/^https?:/i.test(address)) link.setAttribute('title', address);
}

/** Lets long words break; answers whether there is any text. */
function breakLongWords(body: HTMLElement): boolean {
  let found = false;
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const text = node.textContent ?? '';
    if (!parent || parent.tagName === 'STYLE' || !text.trim()) continue;
    found = true;
    if (LONG_WORD.test(text)) parent.style.overflowWrap = 'anywhere';
  }
  return found;
}

/** Style of a body element, with its old presentational attributes as CSS. */
function ownStyle(body: HTMLElement): string {
  const colour = (name: string) => (body.getAttribute(name) ?? '').replace(/[^#\w]/g, '');
  const parts = [body.getAttribute('style') ?? ''];
  if (colour('bgcolor')) parts.push(`background-color: ${colour('bgcolor')}`);
  if (colour('text')) parts.push(`color: ${colour('text')}`);
  return parts.filter(Boolean).join('; ');
}
