import { ChevronRight, Pause, Play, Plus, RefreshCw } from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { MailAccount } from '../../../../functions/jmap/types.ts';
import { words } from '../../words/words.ts';
import { Dialog } from '../dialog.tsx';
import { Icon } from '../icon.tsx';
import { byName } from '../mailboxes.tsx';
import { Page } from '../page.tsx';
import { signOut } from '../sign-in.ts';
import { useClock, useLive } from '../use.ts';
import { useColour } from './colour.ts';
import { Badge, checkNow, Health, setPaused } from './health.tsx';
import { Problem, useAction } from './problem.tsx';
import { needsSignIn, SignInWith } from './sign-in-with.tsx';
import { useFreshAccounts } from './use-fresh.ts';

/** The accounts of the user: how each of them is, in words. */
export function Accounts({ onMenu }: { onMenu: () => void }) {
  const { route } = useLocation();
  const accounts = useLive(['accounts'], 'accounts', async db => byName(await db.getAll('accounts')));
  const [leaving, setLeaving] = useState(false);
  useClock();
  useFreshAccounts();
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
          <AccountCard key={account.id} account={account} />
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

/** The address of an account, and how it is reached. */
export function AccountAddress({ account }: { account: MailAccount }) {
  return (
    <p class="card-note">
      {account.address && <bdi>{account.address}</bdi>}
      {account.address && ' · '}
      {account.host === null ? (
        words.accounts.archive
      ) : (
        <>
          {account.protocol.toUpperCase()} · <bdi>{account.host}</bdi>
        </>
      )}
    </p>
  );
}

function AccountCard({ account }: { account: MailAccount }) {
  const action = useAction();
  const colour = useColour(account.id);
  const { status } = account;
  const isPaused = status.phase === 'paused';
  const title = `account-${account.id}`;
  return (
    <li class={`card account-card edge-${colour ?? 'none'}`}>
      <article aria-labelledby={title}>
        <header class="card-header">
          <div>
            <h2 id={title}>
              <bdi>{account.name}</bdi>
            </h2>
            <AccountAddress account={account} />
          </div>
          <Badge phase={status.phase} />
        </header>
        <Health account={account} />
        <Problem text={action.problem} />
        <div class="buttons">
          {account.protocol !== 'archive' && !isPaused && (
            <button
              type="button"
              class="button"
              aria-label={words.accounts.checkOf(account.name)}
              disabled={action.busy}
              onClick={() => void action.run(() => checkNow(account))}
            >
              <Icon node={RefreshCw} />
              {words.accounts.check}
            </button>
          )}
          {isPaused && (
            <button
              type="button"
              class="button"
              disabled={action.busy}
              onClick={() => void action.run(() => setPaused(account, false))}
            >
              <Icon node={Play} />
              {words.accounts.resume}
            </button>
          )}
          <a
            class={`button${status.phase === 'stopped' ? ' button-primary' : ''}`}
            aria-label={words.accounts.detailsOf(account.name)}
            href={`/accounts/${account.id}`}
          >
            {words.accounts.details}
            <Icon node={ChevronRight} pointing />
          </a>
        </div>
      </article>
    </li>
  );
}

/** Check now, pause and resume; where the account waits for the person, the way to its settings. */
export function AccountActions({ account }: { account: MailAccount }) {
  const action = useAction();
  const { phase } = account.status;
  const isPaused = phase === 'paused';
  const isSignedOut = needsSignIn(account);
  if (account.protocol === 'archive') return null;
  return (
    <>
      <Problem text={action.problem} />
      <div class="buttons">
        {!isPaused && (
          <button
            type="button"
            class="button"
            disabled={action.busy}
            onClick={() => void action.run(() => checkNow(account))}
          >
            <Icon node={RefreshCw} />
            {words.accounts.check}
          </button>
        )}
        <button
          type="button"
          class={`button${isPaused ? ' button-primary' : ''}`}
          disabled={action.busy}
          onClick={() => void action.run(() => setPaused(account, !isPaused))}
        >
          <Icon node={isPaused ? Play : Pause} />
          {isPaused ? words.accounts.resume : words.accounts.pause}
        </button>
        {phase === 'stopped' && !isSignedOut && (
          <a class="button button-primary" href={`/accounts/${account.id}/settings`}>
            {words.accounts.mend}
          </a>
        )}
      </div>
      {isSignedOut && (
        <SignInWith
          provider={account.oauthProvider ?? ''}
          goal={{ id: account.id }}
          label={words.authorize.again}
        />
      )}
    </>
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
