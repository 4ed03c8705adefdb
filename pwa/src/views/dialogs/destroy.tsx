import type { MailAccount } from '../../../../functions/jmap/types.ts';
import type { StoredEmail } from '../../mailbox/db.ts';
import { words } from '../../words/words.ts';
import { destroyForGood } from '../act.ts';
import { Dialog } from '../dialog.tsx';
import { useLive } from '../use.ts';

interface Props {
  emails: readonly StoredEmail[];
  onDone: () => void;
  onClose: () => void;
}

/** What deleting for good means at the server of these accounts. */
function consequence(accounts: readonly (MailAccount | undefined)[]): string {
  const kept = accounts.map(one => one?.protocol === 'pop' && one.deletionPolicy === 'keep');
  if (accounts.every(account => account?.protocol === 'archive')) return words.acting.destroyHere;
  if (kept.every(Boolean)) return words.acting.destroyKept;
  return kept.some(Boolean) ? words.acting.destroyMixed : words.acting.destroyEverywhere;
}

/** Asks before messages are deleted for good. */
export function DestroyDialog({ emails, onDone, onClose }: Props) {
  const ids = [...new Set(emails.map(email => email.accountId))];
  const accounts = useLive(['accounts'], ids.join(), db =>
    Promise.all(ids.map(id => db.get('accounts', id))),
  );
  const title = words.acting.destroyTitle(emails.length);
  const destroy = async () => {
    onClose();
    if (await destroyForGood(emails)) onDone();
  };
  return (
    <Dialog label={title} onClose={onClose}>
      <h2>{title}</h2>
      <p>{accounts ? consequence(accounts) : ''}</p>
      <p>{words.acting.destroyText}</p>
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.acting.cancel}
        </button>
        <button type="button" class="button button-danger" onClick={() => void destroy()}>
          {words.acting.destroy}
        </button>
      </div>
    </Dialog>
  );
}
