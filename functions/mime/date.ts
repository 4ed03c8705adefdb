/** A point in time with the offset in which the sender wrote it. */
export interface MessageDate {
  /** Milliseconds since the epoch. */
  ms: number;
  /** Minutes east of UTC. */
  offset: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours east of UTC of the zone names of RFC 5322 section 4.3 and others that mailers write. */
const ZONES: Readonly<Record<string, number>> = {
  ...{
    ut: 0,
    utc: 0,
    gmt: 0,
    z: 0,
    wet: 0,
    west: 1,
    bst: 1,
    cet: 1,
    met: 1,
    mez: 1,
    cest: 2,
    mest: 2,
    mesz: 2,
  },
  ...{
    eet: 2,
    eest: 3,
    msk: 3,
    msd: 4,
    sgt: 8,
    hkt: 8,
    jst: 9,
    kst: 9,
    aest: 10,
    aedt: 11,
    nzst: 12,
    nzdt: 13,
  },
  ...{ est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7 },
};

/** Removes comments (RFC 5322 section 3.2.2), nested ones included. */
export function stripComments(text: string): string {
  if (!text.includes('(')) return text;
  let out = '';
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (depth > 0 && c === '\\') i++;
    else if (c === '(') depth++;
    else if (c === ')' && depth > 0) depth--;
    else if (depth === 0) out += c;
  }
  return out;
}

/** Minutes east of UTC, or null when the word is no zone. */
function zoneOf(word: string): number | null {
  const numeric = /^(?:gmt|utc?)?([+-])(\d{1,2}):?(\d{2})?$/.exec(word);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    if (Number(numeric[3] ?? 0) > 59 || minutes >= 24 * 60) return 0;
    return numeric[1] === '-' ? -minutes : minutes;
  }
  return Object.hasOwn(ZONES, word) ? (ZONES[word] ?? 0) * 60 : null;
}

interface Clock {
  hour: number;
  minute: number;
  second: number;
}

function clockOf(word: string): Clock | null {
  const match = /^(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d+)?)?$/.exec(word);
  if (!match) return null;
  const clock = { hour: Number(match[1]), minute: Number(match[2]), second: Number(match[3] ?? 0) };
  return clock.hour <= 23 && clock.minute <= 59 && clock.second <= 60 ? clock : null;
}

/** RFC 5322 section 4.3: two digits are 1950 to 2049, three are counted from 1900. */
function yearOf(word: string): number {
  const year = Number(word);
  if (word.length >= 4) return year;
  return word.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

function build(year: number, month: number, day: number, clock: Clock, offset: number): MessageDate | null {
  if (day < 1 || day > 31 || month < 0 || month > 11) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(clock.hour, clock.minute, clock.second);
  return { ms: date.getTime() - offset * 60_000, offset };
}

const MIDNIGHT: Clock = { hour: 0, minute: 0, second: 0 };

/** `2026-11-23T10:00:00+01:00` and its neighbours, which some senders write instead. */
function parseIso(text: string): MessageDate | null {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[t ] ?([\d:.]+) ?([a-z]*[+-]?[\d:]*))?$/.exec(text);
  if (!match) return null;
  const clock = match[4] ? clockOf(match[4]) : MIDNIGHT;
  if (!clock) return null;
  const offset = zoneOf(match[5] ?? '') ?? 0;
  return build(Number(match[1]), Number(match[2]) - 1, Number(match[3]), clock, offset);
}

/**
 * Parses the date of a Date or Received header (RFC 5322 section 3.3) with its obsolete forms, asctime order,
 * ISO 8601, missing weekday, seconds or zone (taken as UTC), two-digit years and comments. Never depends on
 * the locale or time zone of this machine. Null when no day, month and year can be made out.
 */
export function parseDate(value: string): MessageDate | null {
  const text = stripComments(value.slice(0, 300))
    .replace(/[\s,]+/g, ' ')
    .trim()
    .toLowerCase();
  const iso = parseIso(text);
  if (iso) return iso;
  const numbers: string[] = [];
  let month = -1;
  let clock: Clock | null = null;
  let offset: number | null = null;
  let isAfternoon: boolean | null = null;
  for (const word of text.replace(/(\d)-([a-z]{3,9})-(\d)/, '$1 $2 $3').split(' ')) {
    const zone = clock ? zoneOf(word) : null;
    if (/^\d{1,4}(?:st|nd|rd|th)?$/.test(word)) numbers.push(word.replace(/\D+/, ''));
    else if (/^[a-z]{3,9}\.?$/.test(word) && month < 0 && MONTHS.includes(word.slice(0, 3)))
      month = MONTHS.indexOf(word.slice(0, 3));
    else if (clock && (word === 'am' || word === 'pm')) isAfternoon = word === 'pm';
    else if (zone !== null) offset ??= zone;
    else clock ??= clockOf(word);
  }
  const [day, year] = numbers;
  if (month < 0 || day === undefined || year === undefined || year.length < 2) return null;
  const time = clock ?? MIDNIGHT;
  const hour = isAfternoon === null ? time.hour : (time.hour % 12) + (isAfternoon ? 12 : 0);
  return build(yearOf(year), month, Number(day), { ...time, hour }, offset ?? 0);
}

/** RFC 8620 section 1.4 Date: RFC 3339 with the sender's offset. Null outside the years 0 to 9999. */
export function formatDate(date: MessageDate): string | null {
  const local = new Date(date.ms + date.offset * 60_000);
  const year = local.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return null;
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.abs(date.offset);
  const sign = date.offset < 0 ? '-' : '+';
  const zone = minutes === 0 ? 'Z' : `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${local.toISOString().slice(0, 19)}${zone}`;
}
