import { forLocale, type Language, language, locale } from './language.ts';

const relative = forLocale(tag => new Intl.RelativeTimeFormat(tag, { numeric: 'always' }));
const clock = forLocale(tag => new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }));
const day = forLocale(tag => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' }));
const dayAndYear = forLocale(
  tag => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric' }),
);
const full = forLocale(tag => new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'short' }));

const wholeDay = forLocale(tag => new Intl.DateTimeFormat(tag, { dateStyle: 'long' }));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is less than a minute ago, and less than a minute away: Intl has no words for these. */
const moments: Record<Language, readonly [past: string, future: string]> = {
  en: ['just now', 'in a moment'],
  de: ['gerade eben', 'in Kürze'],
  es: ['hace un momento', 'en un momento'],
  fr: ['à l’instant', 'dans un instant'],
  ja: ['たった今', 'まもなく'],
  ar: ['قبل لحظات', 'بعد لحظات'],
};

/** `just now`, `12 minutes ago`, `in 3 hours`, for a time in milliseconds since the epoch. */
export function when(at: number, now = Date.now()): string {
  const distance = at - now;
  const size = Math.abs(distance);
  if (size < MINUTE) return moments[language()][distance > 1000 ? 1 : 0];
  if (size < HOUR) return relative().format(Math.round(distance / MINUTE), 'minute');
  if (size < DAY) return relative().format(Math.round(distance / HOUR), 'hour');
  return relative().format(Math.round(distance / DAY), 'day');
}

/** A date as short as it can be in a list: the time today, day and month this year, else with the year. */
export function shortDate(iso: string, now = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  if (date.toDateString() === now.toDateString()) return clock().format(date);
  return (date.getFullYear() === now.getFullYear() ? day() : dayAndYear()).format(date);
}

/** A date in full, for the reader. */
export function longDate(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : full().format(date);
}

/** `3 May 2026` */
export function longDay(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : wholeDay().format(date);
}

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** `14 kB`, for octets. */
export function fileSize(octets: number): string {
  const step = Math.min(sizes.length - 1, octets < 1000 ? 0 : Math.floor(Math.log10(octets) / 3));
  const value = octets / 1000 ** step;
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: sizes[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}
