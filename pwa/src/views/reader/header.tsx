import type { EmailAddress } from '../../../../functions/jmap/types.ts';
import type { StoredBody, StoredEmail } from '../../mailbox/db.ts';
import { longDate, shortDate } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { Avatar, senderName } from '../avatar.tsx';
import { AuthenticationDetails, AuthenticationMark, useAuthentication } from './authentication-mark.tsx';

function People({ label, people }: { label: string; people: readonly EmailAddress[] }) {
  if (!people.length) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {people.map((person, position) => (
          <span class="person" key={position} dir="auto">
            {person.name && <b>{person.name}</b>} <bdi>{person.email}</bdi>
          </span>
        ))}
      </dd>
    </div>
  );
}

interface Props {
  email: StoredEmail;
  body: StoredBody | null;
  /** one of several in a conversation: its sender is the heading, below the subject of all of them */
  part?: boolean;
}

/** Subject, sender and date of a message, with all addresses folded below. */
export function Header({ email, body, part = false }: Props) {
  const sender = email.from[0] ?? null;
  const authentication = useAuthentication(email, body);
  const everyone = [...email.to, ...(body?.cc ?? [])];
  const date = body?.sentAt ?? email.receivedAt;
  const Name = part ? 'h2' : 'b';
  return (
    <header class="reader-header">
      {!part && (
        <h1 class="reader-subject" dir="auto" tabIndex={-1}>
          {email.subject || words.list.noSubject}
        </h1>
      )}
      <div class="reader-sender">
        <Avatar address={sender} />
        <div class="reader-names">
          <div class="reader-from">
            <Name dir="auto">{sender ? senderName(sender) : words.list.noSender}</Name>
            {sender?.name && <bdi class="reader-address">{sender.email}</bdi>}
            <AuthenticationMark known={authentication} />
          </div>
          <details class="reader-details">
            <summary>
              <span class="reader-to" dir="auto">
                {everyone.length
                  ? words.reader.toShort(everyone.map(senderName).join(', '))
                  : words.reader.details}
              </span>
            </summary>
            <dl>
              <People label={words.reader.from} people={email.from} />
              <People label={words.reader.replyTo} people={body?.replyTo ?? []} />
              <People label={words.reader.to} people={email.to} />
              <People label={words.reader.cc} people={body?.cc ?? []} />
              <People label={words.reader.bcc} people={body?.bcc ?? []} />
              <div>
                <dt>{words.reader.date}</dt>
                <dd>{longDate(date)}</dd>
              </div>
              {body && <AuthenticationDetails known={authentication} />}
            </dl>
          </details>
        </div>
        <time class="reader-date" dateTime={date} title={longDate(date)}>
          {shortDate(date)}
        </time>
      </div>
    </header>
  );
}
