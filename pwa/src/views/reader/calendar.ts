import { type Component, type Property, property, readComponents, textValue } from './calendar-text.ts';
import { instantIn } from './calendar-zones.ts';

/** A time of an event. */
export interface EventTime {
  /** milliseconds since the epoch; for a day its midnight in UTC, for a time without a zone as if it were UTC */
  at: number;
  /** day: a date without a time; floating: whatever the clock says where one is; fixed: a moment */
  kind: 'day' | 'floating' | 'fixed';
  /** the zone that the sender named, where it named one */
  zone: string | null;
}

export interface Person {
  name: string | null;
  address: string;
  /** RFC 5545 section 3.2.12, in capitals: ACCEPTED, DECLINED, TENTATIVE, … */
  status: string | null;
}

/** An event of a calendar, as far as the reader shows it. */
export interface CalendarEvent {
  title: string;
  start: EventTime | null;
  /** where it ends; for a day the last one of the event */
  end: EventTime | null;
  location: string;
  description: string;
  organiser: Person | null;
  attendees: Person[];
  cancelled: boolean;
  /** How often it comes again: DAILY, WEEKLY, MONTHLY, YEARLY. */
  repeats: string | null;
}

export interface Calendar {
  /** RFC 5546: REQUEST, REPLY, CANCEL, PUBLISH, …; PUBLISH where it says nothing */
  method: string;
  events: CalendarEvent[];
}

/** Events of one message that are shown; people of one event. */
const MOST_EVENTS = 20;
const MOST_PEOPLE = 200;
const DAY = 86_400_000;

function timeOf(found: Property | null, zones: readonly Component[]): EventTime | null {
  const [, y, mo, d, h, mi, s, utc] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?/.exec(found?.value.trim() ?? '') ?? [];
  if (!found || !y) return null;
  const local = Date.UTC(
    Number(y),
    Number(mo) - 1,
    Number(d),
    Number(h ?? 0),
    Number(mi ?? 0),
    Number(s ?? 0),
  );
  if (h === undefined) return { at: local, kind: 'day', zone: null };
  if (utc) return { at: local, kind: 'fixed', zone: null };
  const zone = found.parameters.TZID?.replace(/^\//, '') ?? null;
  const at = zone === null ? null : instantIn(zone, zones, local);
  return at === null ? { at: local, kind: 'floating', zone } : { at, kind: 'fixed', zone };
}

/** RFC 5545 section 3.3.6, in milliseconds */
function durationOf(text: string): number {
  const [, w, d, h, m, s] =
    /^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? [];
  const [weeks, days, hours, minutes, seconds] = [w, d, h, m, s].map(part => Number(part ?? 0));
  return (
    ((weeks ?? 0) * 7 + (days ?? 0)) * DAY +
    (hours ?? 0) * 3_600_000 +
    (minutes ?? 0) * 60_000 +
    (seconds ?? 0) * 1000
  );
}

function endOf(event: Component, start: EventTime | null, zones: readonly Component[]): EventTime | null {
  const end = timeOf(property(event, 'DTEND'), zones);
  const duration = durationOf(property(event, 'DURATION')?.value.trim() ?? '');
  const after = end ?? (start && duration ? { ...start, at: start.at + duration } : null);
  // The end of days is the day after.
  if (after?.kind === 'day') return { ...after, at: Math.max(start?.at ?? after.at, after.at - DAY) };
  return after;
}

function personOf({ value, parameters }: Property): Person {
  const address = value.trim().replace(/^mailto:/i, '');
  return { name: parameters.CN || null, address, status: parameters.PARTSTAT?.toUpperCase() ?? null };
}

function eventOf(event: Component, zones: readonly Component[]): CalendarEvent {
  const text = (name: string) => textValue(property(event, name)?.value ?? '');
  const start = timeOf(property(event, 'DTSTART'), zones);
  const organiser = property(event, 'ORGANIZER');
  return {
    title: text('SUMMARY'),
    start,
    end: endOf(event, start, zones),
    location: text('LOCATION'),
    description: text('DESCRIPTION'),
    organiser: organiser && personOf(organiser),
    attendees: event.properties
      .filter(({ name }) => name === 'ATTENDEE')
      .slice(0, MOST_PEOPLE)
      .map(personOf),
    cancelled: text('STATUS').toUpperCase() === 'CANCELLED',
    repeats: /FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)/i.exec(text('RRULE'))?.[1]?.toUpperCase() ?? null,
  };
}

/**
 * Reads a calendar that came by mail (RFC 5545, RFC 5546); pure.
 * @returns null for what is no calendar or has no event
 */
export function parseCalendar(text: string): Calendar | null {
  const calendar = readComponents(text).components.find(({ name }) => name === 'VCALENDAR');
  const events = calendar?.components.filter(({ name }) => name === 'VEVENT') ?? [];
  if (!calendar || !events.length) return null;
  const zones = calendar.components.filter(({ name }) => name === 'VTIMEZONE');
  const method = property(calendar, 'METHOD')?.value.trim().toUpperCase() || 'PUBLISH';
  return { method, events: events.slice(0, MOST_EVENTS).map(event => eventOf(event, zones)) };
}
