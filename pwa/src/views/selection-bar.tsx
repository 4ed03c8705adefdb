import { Archive, FolderInput, Inbox, ListChecks, Mail, MailOpen, Star, Trash2, X } from 'lucide';
import type { Entry } from '../mailbox/entries.ts';
import { digits } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import type { Role } from './act.ts';
import { askToDestroy, askToMove } from './asking.tsx';
import { emailsIn, moveEntries, toggleStars, toggleUnread } from './entry-actions.ts';
import { Icon } from './icon.tsx';
import type { Selection } from './selection.ts';

interface Props {
  selection: Selection;
  /** role of the mailbox that is shown; null for a list of all inboxes */
  role: string | null;
  loaded: () => Entry[];
}

/** What can be done to the selected messages; stands where the title of the list was. */
export function SelectionBar({ selection, role, loaded }: Props) {
  const entries = selection.entries();
  const aside = role === 'trash' || role === 'junk';
  const unread = entries.some(entry => entry.unread);
  const unstarred = entries.some(entry => !entry.starred);
  const move = async (to: Role) => {
    if (await moveEntries(entries, to)) selection.clear();
  };
  const ask = async (question: typeof askToMove) => question(await emailsIn(entries), selection.clear);
  const button = (name: string, icon: typeof Star, onClick: () => void) => (
    <button type="button" class="button-icon" aria-label={name} title={name} onClick={onClick}>
      <Icon node={icon} />
    </button>
  );
  const { selecting } = words;
  return (
    <header class="bar selection-bar">
      {button(selecting.none, X, selection.clear)}
      <div class="bar-title">
        <p class="selection-count" role="status">
          <span aria-hidden="true">{digits(selection.size)}</span>
          <span class="visually-hidden">{selecting.count(selection.size)}</span>
        </p>
      </div>
      <div class="selection-actions" role="toolbar" aria-label={selecting.actions}>
        {button(selecting.all, ListChecks, () => selection.set(loaded()))}
        {aside && button(words.reader.inbox, Inbox, () => void move('inbox'))}
        {!aside && role !== 'archive' && button(words.reader.archive, Archive, () => void move('archive'))}
        {role === 'trash'
          ? button(words.acting.destroy, Trash2, () => void ask(askToDestroy))
          : button(words.reader.trash, Trash2, () => void move('trash'))}
        {button(
          unread ? words.reader.markRead : words.reader.markUnread,
          unread ? MailOpen : Mail,
          () => void toggleUnread(entries),
        )}
        {button(unstarred ? words.reader.star : words.reader.unstar, Star, () => void toggleStars(entries))}
        {button(words.acting.moveTo, FolderInput, () => void ask(askToMove))}
      </div>
    </header>
  );
}
