import { forgetBlobs } from '../mailbox/blobs.ts';
import { setStatus } from '../mailbox/cycle.ts';
import { wipeMailbox } from '../mailbox/db.ts';
import { readSetting, writeSetting } from '../mailbox/settings.ts';

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

let leaving = false;

/** True while this tab signs out, and knows itself where to go. */
export function isSigningOut(): boolean {
  return leaving;
}

/** Removes everything from this device, and ends the session at the provider where that can be reached. */
export async function signOut(): Promise<void> {
  leaving = true;
  const tokens = await readSetting('tokens');
  const farewell = import('../session/oauth.ts')
    .then(({ endSignIn }) => endSignIn(tokens?.refreshToken ?? null))
    .catch(() => null);
  // A provider that does not answer must not keep anybody's mail here.
  const next = await Promise.race([farewell, new Promise<null>(resolve => setTimeout(resolve, 5_000, null))]);
  await import('../search/client.ts').then(({ forgetIndex }) => forgetIndex()).catch(() => {});
  await wipeMailbox();
  await forgetBlobs();
  location.assign(next ?? '/');
}
