import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Id } from '../../../../functions/jmap/types.ts';
import { mailboxWithRole } from '../../mailbox/actions.ts';
import { mailbox as database, type StoredMailbox } from '../../mailbox/db.ts';
import { countList } from '../../mailbox/lists.ts';
import { createMailbox, deleteMailbox, renameMailbox } from '../../mailbox/mailbox-set.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { call } from '../../mailbox/server.ts';
import { listPath } from '../../routes.ts';
import { words } from '../../words/words.ts';
import { Dialog } from '../dialog.tsx';
import { Field } from '../field.tsx';
import { KeepOffline } from '../offline/keep-offline.tsx';
import { useLive } from '../use.ts';
import { whyNotChanged } from './why.ts';

interface Props {
  accountId: Id;
  /** null: a new one is made */
  mailbox: StoredMailbox | null;
  onClose: () => void;
}

/** Runs a change at the server, says why it failed, and closes the dialog when it did not. */
function useChange(onClose: () => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const change = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    try {
      await work();
      onClose();
      void lookNow();
    } catch (error) {
      setBusy(false);
      setProblem(whyNotChanged(error));
    }
  };
  return { busy, problem, change };
}

/** A new mailbox, or what can be changed about one. */
export function MailboxDialog(props: Props) {
  const { mailbox } = props;
  const title = mailbox ? words.mailboxes.title(mailbox.name) : words.mailboxes.newTitle;
  return (
    <Dialog label={title} onClose={props.onClose}>
      <h2 dir="auto">{title}</h2>
      {mailbox ? <Change {...props} mailbox={mailbox} /> : <Create {...props} />}
    </Dialog>
  );
}

function Problem({ text }: { text: string }) {
  return text ? (
    <p class="note note-warning" role="alert">
      {text}
    </p>
  ) : null;
}

function Create({ accountId, onClose, parentId = null }: Props & { parentId?: Id | null }) {
  const [name, setName] = useState('');
  const { route } = useLocation();
  const { busy, problem, change } = useChange(onClose);
  const create = async () => {
    const made = await createMailbox(await database(), call, accountId, name.trim(), parentId);
    route(listPath({ accountId, mailboxId: made.id }));
  };
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault();
        void change(create);
      }}
    >
      <Field label={words.mailboxes.name} value={name} onValue={setName} hint={words.mailboxes.atServer} />
      <Problem text={problem} />
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.acting.cancel}
        </button>
        <button type="submit" class="button button-primary" disabled={busy || !name.trim()}>
          {words.mailboxes.create}
        </button>
      </div>
    </form>
  );
}

/** What can be changed about a mailbox: one that a role names stays what it is. */
function rightsOf({ role, myRights }: StoredMailbox) {
  return role === null ? myRights : { mayRename: false, mayDelete: false, mayCreateChild: false };
}

function Change({ accountId, mailbox, onClose }: Props & { mailbox: StoredMailbox }) {
  const [name, setName] = useState(mailbox.name);
  const [step, setStep] = useState<'rename' | 'create' | 'delete'>('rename');
  const { busy, problem, change } = useChange(onClose);
  const { mayRename, mayDelete, mayCreateChild } = rightsOf(mailbox);
  const props = { accountId, mailbox, onClose };
  if (step === 'create') return <Create {...props} mailbox={null} parentId={mailbox.id} />;
  if (step === 'delete') return <Delete {...props} />;
  const rename = async () => renameMailbox(await database(), call, mailbox, name.trim());
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault();
        void change(rename);
      }}
    >
      <KeepOffline target={{ accountId, mailboxId: mailbox.id }} />
      {mayRename && (
        <Field label={words.mailboxes.name} value={name} onValue={setName} hint={words.mailboxes.atServer} />
      )}
      <Problem text={problem} />
      {(mayCreateChild || mayDelete) && (
        <div class="buttons">
          {mayCreateChild && (
            <button type="button" class="button" onClick={() => setStep('create')}>
              {words.mailboxes.createInside}
            </button>
          )}
          {mayDelete && (
            <button type="button" class="button button-danger" onClick={() => setStep('delete')}>
              {words.mailboxes.delete}
            </button>
          )}
        </div>
      )}
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {mayRename ? words.acting.cancel : words.nav.close}
        </button>
        {mayRename && (
          <button type="submit" class="button button-primary" disabled={busy || !name.trim()}>
            {words.mailboxes.rename}
          </button>
        )}
      </div>
    </form>
  );
}

function Delete({ accountId, mailbox, onClose }: Props & { mailbox: StoredMailbox }) {
  const { route, path } = useLocation();
  const { busy, problem, change } = useChange(onClose);
  const list = { accountId, mailboxId: mailbox.id };
  const known = useLive(['emails', 'mailboxes'], mailbox.id, async db => ({
    count: await countList(db, list),
    trash: await mailboxWithRole(db, accountId, 'trash'),
  }));
  if (!known) return null;
  const stuck = known.count > 0 && !known.trash;
  const remove = async () => {
    await deleteMailbox(await database(), call, mailbox, known.trash?.id ?? null);
    if (path.startsWith(listPath(list))) route('/inbox', true);
  };
  return (
    <>
      <p>
        {stuck
          ? words.mailboxes.noTrash
          : known.count
            ? words.mailboxes.deleteFull(known.count)
            : words.mailboxes.deleteEmpty}
      </p>
      <Problem text={problem} />
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.acting.cancel}
        </button>
        {!stuck && (
          <button
            type="button"
            class="button button-danger"
            disabled={busy}
            onClick={() => void change(remove)}
          >
            {words.mailboxes.delete}
          </button>
        )}
      </div>
    </>
  );
}
