import { isTracker } from './pixels.ts';

/** What a message asked for from the internet. */
export interface Wanted {
  /** pictures */
  remote: number;
  /** ways to tell the sender that the message is read */
  pixels: number;
}

/** How addresses in a message are to be treated. */
export interface PicturePolicy {
  /** addresses on this device by Content-ID */
  pictures: ReadonlyMap<string, string>;
  /** leaves pictures on the internet in place, over HTTPS */
  showRemote: boolean;
}

/** States that change by what the reader does: a picture fetched for one would tell the sender about it. */
const REACTIVE =
  /:(?:hover|active|focus|visited|link|any-link|target|checked|open|has|not|is|where)\b|\[\s*open/i;
const ADDRESS = /url\("((?:[^"\\]|\\.)*)"\)/g;
/** What can ask for something, in the form in which a browser writes it; a backslash hides anything. */
const SUSPICIOUS = /url\((?!"(?:data:image\/|blob:|https:))|image-set|cross-fade|\bimage\(|\bsrc\(|\\/i;
/** Units of the window's height: the frame is as high as its content, which must not be as high as the frame. */
const WINDOW_UNIT = /(-?[\d.]+)(?:[sld]?v(?:h|b|min|max))\b/g;

/** Pixels for one hundredth of a window's height. */
const WINDOW_HUNDREDTH = 7;

function cleanValue(value: string, policy: PicturePolicy, reactive: boolean, wanted: Wanted): string {
  const placed = value.replace(ADDRESS, (whole, address: string) => {
    if (/^data:image\//i.test(address) && !address.includes('\\')) return whole;
    const picture = /^cid:/i.test(address) ? policy.pictures.get(address.slice(4)) : undefined;
    if (picture) return `url("${picture}")`;
    if (!/^(https?:)?\/\//i.test(address) || address.includes('\\')) return 'none';
    if (reactive || isTracker(address)) {
      wanted.pixels += 1;
      return 'none';
    }
    wanted.remote += 1;
    return policy.showRemote ? `url("${address.replace(/^(http:)?\/\//i, 'https://')}")` : 'none';
  });
  if (SUSPICIOUS.test(placed)) return '';
  return placed.replace(WINDOW_UNIT, (_whole, n: string) => `${Number.parseFloat(n) * WINDOW_HUNDREDTH}px`);
}

/** Takes out of declarations what would ask for something. */
export function cleanDeclarations(
  style: CSSStyleDeclaration,
  policy: PicturePolicy,
  wanted: Wanted,
  reactive = false,
): void {
  for (const name of [...style]) {
    const before = style.getPropertyValue(name);
    const after = cleanValue(before, policy, reactive, wanted);
    if (after === before) continue;
    const priority = style.getPropertyPriority(name);
    style.removeProperty(name);
    if (after) style.setProperty(name, after, priority);
  }
  // A shorthand with a variable in it has no parts that could be looked at one by one.
  if (/var\(/i.test(style.cssText) && /url\(|image-set|cross-fade|\\/i.test(style.cssText))
    style.cssText = '';
  if (SUSPICIOUS.test(style.cssText)) style.cssText = '';
}

type Group = CSSRule & { cssRules: CSSRuleList; deleteRule(index: number): void };

function cleanRules(group: CSSStyleSheet | Group, policy: PicturePolicy, wanted: Wanted): void {
  for (let index = group.cssRules.length - 1; index >= 0; index -= 1) {
    const rule = group.cssRules[index];
    if (rule instanceof CSSStyleRule) {
      cleanDeclarations(rule.style, policy, wanted, REACTIVE.test(rule.selectorText));
      // Rules within rules are written by no program for mail; what they hide is not worth finding.
      while (rule.cssRules?.length) rule.deleteRule(0);
    } else if (rule instanceof CSSMediaRule || rule instanceof CSSSupportsRule) {
      cleanRules(rule, policy, wanted);
    } else if (rule instanceof CSSKeyframesRule) {
      for (const frame of rule.cssRules)
        cleanDeclarations((frame as CSSKeyframeRule).style, policy, wanted, true);
    } else group.deleteRule(index);
  }
}

/**
 * A style sheet of a message without what would ask for something: the browser reads it, so that no way of writing
 * hides anything, and what is left is written out anew. `@import` and `@font-face` go.
 */
export function cleanSheet(text: string, policy: PicturePolicy, wanted: Wanted): string {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text.replace(/^\s*<!--|-->\s*$/g, ''));
  cleanRules(sheet, policy, wanted);
  return [...sheet.cssRules].map(rule => rule.cssText).join('\n');
}
