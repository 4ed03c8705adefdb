import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { MailAccount } from '../../../../functions/jmap/types.ts';
import { pullAccounts, removeAccount } from '../../mailbox/accounts.ts';
import { mailbox } from '../../mailbox/db.ts';
import { call, renewSession } from '../../mailbox/server.ts';
import { words } from '../../words/words.ts';
import { Dialog } from '../dialog.tsx';
import { notify } from '../toast.tsx';
import { useLive } from '../use.ts';
import { Problem, useAction } from './problem.tsx';

/** Says what goes with an account, and removes it. Mail that is nowhere else has to be given up expressly. */
export function RemoveDialog({ account, onClose }: { account: MailAccount; onClose: () => void }) {
  const { route } = useLocation();
  const action = useAction();
  const [understood, setUnderstood] = useState(false);
  const pending =
    useLive(['outbox'], `pending ${account.id}`, db => db.countFromIndex('outbox', 'account', account.id)) ??
    0;
  const { status, receipts, protocol, name } = account;
  const isArchive = protocol === 'archive';
  const losesMail = (isArchive && status.stored > 0) || receipts.count > 0;
  const remove = async () => {
    await removeAccount(call, account.id);
    await pullAccounts(await mailbox(), call);
    // It names the accounts; the next start reads it again in any case.
    await renewSession().catch(() => {});
    notify(words.removal.removed(name));
    route('/accounts', true);
  };
  return (
    <Dialog label={words.removal.title(name)} onClose={onClose}>
      <h2>{words.removal.title(name)}</h2>
      <p>{words.removal.here(status.stored)}</p>
      {!isArchive && <p>{words.removal.source}</p>}
      {losesMail && (
        <div class="note note-warning">
          <p>{isArchive ? words.removal.archive : words.removal.onlyHere(receipts.count)}</p>
          <a href={`/accounts/${account.id}/files`}>{words.removal.export}</a>
        </div>
      )}
      {pending > 0 && <p class="note note-warning">{words.removal.pending(pending)}</p>}
      {losesMail && (
        <label class="check">
          <input
            type="checkbox"
            checked={understood}
            onChange={event => setUnderstood(event.currentTarget.checked)}
          />
          {words.removal.understood}
        </label>
      )}
      <Problem text={action.problem} />
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.accounts.cancel}
        </button>
        <button
          type="button"
          class="button button-danger"
          disabled={action.busy || (losesMail && !understood)}
          onClick={() => void action.run(remove)}
        >
          {action.busy ? words.removal.removing : words.removal.confirm}
        </button>
      </div>
    </Dialog>
  );
}
