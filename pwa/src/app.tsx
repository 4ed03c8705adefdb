import { useEffect, useState } from 'preact/hooks';
import { LocationProvider, useLocation } from 'preact-iso/router';
import { readStatus } from './mailbox/cycle.ts';
import type { Database } from './mailbox/db.ts';
import { removeFirstScreen } from './mailbox/first-screen.ts';
import { observe } from './mailbox/observe.ts';
import { startKeepingUp } from './mailbox/schedule.ts';
import { watchLaunches } from './mailbox/shared-file.ts';
import { parseRoute, type Route } from './routes.ts';
import { keepIndexWhenIdle } from './search/start.ts';
import { isSignedIn } from './session/tokens.ts';
import { Asking } from './views/asking.tsx';
import { BottomNav } from './views/bottom-nav.tsx';
import { Dialog } from './views/dialog.tsx';
import { KeysHelp, useKeys } from './views/keys.tsx';
import { lazily } from './views/lazily.tsx';
import { Mailboxes } from './views/mailboxes.tsx';
import { MessageList } from './views/message-list.tsx';
import { isSigningOut } from './views/sign-in.ts';
import { Notices } from './views/toast.tsx';
import { useLive } from './views/use.ts';
import { SignedIn, Welcome } from './views/welcome.tsx';
import { words } from './words/words.ts';

const loadThread = async () => (await import('./views/thread/thread.tsx')).Thread;
const Thread = lazily(loadThread);
const Accounts = lazily(async () => (await import('./views/accounts/list.tsx')).Accounts);
const AddAccount = lazily(async () => (await import('./views/accounts/add.tsx')).AddAccount);
const Authorized = lazily(async () => (await import('./views/accounts/authorized.tsx')).Authorized);
const AccountPages = lazily(async () => (await import('./views/accounts/account.tsx')).AccountPages);
const Search = lazily(async () => (await import('./views/search/search.tsx')).Search);
const Notifications = lazily(
  async () => (await import('./views/notifications/notifications.tsx')).Notifications,
);
const Settings = lazily(async () => (await import('./views/settings.tsx')).Settings);
const Shared = lazily(async () => (await import('./views/shared/shared.tsx')).Shared);
const Outbox = lazily(async () => (await import('./views/outbox.tsx')).Outbox);

/** After so many milliseconds the first list is on the screen, and a person looks for what to open. */
const SHOWN = 500;
/** After so many milliseconds there is time for what nobody waits for. */
const AT_EASE = 3_000;

/** The whole app: who is not signed in is welcomed, everybody else reads what is on the device. */
export function App({ signedIn: initial }: { signedIn: boolean }) {
  return (
    <LocationProvider>
      <Entry initial={initial} />
    </LocationProvider>
  );
}

function Entry({ initial }: { initial: boolean }) {
  const [signedIn, setSignedIn] = useState(initial);
  const { path, route: open } = useLocation();
  const route = parseRoute(path);
  useEffect(() => {
    if (!signedIn) return;
    startKeepingUp();
    void keepIndexWhenIdle().catch(() => {});
    watchLaunches(() => open(`/shared?again=${Date.now()}`));
    const timers = [
      setTimeout(() => void loadThread().catch(() => {}), SHOWN),
      setTimeout(() => {
        void import('./push/keep.ts').then(({ startKeeping }) => startKeeping(open)).catch(() => {});
      }, AT_EASE),
    ];
    return () => timers.forEach(clearTimeout);
  }, [signedIn]);
  useEffect(() => {
    // Signing out in one tab ends all of them, and so does clearing the browser's storage.
    const check = async () => {
      if (!signedIn || isSigningOut() || (await isSignedIn())) return;
      removeFirstScreen();
      location.assign('/');
    };
    void check().catch(() => {});
    addEventListener('pageshow', check);
    const stop = observe(['status'], () => void check().catch(() => {}));
    return () => {
      removeEventListener('pageshow', check);
      stop();
    };
  }, [signedIn]);
  if (route.page === 'signed-in') return <SignedIn onSignedIn={() => setSignedIn(true)} />;
  return signedIn ? <Shell route={route} path={path} /> : <Welcome />;
}

/** True once it is known that the user has no account yet. */
async function hasNoAccount(db: Database): Promise<boolean> {
  if (await db.count('accounts')) return false;
  return (await readStatus()).updatedAt !== null;
}

function Shell({ route, path }: { route: Route; path: string }) {
  const [drawer, setDrawer] = useState(false);
  const location = useLocation();
  const noAccount = useLive(['accounts', 'status'], 'no-account', hasNoAccount);
  const openDrawer = () => setDrawer(true);
  useEffect(() => setDrawer(false), [path]);
  useEffect(() => {
    // Somebody without an account is shown where to add one.
    if (noAccount && path === '/') location.route('/accounts', true);
  }, [noAccount, path, location.route]);
  useKeys({
    '/': () => route.page !== 'search' && location.route('/search'),
    'g i': () => location.route('/inbox'),
    'g a': () => location.route('/accounts'),
  });
  const reading = 'email' in route && route.email !== null;
  return (
    <div class={`shell${reading ? ' shell-reading' : ''}${'email' in route ? '' : ' shell-page'}`}>
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <aside class="side" aria-label={words.app}>
        <p class="brand">
          <img src="/favicon.svg" alt="" width="32" height="32" />
          {words.app}
        </p>
        <Mailboxes />
      </aside>
      <main id="main" class="main" tabIndex={-1}>
        <Content route={route} onMenu={openDrawer} />
      </main>
      <BottomNav path={path} onMenu={openDrawer} />
      {drawer && (
        <Dialog label={words.nav.mailboxes} class="drawer" onClose={() => setDrawer(false)}>
          <p class="brand">
            <img src="/favicon.svg" alt="" width="32" height="32" />
            {words.app}
          </p>
          <Mailboxes onNavigate={() => setDrawer(false)} />
        </Dialog>
      )}
      <Notices />
      <Asking />
      <KeysHelp />
    </div>
  );
}

function Content({ route, onMenu }: { route: Route; onMenu: () => void }) {
  switch (route.page) {
    case 'list':
      return (
        <>
          <MessageList list={route.list} email={route.email} onMenu={onMenu} />
          <div class="column reader-column">
            {route.email ? (
              <Thread list={route.list} accountId={route.email.accountId} id={route.email.id} />
            ) : (
              <div class="empty">
                <img src="/favicon.svg" alt="" width="96" height="96" class="faint" />
                <p>{words.list.choose}</p>
                <p class="card-note">{words.list.chooseText}</p>
              </div>
            )}
          </div>
        </>
      );
    case 'search':
      return <Search email={route.email} onMenu={onMenu} />;
    case 'accounts':
      return <Accounts onMenu={onMenu} />;
    case 'account':
      return <AccountPages id={route.id} part={route.part} onMenu={onMenu} />;
    case 'add-account':
      return <AddAccount onMenu={onMenu} />;
    case 'authorized':
      return <Authorized onMenu={onMenu} />;
    case 'notifications':
      return <Notifications onMenu={onMenu} />;
    case 'settings':
      return <Settings onMenu={onMenu} />;
    case 'shared':
      return <Shared onMenu={onMenu} />;
    case 'outbox':
      return <Outbox onMenu={onMenu} />;
    default:
      return (
        <div class="empty">
          <h1>{words.errors.notFound}</h1>
          <a class="button" href="/inbox">
            {words.errors.home}
          </a>
        </div>
      );
  }
}
