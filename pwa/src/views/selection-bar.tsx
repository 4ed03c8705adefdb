import { FolderInput, ListChecks, Mail, MailOpen, Star, X } from 'lucide';
import type { Entry } from '../mailbox/entries.ts';
import { digits } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { askToMove } from './asking.tsx';
import { emailsIn, toggleStars, toggleUnread } from './entry-actions.ts';
import { IconButton } from './icon-button.tsx';
import { MoveButtons } from './move-buttons.tsx';
import type { Selection } from './selection.ts';

interface Props {
  selection: Selection;
  loaded: () => Entry[];
}

/** What can be done to the selected messages; stands where the title of the list was. */
export function SelectionBar({ selection, loaded }: Props) {
  const entries = selection.entries();
  const unread = entries.some(entry => entry.unread);
  const unstarred = entries.some(entry => !entry.starred);
  const { selecting, reader, acting } = words;
  return (
    <header class="bar selection-bar">
      <IconButton name={selecting.none} icon={X} onClick={selection.clear} />
      <div class="bar-title">
        <p class="selection-count" role="status">
          <span aria-hidden="true">{digits(selection.size)}</span>
          <span class="visually-hidden">{selecting.count(selection.size)}</span>
        </p>
      </div>
      <div class="selection-actions" role="toolbar" aria-label={selecting.actions}>
        <IconButton name={selecting.all} icon={ListChecks} onClick={() => selection.set(loaded())} />
        <MoveButtons
          about={entries.map(entry => entry.email)}
          all={() => emailsIn(entries)}
          names={{ ...reader, destroy: acting.destroy }}
          onDone={selection.clear}
        />
        <IconButton
          name={unread ? reader.markRead : reader.markUnread}
          icon={unread ? MailOpen : Mail}
          onClick={() => void toggleUnread(entries)}
        />
        <IconButton
          name={unstarred ? reader.star : reader.unstar}
          icon={Star}
          onClick={() => void toggleStars(entries)}
        />
        <IconButton
          name={acting.moveTo}
          icon={FolderInput}
          onClick={async () => askToMove(await emailsIn(entries), selection.clear)}
        />
      </div>
    </header>
  );
}
