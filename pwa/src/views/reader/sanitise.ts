import DOMPurify from 'dompurify';

/** HTML of a message that is safe to show in the scriptless frame. */
export interface SafeMail {
  /** content of the frame's body, with the message's own style sheets first */
  html: string;
  /** presentational attributes that the message gave its body, such as bgcolor */
  bodyStyle: string;
  /** True when the message brings colours of its own: then it is shown on a light sheet. */
  coloured: boolean;
  /** How many pictures on the internet it wanted. */
  remote: number;
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

/**
 * Cleans the HTML of a message. What stays can neither run nor ask for anything: the frame's own policy says
 * the same once more. Pictures inside the message (`cid:`) are replaced by their `blob:` addresses.
 * @param pictures addresses by Content-ID
 * @param showRemote leaves pictures on the internet in place, over HTTPS
 */
export function sanitise(html: string, pictures: ReadonlyMap<string, string>, showRemote: boolean): SafeMail {
  const root = DOMPurify.sanitize(html, {
    USE_PROFILES: { html: true },
    WHOLE_DOCUMENT: true,
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: FORBIDDEN_ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM: true,
  }) as HTMLElement;
  let remote = 0;
  for (const element of root.querySelectorAll<HTMLElement>('[src], [background]')) {
    for (const attribute of ['src', 'background']) {
      remote += placePicture(element, attribute, pictures, showRemote);
    }
  }
  for (const link of root.querySelectorAll('a, area')) keepLinkOutside(link);
  for (const styled of root.querySelectorAll<HTMLElement>('[style], style'))
    remote += cleanStyle(styled, showRemote);
  const body = root.querySelector('body');
  const sheets = [...root.querySelectorAll('head style')].map(sheet => sheet.outerHTML).join('');
  const content = sheets + (body?.innerHTML ?? root.innerHTML);
  const bodyStyle = body ? ownStyle(body) : '';
  const coloured = COLOURS.test(content) || COLOURS.test(`;${bodyStyle}`);
  const empty = !body?.querySelector('img, hr, table') && !body?.textContent?.trim();
  return { html: content, bodyStyle, coloured, remote, empty };
}

/** Decides what becomes of one address of a picture; answers how many pictures on the internet it was. */
function placePicture(
  element: HTMLElement,
  attribute: string,
  pictures: ReadonlyMap<string, string>,
  showRemote: boolean,
): number {
  const address = element.getAttribute(attribute)?.trim();
  if (address === undefined) return 0;
  if (/^data:image\//i.test(address)) return 0;
  if (/^cid:/i.test(address)) {
    const picture = pictures.get(decoded(address.slice(4)));
    if (picture) element.setAttribute(attribute, picture);
    else element.removeAttribute(attribute);
    return 0;
  }
  if (/^(https?:)?\/\//i.test(address)) {
    // Plain HTTP would show others what is read; nearly every server speaks HTTPS.
    if (showRemote) element.setAttribute(attribute, address.replace(/^(http:)?\/\//i, 'https://'));
    else element.removeAttribute(attribute);
    return 1;
  }
  // Relative addresses mean nothing in a message, and would reach our own server.
  element.removeAttribute(attribute);
  return 0;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Links open in a window of their own, which learns nothing about the app. */
function keepLinkOutside(link: Element): void {
  const address = link.getAttribute('href')?.trim() ?? '';
  if (!/^(https?:|mailto:|tel:)/i.test(address)) {
    link.removeAttribute('href');
    return;
  }
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer');
  if (!link.getAttribute('title') && /^https?:/i.test(address)) link.setAttribute('title', address);
}

/** Takes out of a style sheet or attribute what would ask for something; answers how many pictures that were. */
function cleanStyle(element: HTMLElement, showRemote: boolean): number {
  const sheet = element.tagName === 'STYLE';
  const before = (sheet ? element.textContent : element.getAttribute('style')) ?? '';
  let remote = 0;
  // What is taken out leaves a blank or a word: its surroundings must not join to something new, such as a tag.
  const after = before
    .replace(/@import[^;]*;?/gi, ' ')
    .replace(/@font-face\s*\{[^}]*\}?/gi, ' ')
    .replace(/url\(\s*(["']?)\s*([^"')]*)\1\s*\)/gi, (whole, _quote, address: string) => {
      if (/^data:image\//i.test(address)) return whole;
      if (!/^(https?:)?\/\//i.test(address)) return 'none';
      remote += 1;
      return showRemote ? `url("${encodeURI(address).replace(/^(http:)?\/\//i, 'https://')}")` : 'none';
    });
  if (!sheet) element.setAttribute('style', after);
  else element.textContent = /<[/!a-z]/i.test(after) ? '' : after;
  return remote;
}

/** Style of a body element, with its old presentational attributes as CSS. */
function ownStyle(body: HTMLElement): string {
  const colour = (name: string) => (body.getAttribute(name) ?? '').replace(/[^#\w]/g, '');
  const parts = [body.getAttribute('style') ?? ''];
  if (colour('bgcolor')) parts.push(`background-color: ${colour('bgcolor')}`);
  if (colour('text')) parts.push(`color: ${colour('text')}`);
  return parts.filter(Boolean).join('; ');
}
