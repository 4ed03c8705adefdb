/**
 * How text is made comparable. The index, the query and the marks in what was found all go through here, so that
 * what is marked is what matched. FTS5's unicode61 only parts the words afterwards.
 */

/** Marks that people leave out when they type: Latin and Greek accents, Hebrew points, Arabic vowels and tatweel. */
const MARKS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of ASCII
const ASCII = /^[\x00-\x7f]*$/;

/** Lower case, compatible forms made one, accents gone: `Über ﬁne` and `uber fine` are the same. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower;
  return lower.normalize('NFKD').replace(MARKS, '').normalize('NFC').replaceAll('ß', 'ss');
}

/** A letter, digit or mark, as `categories` of the FTS5 table says. */
export const WORD_CHARACTER = '[\\p{L}\\p{N}\\p{Co}\\p{M}]';

const SCRIPTS = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
/** Characters of scripts that put no spaces between words (Hangul: between the parts of one). */
const UNSPACED_CHARACTER = `[${SCRIPTS.map(script => `\\p{Script=${script}}`).join('')}ー]`;
const RUN = new RegExp(`${UNSPACED_CHARACTER}+`, 'gu');
const WORD = new RegExp(`(${UNSPACED_CHARACTER}+)|(?:(?!${UNSPACED_CHARACTER})${WORD_CHARACTER})+`, 'gu');
/** What nobody types: base64 and keys only make the index large. */
const OVERLONG = new RegExp(`(?:(?!${UNSPACED_CHARACTER})${WORD_CHARACTER}){65,}`, 'gu');

/**
 * A text as the index stores it: folded, and each run without spaces as overlapping pairs with the last character
 * once more: `東京都` is `東京 京都 都`, so that any part of it can be found.
 */
export function indexed(text: string): string {
  const folded = fold(text).replace(OVERLONG, ' ');
  if (ASCII.test(folded)) return folded;
  return folded.replace(RUN, run => ` ${pairs(run).join(' ')} ${[...run].at(-1)} `);
}

/** A word of a search, or a run without spaces. */
export interface Unit {
  text: string;
  unspaced: boolean;
}

/** The words of a search text, folded. */
export function unitsOf(text: string): Unit[] {
  return [...fold(text).matchAll(WORD)].map(([unit, run]) => ({ text: unit, unspaced: run !== undefined }));
}

/** The tokens that stand in the index, one after the other, where the units do. */
export function tokensOf(units: readonly Unit[]): string[] {
  return units.flatMap(({ text, unspaced }, position) => {
    if (!unspaced) return [text];
    const last = position === units.length - 1;
    const two = pairs(text);
    return last && two.length ? two : [...two, [...text].at(-1) ?? ''];
  });
}

function pairs(run: string): string[] {
  const characters = [...run];
  return characters.slice(1).map((character, position) => `${characters[position]}${character}`);
}
