import { useEffect } from 'preact/hooks';
import { pullAccounts } from '../../mailbox/accounts.ts';
import { mailbox } from '../../mailbox/db.ts';
import { call } from '../../mailbox/server.ts';

/** Between two readings of the accounts while their pages are open, in milliseconds: somebody looks how they are. */
const READ_EVERY = 4_000;

/** Keeps what is said of accounts fresh as long as it is on the screen. */
export function useFreshAccounts(): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible' || !navigator.onLine) return;
      // A server that cannot be reached is the status bar's to tell.
      void mailbox()
        .then(db => pullAccounts(db, call))
        .catch(() => {});
    }, READ_EVERY);
    return () => clearInterval(timer);
  }, []);
}
