import { decodeHost } from './punycode.ts';

/** What a person should know about a link before it opens. */
export type LinkWarning =
  | 'otherHost'
  | 'lookalike'
  | 'mixedScripts'
  | 'foreignLetters'
  | 'userName'
  | 'address'
  | 'notEncrypted';

/** Where a link leads. */
export interface LinkInfo {
  href: string;
  /** the host as people read it, `bücher.example` */
  host: string;
  /** the host as it is asked for, `xn--bcher-kva.example`; the same as `host` where it has only plain letters */
  asciiHost: string;
  /** the host that the link's text shows, where that is another one */
  shownHost: string | null;
  warnings: LinkWarning[];
}

/** Letters of other scripts that look like a Latin one, as far as they are used to deceive. */
const LOOKALIKES: Record<string, string> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  ѐ: 'e',
  ё: 'e',
  һ: 'h',
  і: 'i',
  ї: 'i',
  ј: 'j',
  к: 'k',
  ӏ: 'l',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  г: 'r',
  ѕ: 's',
  т: 't',
  ц: 'u',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  у: 'y',
  ѡ: 'w',
  ь: 'b',
  α: 'a',
  β: 'b',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  γ: 'y',
  ω: 'w',
  ı: 'i',
  ɑ: 'a',
  ɡ: 'g',
  ɩ: 'i',
  ʟ: 'l',
  ո: 'n',
  օ: 'o',
  ս: 'u',
  հ: 'h',
  զ: 'q',
  ց: 'g',
};

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Hebrew',
  'Arabic',
  'Thai',
  'Devanagari',
  'Hangul',
  'Han',
].map(name => ({ name, letter: new RegExp(`\\p{Script=${name}}`, 'u') }));

const SHOWN =
  /^\s*(?:https?:\/\/)?(?:[^\s/@]*@)?((?:[\p{L}\p{N}_-]+\.)+[\p{L}]{2,}|xn--[\w-]+)(?=[:/?#\s]|$)/iu;

function withoutWww(host: string): string {
  return host.replace(/^www\d?\./, '').replace(/\.$/, '');
}

/** Whether one host belongs to the other: the same, or below it. */
function belongs(host: string, shown: string): boolean {
  const [one, other] = [withoutWww(host), withoutWww(shown)];
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

function letterWarning(host: string): LinkWarning | null {
  for (const label of host.split('.')) {
    if (/^[\x20-\x7e]*$/.test(label)) continue;
    const looks = [...label].map(letter => LOOKALIKES[letter] ?? letter).join('');
    const scripts = SCRIPTS.filter(({ letter }) => letter.test(label)).length;
    if (/^[\x20-\x7e]+$/.test(looks)) return 'lookalike';
    if (scripts > 1) return 'mixedScripts';
  }
  return /[^\x20-\x7e]/.test(host) ? 'foreignLetters' : null;
}

/**
 * Reads a link; pure.
 * @param text what the link shows
 * @returns null for what is no address of a web page
 */
export function inspectLink(href: string, text: string): LinkInfo | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  const host = decodeHost(url.hostname);
  const shown = SHOWN.exec(text)?.[1]?.toLowerCase() ?? null;
  const shownAscii = shown && URL.canParse(`http://${shown}`) ? new URL(`http://${shown}`).hostname : null;
  const shownHost = shown && shownAscii && !belongs(url.hostname, shownAscii) ? shown : null;
  const warnings: LinkWarning[] = [];
  if (shownHost) warnings.push('otherHost');
  const letters = letterWarning(host);
  if (letters) warnings.push(letters);
  if (url.username || url.password) warnings.push('userName');
  if (/^\[|^\d+\.\d+\.\d+\.\d+$/.test(url.hostname)) warnings.push('address');
  if (url.protocol === 'http:') warnings.push('notEncrypted');
  return { href: url.href, host, asciiHost: url.hostname, shownHost, warnings };
}
