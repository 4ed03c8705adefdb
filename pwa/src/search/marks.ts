import { fold, unitsOf, WORD_CHARACTER } from './fold.ts';
import type { Query, Term } from './query.ts';

/** A part of a text, and whether it is what was searched for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** What to look for in a shown text; null for nothing. */
export type Needle = RegExp | null;

const GAP = WORD_CHARACTER.replace('[', '[^').concat('+');

/** What to mark in the texts of one field: sender, recipients, subject, or the text of the message (`any`). */
export function needleFor(query: Pick<Query, 'terms'>, field: Term['field']): Needle {
  const terms = query.terms.filter(term => !term.not && (term.field === 'any' || term.field === field));
  const sources = terms.map(({ text, phrase }) => {
    const units = unitsOf(text);
    const first = units[0]?.unspaced ? '' : `(?<!${WORD_CHARACTER})`;
    const whole = !units.at(-1)?.unspaced && (phrase || [...(units.at(-1)?.text ?? '')].length === 1);
    // Folded units are letters, digits and marks: nothing in them is syntax.
    const words = units.map((unit, position) => {
      const touches = position > 0 && (unit.unspaced || units[position - 1]?.unspaced);
      return `${position === 0 ? '' : touches ? `(?:${GAP})?` : GAP}${unit.text}`;
    });
    return `${first}${words.join('')}${whole ? `(?!${WORD_CHARACTER})` : ''}`;
  });
  return sources.length ? new RegExp(sources.join('|'), 'gu') : null;
}

/** A text with what was searched for told apart. */
export function marked(text: string, needle: Needle): Piece[] {
  return piecesOf(text, hitsIn(text, needle));
}

/** Characters of a snippet, and how many of them stand before the first hit. */
const SNIPPET = 220;
const BEFORE = 40;

/** The part of a long text around the first hit; null where there is none. */
export function snippetOf(text: string, needle: Needle): Piece[] | null {
  const hits = hitsIn(text, needle);
  const [first] = hits;
  if (!first) return null;
  const start = first.start <= BEFORE ? 0 : wordAfter(text, first.start - BEFORE, first.start);
  const end = Math.min(text.length, Math.max(start + SNIPPET, first.end));
  const inside = hits.filter(hit => hit.end <= end);
  const cut = text.slice(start, end);
  const pieces = piecesOf(
    cut,
    inside.map(hit => ({ start: hit.start - start, end: hit.end - start })),
  );
  return start > 0 ? [{ text: '… ', hit: false }, ...pieces] : pieces;
}

/** The beginning of the first word between two positions; the first position where there is none. */
function wordAfter(text: string, from: number, to: number): number {
  const gap = text.slice(from, to).search(/\s\S/u);
  if (gap >= 0) return from + gap + 1;
  const code = text.charCodeAt(from);
  return code >= 0xdc00 && code <= 0xdfff ? from - 1 : from;
}

interface Range {
  start: number;
  end: number;
}

function piecesOf(text: string, hits: readonly Range[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of hits) {
    if (start > at) pieces.push({ text: text.slice(at, start), hit: false });
    pieces.push({ text: text.slice(start, end), hit: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: false });
  return pieces;
}

function hitsIn(text: string, needle: Needle): Range[] {
  if (!needle || text === '') return [];
  const { folded, origin } = foldWithOrigin(text);
  const hits: Range[] = [];
  for (const { 0: match, index } of folded.matchAll(needle)) {
    const start = origin(index);
    const end = Math.max(origin(index + match.length), start);
    if (end > start && start >= (hits.at(-1)?.end ?? 0)) hits.push({ start, end });
  }
  return hits;
}

/** The folded text, and from where in the text each position of it came. */
function foldWithOrigin(text: string): { folded: string; origin(position: number): number } {
  const folded = fold(text);
  if (folded.length === text.length && !/[^\0-\u024f]/.test(text)) return { folded, origin: at => at };
  const known = new Map<string, string>();
  const origins: number[] = [];
  let result = '';
  let at = 0;
  for (const character of text) {
    let own = known.get(character);
    if (own === undefined) {
      own = fold(character);
      known.set(character, own);
    }
    for (let i = 0; i < own.length; i += 1) origins.push(at);
    result += own;
    at += character.length;
  }
  origins.push(text.length);
  return { folded: result, origin: position => origins[position] ?? text.length };
}
