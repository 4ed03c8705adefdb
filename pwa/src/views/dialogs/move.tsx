import { FolderPlus } from 'lucide';
import { useState } from 'preact/hooks';
import { mailbox as database, type StoredEmail, type StoredMailbox } from '../../mailbox/db.ts';
import { createMailbox } from '../../mailbox/mailbox-set.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { call } from '../../mailbox/server.ts';
import { words } from '../../words/words.ts';
import { moveToMailbox, moveToRole, type Role } from '../act.ts';
import { Dialog } from '../dialog.tsx';
import { Icon } from '../icon.tsx';
import { mailboxIcon, pathsOf } from '../mailboxes.tsx';
import { useLive } from '../use.ts';
import { whyNotChanged } from './why.ts';

interface Props {
  emails: readonly StoredEmail[];
  onDone: () => void;
  onClose: () => void;
}

/** Asks to which mailbox messages should move; a mailbox that is missing can be made. */
export function MoveDialog({ emails, onDone, onClose }: Props) {
  const ids = new Set(emails.map(email => email.accountId));
  const [accountId = ''] = ids;
  const title = words.acting.moveTitle(emails.length);
  return (
    <Dialog label={title} onClose={onClose}>
      <h2>{title}</h2>
      {ids.size === 1 ? (
        <Targets accountId={accountId} emails={emails} onDone={onDone} onClose={onClose} />
      ) : (
        <Roles emails={emails} onDone={onDone} onClose={onClose} />
      )}
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.acting.cancel}
        </button>
      </div>
    </Dialog>
  );
}

/** Messages of several accounts go, each in its own account, to what every account has. */
function Roles({ emails, onDone, onClose }: Props) {
  const move = async (role: Role) => {
    onClose();
    if (await moveToRole(emails, role)) onDone();
  };
  return (
    <>
      <p>{words.acting.severalAccounts}</p>
      <ul class="targets">
        {(['inbox', 'archive', 'trash'] as const).map(role => (
          <li key={role}>
            <button type="button" class="target" onClick={() => void move(role)}>
              <Icon node={mailboxIcon(role)} />
              {words.roles[role]}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Targets({ accountId, emails, onDone, onClose }: Props & { accountId: string }) {
  const [filter, setFilter] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const all = useLive(['mailboxes'], accountId, db => db.getAllFromIndex('mailboxes', 'account', accountId));
  const wanted = filter.trim().toLocaleLowerCase();
  const isUseful = ({ id, myRights }: StoredMailbox) =>
    myRights.mayAddItems &&
    emails.some(email => !email.mailboxIds[id] || Object.keys(email.mailboxIds).length > 1);
  const targets = pathsOf(all ?? []).filter(
    ({ mailbox, path }) => isUseful(mailbox) && path.toLocaleLowerCase().includes(wanted),
  );
  const move = async (target: StoredMailbox, name: string) => {
    onClose();
    if (await moveToMailbox(emails, target, name)) onDone();
  };
  const create = async () => {
    setBusy(true);
    try {
      const made = await createMailbox(await database(), call, accountId, filter.trim());
      await move(made, made.name);
      void lookNow();
    } catch (error) {
      setProblem(whyNotChanged(error));
      setBusy(false);
    }
  };
  const known = pathsOf(all ?? []).some(({ path }) => path.toLocaleLowerCase() === wanted);
  return (
    <form
      class="targets-form"
      onSubmit={event => {
        event.preventDefault();
        const [first] = targets;
        if (first && wanted) void move(first.mailbox, first.path);
      }}
    >
      <input
        class="targets-filter"
        type="search"
        dir="auto"
        aria-label={words.acting.filter}
        placeholder={words.acting.filter}
        autocomplete="off"
        value={filter}
        onInput={event => setFilter(event.currentTarget.value)}
      />
      <ul class="targets" aria-label={words.nav.mailboxes}>
        {targets.map(({ mailbox, path }) => (
          <li key={mailbox.id}>
            <button type="button" class="target" onClick={() => void move(mailbox, path)}>
              <Icon node={mailboxIcon(mailbox.role)} />
              <span dir="auto">{path}</span>
            </button>
          </li>
        ))}
        {wanted && !known && (
          <li>
            <button type="button" class="target" disabled={busy} onClick={() => void create()}>
              <Icon node={FolderPlus} />
              <span dir="auto">{words.acting.createNamed(filter.trim())}</span>
            </button>
          </li>
        )}
      </ul>
      {!wanted && <p class="card-note">{words.acting.createHint}</p>}
      {problem && (
        <p class="note note-warning" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
