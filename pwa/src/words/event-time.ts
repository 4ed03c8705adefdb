import { forLocale } from './language.ts';

const DATE = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
const TIME = { ...DATE, hour: '2-digit', minute: '2-digit' } as const;

const days = forLocale(tag => new Intl.DateTimeFormat(tag, { ...DATE, timeZone: 'UTC' }));
const floating = forLocale(tag => new Intl.DateTimeFormat(tag, { ...TIME, timeZone: 'UTC' }));
const fixed = forLocale(tag => new Intl.DateTimeFormat(tag, { ...TIME, timeZoneName: 'short' }));

/** When something takes place, from begin to end, on the clocks of this device; times as `EventTime` of the reader. */
export function eventTime(kind: 'day' | 'floating' | 'fixed', start: number, end: number | null): string {
  const format = { day: days, floating, fixed }[kind]();
  return end !== null && end > start ? format.formatRange(start, end) : format.format(start);
}

/** The same moments on the clocks of another time zone; null where that is unknown or shows the same. */
export function eventTimeIn(zone: string, start: number, end: number | null): string | null {
  try {
    const { locale, timeZone } = fixed().resolvedOptions();
    const format = new Intl.DateTimeFormat(locale, { ...TIME, timeZone: zone, timeZoneName: 'short' });
    const here = new Intl.DateTimeFormat(locale, { ...TIME, timeZone });
    const there = new Intl.DateTimeFormat(locale, { ...TIME, timeZone: zone });
    if (here.format(start) === there.format(start)) return null;
    return end !== null && end > start ? format.formatRange(start, end) : format.format(start);
  } catch {
    return null;
  }
}
