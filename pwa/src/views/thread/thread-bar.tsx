import { ArrowLeft, FolderInput, Mail } from 'lucide';
import { useLocation } from 'preact-iso/router';
import { setRead } from '../../mailbox/actions.ts';
import type { StoredEmail } from '../../mailbox/db.ts';
import { type ListName, prefixOf } from '../../mailbox/lists.ts';
import { listPath } from '../../routes.ts';
import { words } from '../../words/words.ts';
import { askToMove } from '../asking.tsx';
import { Icon } from '../icon.tsx';
import { IconButton } from '../icon-button.tsx';
import { MoveButtons } from '../move-buttons.tsx';
import { KeepOffline } from '../offline/keep-offline.tsx';

/** What can be done to all messages of a conversation that are in this list. */
export function ThreadBar({ list, emails }: { list: ListName; emails: StoredEmail[] }) {
  const { route } = useLocation();
  const prefix = `${prefixOf(list)} `;
  const within = emails.filter(email => email.lists.some(key => key.startsWith(prefix)));
  const own = within.length ? within : emails;
  const head = emails.at(-1);
  const { back } = words.reader;
  const toList = () => route(listPath(list), true);
  const markUnread = async () => {
    const newest = own.at(-1);
    toList();
    if (newest) await setRead(newest, false);
  };
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
      <span class="bar-space" />
      {head && <KeepOffline target={{ accountId: head.accountId, threadId: head.threadId }} look="icon" />}
      <MoveButtons about={own} names={words.thread} onDone={toList} />
      <IconButton name={words.thread.move} icon={FolderInput} onClick={() => askToMove(own, toList)} />
      <IconButton name={words.thread.markUnread} icon={Mail} onClick={() => void markUnread()} />
    </div>
  );
}
