import { CalendarDays } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { EmailBodyPart, Id } from '../../../../functions/jmap/types.ts';
import { eventTime, eventTimeIn } from '../../words/event-time.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { type Calendar, type CalendarEvent, type Person, parseCalendar } from './calendar.ts';
import { decodeText, openPart } from './part-text.ts';

/** Larger calendars are no invitations; in octets. */
const LARGEST = 1_000_000;
/** People of an event that are named; the others are counted. */
const NAMED = 12;

const nameOf = ({ name, address }: Person) => name || address;

function headingOf({ method }: Calendar, event: CalendarEvent): string {
  const { calendar } = words.reader;
  const [only] = event.attendees;
  if (method === 'CANCEL' || event.cancelled) return calendar.cancelled;
  if (method === 'REPLY' && only) {
    return (calendar.replies[only.status ?? ''] ?? calendar.replied)(nameOf(only));
  }
  return calendar.methods[method] ?? calendar.event;
}

function When({ event: { start, end } }: { event: CalendarEvent }) {
  const { calendar } = words.reader;
  if (!start) return null;
  const there =
    start.kind === 'fixed' && start.zone ? eventTimeIn(start.zone, start.at, end?.at ?? null) : null;
  return (
    <div>
      <dt>{calendar.when}</dt>
      <dd>
        {eventTime(start.kind, start.at, end?.at ?? null)}
        {there && <span class="event-there">{calendar.there(there)}</span>}
        {start.kind === 'floating' && start.zone && (
          <span class="event-there">{calendar.zone(start.zone)}</span>
        )}
      </dd>
    </div>
  );
}

function Row({ name, text }: { name: string; text: string }) {
  if (!text) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{text}</dd>
    </div>
  );
}

function People({ people }: { people: readonly Person[] }) {
  const { calendar } = words.reader;
  if (!people.length) return null;
  return (
    <div>
      <dt>{calendar.people}</dt>
      <dd>
        {people.slice(0, NAMED).map((person, position) => (
          <span class="person" key={position} dir="auto">
            {nameOf(person)} {calendar.statuses[person.status ?? ''] ?? ''}
          </span>
        ))}
        {people.length > NAMED && calendar.more(people.length - NAMED)}
      </dd>
    </div>
  );
}

function Event({ calendar, event }: { calendar: Calendar; event: CalendarEvent }) {
  const own = words.reader.calendar;
  return (
    <section class="event" aria-label={headingOf(calendar, event)}>
      <p class="event-kind">
        <Icon node={CalendarDays} />
        {headingOf(calendar, event)}
      </p>
      <h2 dir="auto">{event.title || own.untitled}</h2>
      <dl>
        <When event={event} />
        <Row name={own.repeats} text={event.repeats ? (own.frequencies[event.repeats] ?? '') : ''} />
        <Row name={own.where} text={event.location} />
        <Row name={own.organiser} text={event.organiser ? nameOf(event.organiser) : ''} />
        <People people={event.attendees} />
        <Row name={own.description} text={event.description} />
      </dl>
    </section>
  );
}

/** The events of a calendar that came with a message. Nothing where it cannot be read: it is an attachment as well. */
export function Invitation({ email, part }: { email: { accountId: Id; id: Id }; part: EmailBodyPart }) {
  const [calendar, setCalendar] = useState<Calendar | null>(null);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    let stopped = false;
    const load = async () => {
      if (part.size > LARGEST) return;
      const text = await decodeText(await openPart(email, part), part.charset);
      if (!stopped) setCalendar(parseCalendar(text));
    };
    load().catch(() => !stopped && setMissing(true));
    return () => {
      stopped = true;
    };
  }, [email.accountId, email.id, part.blobId]);
  if (missing) return <p class="note">{words.reader.calendar.missing}</p>;
  return calendar?.events.map((event, position) => (
    <Event key={position} calendar={calendar} event={event} />
  ));
}
