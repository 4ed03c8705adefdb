import { type Colour, cssColour, darkBackground, darkText, isPaper, over, parseColour } from './colours.ts';

/** Messages of more elements than this are shown as they were sent: each one is looked at. */
const MOST_ELEMENTS = 20_000;
const WHITE: Colour = { r: 255, g: 255, b: 255, a: 1 };
const SIDES = ['top', 'right', 'bottom', 'left'] as const;
const COLOUR = /rgba?\([^)]*\)/g;

/** How an element was meant to look. */
interface Look {
  element: HTMLElement;
  parent: Look | null;
  text: Colour | null;
  /** its own background; null where a picture or a colour that is left alone covers it */
  own: Colour | null;
  gradient: string;
  picture: boolean;
  borders: (Colour | null)[];
  /** the opaque colour behind its text, as sent and as it is shown now */
  before: Colour;
  after: Colour;
}

function readLook(element: HTMLElement, parent: Look | null): Look {
  const style = getComputedStyle(element);
  const image = style.backgroundImage;
  const own = parseColour(style.backgroundColor);
  const picture = image.includes('url(');
  return {
    element,
    parent,
    text: parseColour(style.color),
    own: own && own.a > 0 ? own : null,
    gradient: image !== 'none' && !picture ? image : '',
    picture,
    borders: readBorders(style),
    before: own ? over(own, parent?.before ?? WHITE) : (parent?.before ?? WHITE),
    after: WHITE,
  };
}

const NO_BORDERS: (Colour | null)[] = [];

/** The colours of drawn borders that are not the text's. */
function readBorders(style: CSSStyleDeclaration): (Colour | null)[] {
  if (style.borderStyle === 'none') return NO_BORDERS;
  return SIDES.map(side => {
    const drawn = style.getPropertyValue(`border-${side}-style`) !== 'none';
    const colour = drawn ? style.getPropertyValue(`border-${side}-color`) : style.color;
    return colour !== style.color ? parseColour(colour) : null;
  });
}

function readLooks(root: HTMLElement): Look[] {
  const looks: Look[] = [];
  const known = new Map<Element, Look>();
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
  for (let node: Node | null = root; node; node = walker.nextNode()) {
    const element = node as HTMLElement;
    const parent = element.parentElement ? (known.get(element.parentElement) ?? null) : null;
    if (!parent && element !== root) continue;
    if (/^(HEAD|STYLE|META|TITLE|BR)$/.test(element.tagName)) continue;
    const look = readLook(element, parent);
    known.set(element, look);
    looks.push(look);
  }
  return looks;
}

/** How much of the text stands on dark ground already, 0 to 1. */
function darkShare(looks: readonly Look[]): number {
  let all = 0;
  let dark = 0;
  for (const { element, before } of looks) {
    for (const node of element.childNodes) {
      const length = node.nodeType === Node.TEXT_NODE ? (node.textContent?.trim().length ?? 0) : 0;
      all += length;
      if (!isPaper(before)) dark += length;
    }
  }
  return all ? dark / all : 0;
}

function write(look: Look): void {
  const { element, own, parent, before } = look;
  const under = parent?.after ?? WHITE;
  const set = (name: string, colour: Colour) =>
    element.style.setProperty(name, cssColour(colour), 'important');
  const background = own ? darkBackground(own) : null;
  look.after = background ? over(background, under) : under;
  if (look.picture) {
    // A picture covers the ground: what stands on it is as legible as it was.
    look.after = before;
    return;
  }
  if (own && background && background !== own) set('background-color', background);
  if (look.gradient) {
    const turned = look.gradient.replace(COLOUR, text => {
      const colour = parseColour(text);
      return colour ? cssColour(darkBackground(colour)) : text;
    });
    element.style.setProperty('background-image', turned, 'important');
  }
  const kept = look.after.r === before.r && look.after.g === before.g && look.after.b === before.b;
  for (const [position, border] of look.borders.entries()) {
    if (!border || kept) continue;
    const solid = over(border, before);
    const turned = isPaper(solid) ? darkBackground(border) : darkText(border, before, look.after);
    set(`border-${SIDES[position]}-color`, turned);
  }
}

function writeText({ element, text, before, after }: Look): void {
  if (!text) return;
  const kept = after.r === before.r && after.g === before.g && after.b === before.b;
  element.style.setProperty('color', cssColour(kept ? text : darkText(text, before, after)), 'important');
}

/** Whether a picture has clear parts and is dark where it is not: on dark ground it could not be seen. */
function vanishes(picture: HTMLImageElement): boolean {
  const size = 24;
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return false;
  context.drawImage(picture, 0, 0, size, size);
  const { data } = context.getImageData(0, 0, size, size);
  let clear = 0;
  let solid = 0;
  let light = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [r = 0, g = 0, b = 0, alpha = 0] = data.subarray(at, at + 4);
    if (alpha < 40) clear += 1;
    else {
      solid += 1;
      light += 0.21 * r + 0.72 * g + 0.07 * b;
    }
  }
  return clear > 30 && solid > 0 && light / solid < 110;
}

/** Puts pictures that would vanish on a light ground. Only those of the message itself can be looked at. */
function keepVisible(picture: HTMLImageElement): void {
  if (!/^(blob|data):/.test(picture.src)) return;
  const look = () => {
    if (!picture.naturalWidth || !vanishes(picture)) return;
    picture.style.setProperty('background-color', '#e6ebec', 'important');
    picture.style.setProperty('border-radius', '4px');
  };
  if (picture.complete) look();
  else picture.addEventListener('load', look, { once: true });
}

/**
 * Turns a message that was written for white paper into one for dark surroundings, in the document that shows it:
 * the browser has resolved style sheets, attributes and inheritance there. Light grounds become dark and the texts on
 * them light; what is dark already, colourful grounds and pictures stay. Answers whether anything was changed.
 * @param ownDark the message has a dark style: where that works it is left alone
 */
export function darken(root: HTMLElement, ownDark: boolean): boolean {
  if (root.ownerDocument.getElementsByTagName('*').length > MOST_ELEMENTS) return false;
  const looks = readLooks(root);
  if (ownDark && darkShare(looks) > 0.5) return false;
  for (const look of looks) write(look);
  for (const look of looks) writeText(look);
  for (const { element, before, after } of looks) {
    if (element.tagName === 'IMG' && before !== after) keepVisible(element as HTMLImageElement);
  }
  return true;
}
