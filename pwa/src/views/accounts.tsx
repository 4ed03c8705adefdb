import { Plus, RefreshCw, Settings2, Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { MailAccount, MailAccountStatus } from '../../../functions/jmap/types.ts';
import { AppError } from '../errors.ts';
import { Unreachable } from '../jmap/errors.ts';
import { askForPull, pullAccounts, removeAccount } from '../mailbox/accounts.ts';
import { countBodies } from '../mailbox/bodies.ts';
import { type Database, mailbox } from '../mailbox/db.ts';
import { lookNow } from '../mailbox/schedule.ts';
import { call } from '../mailbox/server.ts';
import { fileSize } from '../words/time.ts';
import { words } from '../words/words.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { byName } from './mailboxes.tsx';
import { Page } from './page.tsx';
import { signOut } from './sign-in.ts';
import { useClock, useLive } from './use.ts';

interface OnDevice {
  kept: number;
  total: number;
  size: string;
  full: boolean;
}

/** What a person is told when an action at the server did not work. */
export function reasonOf(error: unknown): string {
  if (error instanceof Unreachable) return words.accounts.offline;
  return error instanceof AppError ? error.message : String(error);
}

async function readOnDevice(db: Database): Promise<Map<string, OnDevice>> {
  const feeds = await db.getAll('feeds');
  const rows = feeds.map(async (feed): Promise<[string, OnDevice]> => {
    const { kept, wanted } = await countBodies(db, feed.accountId);
    return [feed.accountId, { kept, total: kept + wanted, size: fileSize(feed.bodyBytes), full: feed.full }];
  });
  return new Map(await Promise.all(rows));
}

/** The accounts of the user: how each of them is, in words. */
export function Accounts({ onMenu }: { onMenu: () => void }) {
  const { route } = useLocation();
  const accounts = useLive(['accounts'], 'accounts', async db => byName(await db.getAll('accounts')));
  const onDevice = useLive(['feeds', 'bodies', 'emails'], 'on-device', readOnDevice);
  const [leaving, setLeaving] = useState(false);
  useClock();
  return (
    <Page title={words.accounts.title} onMenu={onMenu}>
      {accounts?.length === 0 && (
        <div class="empty">
          <h2>{words.accounts.none}</h2>
          <p>{words.accounts.noneText}</p>
        </div>
      )}
      <ul class="cards">
        {accounts?.map(account => (
          <AccountCard key={account.id} account={account} onDevice={onDevice?.get(account.id)} />
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button button-primary" onClick={() => route('/accounts/new')}>
          <Icon node={Plus} />
          {words.accounts.add}
        </button>
        <button type="button" class="button" onClick={() => setLeaving(true)}>
          {words.accounts.signOut}
        </button>
      </div>
      {leaving && <SignOutDialog onClose={() => setLeaving(false)} />}
    </Page>
  );
}

/**
 * When mail was fetched and will be. A look that finds nothing new is not recorded, so the time of the last success
 * says something only where looks do not succeed.
 */
function timesOf({ phase, lastSuccessAt, nextPullAt }: MailAccountStatus): string[] {
  const next = nextPullAt === null ? null : Date.parse(nextPullAt);
  if (phase === 'ok') return next === null ? [] : [words.accounts.nextCheck(next)];
  if (phase !== 'failing' && phase !== 'stopped') return [];
  return [
    ...(lastSuccessAt ? [words.accounts.lastSuccess(Date.parse(lastSuccessAt))] : []),
    ...(phase === 'failing' && next !== null ? [words.accounts.next(next)] : []),
  ];
}

function AccountCard({ account, onDevice }: { account: MailAccount; onDevice: OnDevice | undefined }) {
  const [removing, setRemoving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { status } = account;
  const check = async () => {
    setProblem(null);
    await askForPull(call, [account.id]).catch((error: unknown) =>
      setProblem(words.accounts.failed(reasonOf(error))),
    );
    void lookNow();
  };
  const title = `account-${account.id}`;
  return (
    <li class="card">
      <article aria-labelledby={title}>
        <header class="card-header">
          <div>
            <h2 id={title} dir="auto">
              {account.name}
            </h2>
            <p class="card-note">
              <bdi>{account.address}</bdi>
              {account.host !== null && (
                <>
                  {' · '}
                  {account.protocol.toUpperCase()} · <bdi>{account.host}</bdi>
                </>
              )}
            </p>
          </div>
          <span class={`badge badge-${status.phase}`}>{words.accounts.phases[status.phase]}</span>
        </header>
        {status.message && <p dir="auto">{status.message}</p>}
        <ul class="facts">
          <li>{words.accounts.stored(status.stored, status.atSource)}</li>
          {status.quarantined > 0 && <li>{words.accounts.quarantined(status.quarantined)}</li>}
          {onDevice && <li>{words.accounts.device(onDevice.kept, onDevice.total, onDevice.size)}</li>}
          {onDevice?.full && <li>{words.accounts.full}</li>}
          {timesOf(status).map(time => (
            <li key={time}>{time}</li>
          ))}
        </ul>
        {problem && (
          <p class="note note-warning" role="alert">
            {problem}
          </p>
        )}
        <div class="buttons">
          {account.protocol !== 'archive' && (
            <>
              <button
                type="button"
                class="button"
                aria-label={words.accounts.checkOf(account.name)}
                onClick={check}
              >
                <Icon node={RefreshCw} />
                {words.accounts.check}
              </button>
              <a
                class={`button${status.phase === 'stopped' ? ' button-primary' : ''}`}
                aria-label={words.accounts.settingsOf(account.name)}
                href={`/accounts/${account.id}`}
              >
                <Icon node={Settings2} />
                {words.accounts.settings}
              </a>
            </>
          )}
          <button
            type="button"
            class="button button-danger"
            aria-label={words.accounts.removeOf(account.name)}
            onClick={() => setRemoving(true)}
          >
            <Icon node={Trash2} />
            {words.accounts.remove}
          </button>
        </div>
      </article>
      {removing && <RemoveDialog account={account} onClose={() => setRemoving(false)} />}
    </li>
  );
}

function RemoveDialog({ account, onClose }: { account: MailAccount; onClose: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await removeAccount(call, account.id);
      onClose();
      await pullAccounts(await mailbox(), call);
    } catch (error) {
      setProblem(words.accounts.failed(reasonOf(error)));
      setBusy(false);
    }
  };
  return (
    <Dialog label={words.accounts.confirmTitle(account.name)} onClose={onClose}>
      <h2>{words.accounts.confirmTitle(account.name)}</h2>
      <p>{words.accounts.confirmText}</p>
      {problem && (
        <p class="note note-warning" role="alert">
          {problem}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.accounts.cancel}
        </button>
        <button type="button" class="button button-danger" disabled={busy} onClick={() => void remove()}>
          {words.accounts.confirm}
        </button>
      </div>
    </Dialog>
  );
}

function SignOutDialog({ onClose }: { onClose: () => void }) {
  const pending = useLive(['outbox'], 'pending', db => db.count('outbox')) ?? 0;
  const [busy, setBusy] = useState(false);
  const leave = () => {
    setBusy(true);
    void signOut();
  };
  return (
    <Dialog label={words.accounts.signOutTitle} onClose={onClose}>
      <h2>{words.accounts.signOutTitle}</h2>
      <p>{words.accounts.signOutText}</p>
      {pending > 0 && <p class="note note-warning">{words.accounts.signOutPending(pending)}</p>}
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.accounts.cancel}
        </button>
        <button type="button" class="button button-danger" disabled={busy} onClick={leave}>
          {words.accounts.signOut}
        </button>
      </div>
    </Dialog>
  );
}
