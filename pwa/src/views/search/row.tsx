import { Paperclip, Star } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { mailbox, type StoredEmail } from '../../mailbox/db.ts';
import { marked, type Needle, needleFor, type Piece, snippetOf } from '../../search/marks.ts';
import type { Query } from '../../search/query.ts';
import { textOfBody } from '../../search/text.ts';
import { longDate, shortDate } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { toggleStar } from '../act.ts';
import { Avatar, senderName } from '../avatar.tsx';
import { Icon } from '../icon.tsx';

/** What to mark in the parts of a row. */
export interface Needles {
  any: Needle;
  from: Needle;
  subject: Needle;
}

export function needlesOf(query: Query): Needles {
  const needle = (field: 'any' | 'from' | 'subject') => needleFor(query, field);
  return { any: needle('any'), from: needle('from'), subject: needle('subject') };
}

function Marked({ pieces }: { pieces: readonly Piece[] }) {
  return <>{pieces.map(({ text, hit }, position) => (hit ? <mark key={position}>{text}</mark> : text))}</>;
}

/** The place in the text of a message where it says what was searched for: its own text where that is here. */
function useSnippet(email: StoredEmail, needle: Needle, known: readonly Piece[] | null): readonly Piece[] {
  const [snippet, setSnippet] = useState<readonly Piece[] | null>(null);
  const pattern = needle?.source ?? '';
  useEffect(() => {
    let stopped = false;
    if (!needle) {
      setSnippet(null);
      return;
    }
    const read = async () => {
      const body = await (await mailbox()).get('bodies', [email.accountId, email.id]);
      if (!stopped) setSnippet(body ? snippetOf(textOfBody(body), needle) : null);
    };
    read().catch(() => {});
    return () => {
      stopped = true;
    };
  }, [email.accountId, email.id, pattern]);
  return snippet ?? known ?? marked(email.preview, needle);
}

interface Props {
  email: StoredEmail;
  /** What the server shows of it. */
  snippet: readonly Piece[] | null;
  needles: Needles;
  href: string;
  open: boolean;
}

/** One result: a message like in any list, with what was searched for marked in it. */
export function ResultRow({ email, snippet, needles, href, open }: Props) {
  const unread = !email.keywords.$seen;
  const starred = email.keywords.$flagged === true;
  const subject = email.subject || words.list.noSubject;
  const sender = email.from.map(senderName).join(', ') || words.list.noSender;
  const text = useSnippet(email, needles.any, snippet);
  return (
    <div class={`row result${unread ? ' row-unread' : ''}${open ? ' row-open' : ''}`}>
      <Avatar address={email.from[0] ?? null} />
      <a class="row-link" href={href} aria-current={open ? 'true' : undefined}>
        <span class="row-top">
          {unread && <span class="visually-hidden">{words.list.unread}: </span>}
          <span class="row-sender" dir="auto">
            <Marked pieces={marked(sender, needles.from)} />
          </span>
          {email.hasAttachment && (
            <span class="row-clip" title={words.list.attachment}>
              <Icon node={Paperclip} />
              <span class="visually-hidden">{words.list.attachment}</span>
            </span>
          )}
          <time class="row-date" dateTime={email.receivedAt} title={longDate(email.receivedAt)}>
            {shortDate(email.receivedAt)}
          </time>
        </span>
        <span class="row-subject" dir="auto">
          <Marked pieces={marked(subject, needles.subject)} />
        </span>
        <span class="row-preview result-text" dir="auto">
          <Marked pieces={text} />
        </span>
      </a>
      <label class={`row-star${starred ? ' row-starred' : ''}`}>
        <input
          type="checkbox"
          checked={starred}
          aria-label={words.list.starred(subject)}
          onChange={() => toggleStar(email)}
        />
        <Icon node={Star} filled={starred} />
      </label>
    </div>
  );
}
