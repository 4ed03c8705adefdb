import { FileText } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Id, MailAccount } from '../../../../functions/jmap/types.ts';
import { MethodRefused, RequestRefused } from '../../jmap/errors.ts';
import { mailboxWithRole } from '../../mailbox/actions.ts';
import { readStatus } from '../../mailbox/cycle.ts';
import { mailbox, type StoredBody, type StoredEmail } from '../../mailbox/db.ts';
import { pullChanges } from '../../mailbox/feed.ts';
import { accountLock, exclusively } from '../../mailbox/locks.ts';
import { pictureSenders } from '../../mailbox/picture-senders.ts';
import { call, knownSession } from '../../mailbox/server.ts';
import { forgetShared, readShared, type SharedFile } from '../../mailbox/shared-file.ts';
import { importShared, parseShared } from '../../mailbox/shared-message.ts';
import { uploadFile } from '../../mailbox/transfer-files.ts';
import { messagePath } from '../../routes.ts';
import { bearerToken } from '../../session/tokens.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { byName } from '../mailboxes.tsx';
import { Page } from '../page.tsx';
import { Body } from '../reader/body.tsx';
import { Header } from '../reader/header.tsx';
import { useLive } from '../use.ts';

type State = 'opening' | 'waiting' | 'unreadable' | { email: StoredEmail; body: StoredBody };

async function upload(accountId: Id, file: SharedFile): Promise<Id> {
  const where = { session: await knownSession(), token: bearerToken, call, accountId };
  return uploadFile(where, file.blob, () => {}, new AbortController().signal);
}

/** Reads a shared file at the server, and again whenever that can be reached; says how far it is. */
function useMessage(file: SharedFile | null, accountId: Id | undefined, reachable: boolean): State {
  const [state, setState] = useState<State>('opening');
  useEffect(() => {
    if (!file || !accountId || typeof state === 'object') return;
    let stopped = false;
    const open = async (): Promise<State> => {
      const message = await parseShared(call, accountId, await upload(accountId, file));
      return message ?? 'unreadable';
    };
    const isAnswer = (error: unknown) => error instanceof MethodRefused || error instanceof RequestRefused;
    open()
      .catch((error: unknown): State => (isAnswer(error) ? 'unreadable' : 'waiting'))
      .then(next => !stopped && setState(next));
    return () => {
      stopped = true;
    };
  }, [file, accountId, reachable]);
  return state;
}

/** A message that was shared with the app as a file, and the offer to put it into an account. */
export function Shared({ onMenu }: { onMenu: () => void }) {
  const { query } = useLocation();
  const [file, setFile] = useState<SharedFile | null | undefined>(undefined);
  const accounts = useLive(['accounts'], 'shared-accounts', async db => byName(await db.getAll('accounts')));
  const reachable = useLive(['status'], 'shared-status', async () => (await readStatus()).reachable) ?? true;
  const allowed = useLive(['settings'], 'shared-picture-senders', pictureSenders) ?? [];
  useEffect(() => void readShared().then(setFile), [query.again]);
  const state = useMessage(file ?? null, accounts?.[0]?.id, reachable);
  const { title, none, noneText } = words.shared;
  return (
    <Page title={file?.name || title} onMenu={onMenu}>
      {file === null && (
        <div class="empty">
          <Icon node={FileText} />
          <h2>{none}</h2>
          <p>{noneText}</p>
        </div>
      )}
      {file && accounts && (
        <>
          {typeof state === 'string' && <p role="status">{words.shared.states[state]}</p>}
          <Put
            file={file}
            accounts={accounts}
            ready={typeof state === 'object'}
            onGone={() => setFile(null)}
          />
          {typeof state === 'object' && (
            <article class="card" aria-label={state.email.subject || words.list.noSubject}>
              <p class="note">{words.shared.unchecked}</p>
              <Header email={state.email} body={state.body} />
              <Body {...state} pictureSenders={allowed} onShown={() => {}} />
            </article>
          )}
        </>
      )}
    </Page>
  );
}

interface PutProps {
  file: SharedFile;
  accounts: MailAccount[];
  ready: boolean;
  onGone: () => void;
}

function Put({ file, accounts, ready, onGone }: PutProps) {
  const { route } = useLocation();
  const [chosen, setChosen] = useState(accounts[0]?.id ?? '');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const put = async () => {
    setBusy(true);
    setProblem('');
    try {
      const db = await mailbox();
      const inbox = await mailboxWithRole(db, chosen, 'inbox');
      const id = await importShared(call, chosen, await upload(chosen, file), inbox?.id ?? '');
      await forgetShared();
      await exclusively(accountLock(chosen), () => pullChanges(db, chosen, call));
      route(messagePath({ role: 'inbox' }, { accountId: chosen, id }), true);
    } catch (error) {
      setBusy(false);
      setProblem(error instanceof MethodRefused ? words.shared.refused : words.shared.states.waiting);
    }
  };
  const remove = () => void forgetShared().then(onGone);
  return (
    <div class="form">
      {accounts.length > 1 && (
        <div class="field">
          <label class="field-label" for="shared-account">
            {words.shared.account}
          </label>
          <select id="shared-account" value={chosen} onChange={event => setChosen(event.currentTarget.value)}>
            {accounts.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      {problem && (
        <p class="note note-warning" role="alert">
          {problem}
        </p>
      )}
      <div class="buttons">
        <button
          type="button"
          class="button button-primary"
          disabled={!ready || busy}
          onClick={() => void put()}
        >
          {words.shared.put}
        </button>
        <button type="button" class="button" disabled={busy} onClick={remove}>
          {words.shared.remove}
        </button>
      </div>
    </div>
  );
}
