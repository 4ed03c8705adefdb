import { forgetBlobs } from '../mailbox/blobs.ts';
import { setStatus } from '../mailbox/cycle.ts';
import { wipeMailbox } from '../mailbox/db.ts';
import { writeSetting } from '../mailbox/settings.ts';

/** Leaves for the provider; the person comes back to where they are. */
export async function signIn(): Promise<void> {
  const { beginSignIn } = await import('../session/oauth.ts');
  const { pathname } = location;
  await beginSignIn(pathname === '/signed-in' ? '/' : pathname);
}

/** Ends the sign-in whose answer is in the address; answers where to go on. */
export async function completeSignIn(): Promise<string> {
  const { finishSignIn } = await import('../session/oauth.ts');
  const { tokens, returnTo } = await finishSignIn(new URL(location.href));
  await writeSetting('tokens', tokens);
  await setStatus({ signInNeeded: false, reachable: true });
  return returnTo;
}

/** Removes everything from this device. */
export async function signOut(): Promise<void> {
  await forgetBlobs();
  await wipeMailbox();
  location.assign('/');
}
