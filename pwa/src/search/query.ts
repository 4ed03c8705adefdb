import { tokensOf, unitsOf } from './fold.ts';

export const OPERATORS = ['from', 'to', 'subject', 'has', 'is', 'in', 'before', 'after', 'account'] as const;
export type Operator = (typeof OPERATORS)[number];

/** Words to be found next to each other; those of a phrase in full, else the last one may go on. */
export interface Term {
  field: 'any' | 'from' | 'to' | 'subject';
  text: string;
  phrase: boolean;
  not: boolean;
}

/** What has to be true of a message besides its words. Times are milliseconds since the epoch. */
export type Condition =
  | { kind: 'attachment' | 'unread' | 'starred'; not: boolean }
  | { kind: 'in'; name: string; not: boolean }
  | { kind: 'account'; name: string; not: boolean }
  | { kind: 'before' | 'after'; time: number; not: boolean };

/** All terms and all conditions have to hold. */
export interface Query {
  terms: Term[];
  conditions: Condition[];
  /** Operators whose value means nothing, as they were typed: `before:soon`. */
  unknown: string[];
}

/** Names that operators have in a language beside the English ones: letters in lower case. The first of each is offered. */
export type OwnNames = readonly (readonly [name: string, operator: Operator])[];

/** A regular expression for the name of an operator. */
export const anyOperator = (own: OwnNames) => [...OPERATORS, ...own.map(([name]) => name)].join('|');

/** The operator with this name; undefined for a name that is none. */
export function operatorOf(name: string, own: OwnNames): Operator | undefined {
  const wanted = name.toLowerCase();
  return OPERATORS.find(one => one === wanted) ?? own.find(([one]) => one === wanted)?.[1];
}

/**
 * What a person typed, understood as far as it can be: words, "phrases", operators (`from:mara`, `-is:unread`).
 * An operator without a value is not complete yet and left out. Never throws.
 * @param own names of operators in the person's language; the English ones are understood, too
 * @param now of the device; days begin in its time zone
 */
export function parseQuery(text: string, own: OwnNames = [], now = new Date()): Query {
  const piece = new RegExp(`(-?)(?:(${anyOperator(own)})[:：])?(?:"([^"]*)(?:"|$)|([^\\s"]+))?`, 'giuy');
  const query: Query = { terms: [], conditions: [], unknown: [] };
  const typed = text.replace(/[“”„«»]/g, '"');
  for (let at = 0; at < typed.length; ) {
    piece.lastIndex = at;
    const [whole = '', minus, operator = '', quoted, word] = piece.exec(typed) ?? [];
    at += Math.max(1, whole.length);
    const value = (quoted ?? word ?? '').trim();
    if (value === '') continue;
    const not = minus === '-';
    const name = operatorOf(operator, own);
    add(query, { name, value, not, phrase: quoted !== undefined, typed: whole.trim() }, now);
  }
  return query;
}

interface Piece {
  name: Operator | undefined;
  value: string;
  not: boolean;
  phrase: boolean;
  typed: string;
}

function add(query: Query, piece: Piece, now: Date): void {
  const { name, value, not, phrase } = piece;
  if (name === undefined || name === 'from' || name === 'to' || name === 'subject') {
    // Whatever has no letter and no digit asks for nothing.
    if (unitsOf(value).length) query.terms.push({ field: name ?? 'any', text: value, phrase, not });
    return;
  }
  const condition = conditionOf(name, value, not, now);
  if (condition) query.conditions.push(condition);
  else query.unknown.push(piece.typed);
}

function conditionOf(
  name: Exclude<Operator, 'from' | 'to' | 'subject'>,
  value: string,
  not: boolean,
  now: Date,
): Condition | null {
  switch (name) {
    case 'has':
      return /^attachments?$/i.test(value) ? { kind: 'attachment', not } : null;
    case 'is':
      return flagOf(value.toLowerCase(), not);
    case 'in':
    case 'account':
      return { kind: name, name: value, not };
    case 'before':
    case 'after': {
      const time = timeOf(value, now);
      return time === null ? null : { kind: name, time, not };
    }
  }
}

function flagOf(value: string, not: boolean): Condition | null {
  if (value === 'unread' || value === 'starred') return { kind: value, not };
  if (value === 'read') return { kind: 'unread', not: !not };
  if (value === 'unstarred') return { kind: 'starred', not: !not };
  return null;
}

const DATE = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/;
const AGO = /^(\d{1,4})([dwmy])$/i;

/** The beginning of a day, month or year (`2026-03-31`, `2026-03`, `2026`), or of the day so long ago (`7d`, `2w`, `3m`, `1y`). */
function timeOf(value: string, now: Date): number | null {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const [, amount, unit] = AGO.exec(value) ?? [];
  if (amount && unit) {
    const n = Number(amount);
    const size = unit.toLowerCase();
    if (size === 'd') today.setDate(today.getDate() - n);
    if (size === 'w') today.setDate(today.getDate() - 7 * n);
    if (size === 'm') today.setMonth(today.getMonth() - n);
    if (size === 'y') today.setFullYear(today.getFullYear() - n);
    return today.getTime();
  }
  if (/^today$/i.test(value)) return today.getTime();
  if (/^yesterday$/i.test(value)) return today.setDate(today.getDate() - 1);
  const [, year, month = '1', day = '1'] = DATE.exec(value) ?? [];
  if (!year) return null;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  const exists = date.getMonth() === Number(month) - 1 && date.getDate() === Number(day);
  return exists && Number(year) >= 1970 ? date.getTime() : null;
}

/** True for a query that asks for nothing. */
export function isEmpty(query: Query): boolean {
  return query.terms.length === 0 && query.conditions.length === 0;
}

/** The columns of the FTS5 table in which a term looks. */
const COLUMNS = { any: '', from: 'sender : ', to: 'recipient : ', subject: 'subject : ' } as const;

/**
 * The words of a query as FTS5 expressions: what has to match and what must not; null for nothing. Tokens consist of
 * letters, digits and marks and stand in quotes, so that nothing of what was typed is read as syntax.
 */
export function toFts(query: Pick<Query, 'terms'>): { match: string | null; exclude: string | null } {
  const side = (not: boolean, joined: string) => {
    const parts = query.terms.filter(term => term.not === not).map(ftsOf);
    return parts.length ? parts.join(joined) : null;
  };
  return { match: side(false, ' AND '), exclude: side(true, ' OR ') };
}

function ftsOf({ field, text, phrase }: Term): string {
  const units = unitsOf(text);
  const last = units.at(-1);
  const length = [...(last?.text ?? '')].length;
  // One character of a run without spaces begins a pair. One letter is a word: with all that begin with it, it asks nothing.
  const goesOn = last?.unspaced ? length === 1 : !phrase && length > 1;
  return `${COLUMNS[field]}"${tokensOf(units).join(' ')}"${goesOn ? ' *' : ''}`;
}
