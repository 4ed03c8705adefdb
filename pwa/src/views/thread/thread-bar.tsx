import { Archive, ArrowLeft, FolderInput, Mail, Trash2 } from 'lucide';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { setRead } from '../../mailbox/actions.ts';
import type { Database, StoredEmail } from '../../mailbox/db.ts';
import { type ListName, prefixOf } from '../../mailbox/lists.ts';
import { listPath } from '../../routes.ts';
import { words } from '../../words/words.ts';
import { moveToRole, type Role } from '../act.ts';
import { askToMove } from '../asking.tsx';
import { Icon } from '../icon.tsx';
import { useLive } from '../use.ts';

/** The roles to which the messages of a conversation can be moved from the list where it is read. */
async function rolesFor(db: Database, emails: readonly StoredEmail[]): Promise<string[]> {
  const accountId = emails[0]?.accountId ?? '';
  const mailboxes = await db.getAllFromIndex('mailboxes', 'account', accountId);
  return mailboxes
    .filter(({ id }) => emails.some(email => !email.mailboxIds[id]))
    .flatMap(({ role }) => role ?? []);
}

/** The subject of a conversation, and what can be done to all its messages in this list. */
export function ThreadBar({ list, emails }: { list: ListName; emails: StoredEmail[] }) {
  const { route } = useLocation();
  const prefix = `${prefixOf(list)} `;
  const within = emails.filter(email => email.lists.some(key => key.startsWith(prefix)));
  const own = within.length ? within : emails;
  const roles = useLive(['mailboxes', 'emails'], own.map(email => email.id).join(), db => rolesFor(db, own));
  const subject = emails.at(-1)?.subject || words.list.noSubject;
  const { back } = words.reader;
  const toList = () => route(listPath(list), true);
  const move = async (role: Role) => {
    if (await moveToRole(own, role)) toList();
  };
  const markUnread = async () => {
    const newest = own.at(-1);
    toList();
    if (newest) await setRead(newest, false);
  };
  useEffect(() => {
    document.title = `${subject} · ${words.app}`;
  }, [subject]);
  const button = (name: string, icon: typeof Mail, onClick: () => void) => (
    <button type="button" class="button-icon" aria-label={name} title={name} onClick={onClick}>
      <Icon node={icon} />
    </button>
  );
  return (
    <div class="bar thread-bar">
      <a
        class="button-icon narrow-only"
        href={listPath(list)}
        aria-label={back}
        title={back}
        onClick={event => {
          // In place of the message: the phone's own way back must not open it again.
          event.preventDefault();
          toList();
        }}
      >
        <Icon node={ArrowLeft} pointing />
      </a>
      <div class="bar-title">
        <h1 id="thread-subject" dir="auto">
          {subject}
        </h1>
        <p class="bar-note">{words.thread.messages(emails.length)}</p>
      </div>
      {roles?.includes('archive') && button(words.thread.archive, Archive, () => void move('archive'))}
      {roles?.includes('trash') && button(words.thread.trash, Trash2, () => void move('trash'))}
      {button(words.thread.move, FolderInput, () => askToMove(own, toList))}
      {button(words.thread.markUnread, Mail, () => void markUnread())}
    </div>
  );
}
