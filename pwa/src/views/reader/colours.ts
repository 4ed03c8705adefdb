/** A colour of sRGB: channels 0 to 255, alpha 0 to 1. */
export interface Colour {
  r: number;
  g: number;
  b: number;
  a: number;
}

/** OKLab: lightness 0 to 1 as the eye sees it, and two axes of hue. */
type Lab = readonly [lightness: number, a: number, b: number];

/** Backgrounds lighter than this are what a sender means by paper; darker ones stay. */
const PAPER = 0.75;
/** What white paper becomes: the lightness and the slight blue of the app's own dark surface. */
const DARKEST = 0.222;
const TINT = [-0.009, -0.009] as const;
/** Smallest contrast of text that had it before (WCAG 2.2, 1.4.3). */
const CONTRAST = 4.5;

/** The colour that a browser computed, or null for a form that is left alone; pure. */
export function parseColour(text: string): Colour | null {
  const match = /^rgba?\(([\d.]+),? ([\d.]+),? ([\d.]+)(?:(?:,| \/) ([\d.]+%?))?\)$/.exec(text);
  if (!match) return null;
  const [, r, g, b, alpha = '1'] = match;
  const a = alpha.endsWith('%') ? Number.parseFloat(alpha) / 100 : Number(alpha);
  return { r: Number(r), g: Number(g), b: Number(b), a };
}

/** The colour as CSS; pure. */
export function cssColour({ r, g, b, a }: Colour): string {
  const [red, green, blue] = [r, g, b].map(channel => Math.round(channel));
  return a === 1 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${a})`;
}

/** What is seen of a colour that lies on an opaque one; pure. */
export function over(upper: Colour, lower: Colour): Colour {
  const mix = (x: number, y: number) => x * upper.a + y * (1 - upper.a);
  return { r: mix(upper.r, lower.r), g: mix(upper.g, lower.g), b: mix(upper.b, lower.b), a: 1 };
}

const linear = (channel: number) => {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

const encoded = (value: number) => {
  const bounded = Math.min(1, Math.max(0, value));
  return 255 * (bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055);
};

function toLab(colour: Colour): Lab {
  const [r, g, b] = [linear(colour.r), linear(colour.g), linear(colour.b)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromLab([lightness, a, b]: Lab, alpha: number): Colour {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return {
    r: encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    g: encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    b: encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    a: alpha,
  };
}

/** Contrast of two opaque colours, 1 to 21 (WCAG 2.2); pure. */
export function contrast(one: Colour, other: Colour): number {
  const luminance = ({ r, g, b }: Colour) =>
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05;
  const [x, y] = [luminance(one), luminance(other)];
  return Math.max(x, y) / Math.min(x, y);
}

/** Whether an opaque colour is light enough to be paper; pure. */
export function isPaper(colour: Colour): boolean {
  return toLab(colour)[0] > PAPER;
}

/** A background for dark surroundings: paper becomes dark and keeps its hue, everything else stays; pure. */
export function darkBackground(colour: Colour): Colour {
  const [lightness, a, b] = toLab(colour);
  if (lightness <= PAPER) return colour;
  const grey = Math.hypot(a, b) < 0.015;
  const hue = grey ? TINT : ([a * 0.7, b * 0.7] as const);
  return fromLab([DARKEST + (1 - lightness) * 0.7, hue[0], hue[1]], colour.a);
}

/**
 * A text colour for a background that became dark: its lightness is turned round, its hue kept, and it is as legible
 * as it was. What was meant not to be seen, such as white on white, stays unseen. Pure.
 * @param before the opaque background that the sender had in mind
 * @param after the opaque background that there is now
 */
export function darkText(colour: Colour, before: Colour, after: Colour): Colour {
  const [lightness, a, b] = toLab(over(colour, before));
  if (lightness > PAPER) return darkBackground(colour);
  const wanted = Math.min(CONTRAST, contrast(over(colour, before), before));
  let target = 0.93 - 0.35 * lightness;
  let result = fromLab([target, a * 0.75, b * 0.75], colour.a);
  while (contrast(over(result, after), after) < wanted && target < 1) {
    target = Math.min(1, target + 0.03);
    result = fromLab([target, a * 0.6, b * 0.6], Math.max(colour.a, target));
  }
  return result;
}
