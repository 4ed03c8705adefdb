import { type Component, property } from './calendar-text.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Minutes by which the clocks of an IANA zone are ahead of UTC at a time, or null for what is no such zone. */
function ahead(zone: string, at: number): number | null {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
    } as Intl.DateTimeFormatOptions);
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    return Math.round((Date.UTC(year, month - 1, day, hour, minute) - at) / MINUTE);
  } catch {
    return null;
  }
}

/** `+0530`, in minutes */
function offsetOf(text: string | undefined): number | null {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)/.exec(text?.trim() ?? '') ?? [];
  if (!sign) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** When an observance of a VTIMEZONE begins in a year, as a local time counted like UTC (RFC 5545 section 3.6.5). */
function onset(observance: Component, year: number): number | null {
  const [, y, mo, d, h, mi] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(property(observance, 'DTSTART')?.value ?? '') ?? [];
  if (!y) return null;
  const start = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi));
  const rule = property(observance, 'RRULE')?.value.toUpperCase() ?? '';
  const month = Number(/BYMONTH=(\d+)/.exec(rule)?.[1] ?? Number.NaN) - 1;
  const [, nth, weekday = ''] = /BYDAY=([+-]?\d)([A-Z]{2})/.exec(rule) ?? [];
  if (!rule || Number.isNaN(month) || !nth) return start;
  if (year < Number(y)) return null;
  const clock = start % DAY;
  const n = Number(nth);
  const edge = n > 0 ? Date.UTC(year, month, 1) : Date.UTC(year, month + 1, 0);
  const distance = (DAYS.indexOf(weekday) - new Date(edge).getUTCDay() + 7) % 7;
  const first = n > 0 ? distance : distance === 0 ? 0 : distance - 7;
  return edge + (first + (n > 0 ? n - 1 : n + 1) * 7) * DAY + ((clock + DAY) % DAY);
}

/** Minutes ahead of UTC at a local time by the calendar's own description of a zone. */
function aheadBy(zone: Component, local: number): number | null {
  const year = new Date(local).getUTCFullYear();
  let latest = Number.NEGATIVE_INFINITY;
  let found: number | null = null;
  for (const observance of zone.components) {
    const offset = offsetOf(property(observance, 'TZOFFSETTO')?.value);
    for (const begins of [onset(observance, year), onset(observance, year - 1)]) {
      if (begins === null || offset === null || begins > local || begins <= latest) continue;
      latest = begins;
      found = offset;
    }
  }
  return found ?? offsetOf(zone.components[0] && property(zone.components[0], 'TZOFFSETFROM')?.value);
}

/**
 * The time at which the clocks of a zone show a local time: an IANA zone, or one that the calendar describes.
 * @param local the local time, counted as if it were UTC, in milliseconds
 * @returns milliseconds since the epoch, or null for a zone that nobody knows
 */
export function instantIn(zoneName: string, zones: readonly Component[], local: number): number | null {
  const guess = ahead(zoneName, local);
  if (guess !== null) {
    const at = local - guess * MINUTE;
    return local - (ahead(zoneName, at) ?? guess) * MINUTE;
  }
  const described = zones.find(zone => property(zone, 'TZID')?.value === zoneName);
  const offset = described ? aheadBy(described, local) : null;
  return offset === null ? null : local - offset * MINUTE;
}
