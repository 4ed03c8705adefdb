import { forgetBlobs } from '../mailbox/blobs.ts';
import { setStatus } from '../mailbox/cycle.ts';
import { mailbox, wipeMailbox } from '../mailbox/db.ts';
import { removeFirstScreen } from '../mailbox/first-screen.ts';
import { readMarker, removeMarker } from '../mailbox/marker.ts';
import { readSetting, writeSetting } from '../mailbox/settings.ts';
import { forgetShared } from '../mailbox/shared-file.ts';

/** Leaves for the provider; the person comes back to where they are. */
export async function signIn(): Promise<void> {
  const { beginSignIn } = await import('../session/oauth.ts');
  const { pathname } = location;
  await beginSignIn(pathname === '/signed-in' ? '/' : pathname);
}

let leaving = false;

/** True while this tab signs out, and knows itself where to go. */
export function isSigningOut(): boolean {
  return leaving;
}

/** Somebody signed in on a device that has another person's mail. */
export interface AnotherPerson {
  /** changes of the other person that did not reach the server */
  pending: number;
  /** Removes the other person's mail and changes, and signs in; answers where to begin anew. */
  replace(): Promise<string>;
}

/**
 * Ends the sign-in whose answer is in the address; answers where to go on. Where the device has the mail of another
 * person nothing is changed: that has to be decided first.
 * @throws SignInFailed
 */
export async function completeSignIn(): Promise<string | AnotherPerson> {
  const { finishSignIn } = await import('../session/oauth.ts');
  const { tokens, subject, returnTo } = await finishSignIn(new URL(location.href));
  const enter = async () => {
    const wiped = (await readSetting('subject')) === null ? readMarker() : null;
    if (wiped && !(await (await mailbox()).count('feeds'))) await writeSetting('rebuilding', wiped);
    await writeSetting('subject', subject);
    await writeSetting('tokens', tokens);
    await setStatus({ signInNeeded: false, reachable: true });
  };
  const known = await readSetting('subject');
  if (known === null || subject === null || known === subject) {
    await enter();
    return returnTo;
  }
  const rows = await (await mailbox()).getAll('outbox');
  return {
    pending: rows.filter(row => row.state !== 'failed').length,
    async replace() {
      // No tab may take this for signing out: it goes on with another person.
      leaving = true;
      await silence();
      await removeMail();
      await enter();
      return '/';
    },
  };
}

/** Ends the notifications of this device; what does not come through ends by itself. */
async function silence(): Promise<void> {
  const silent = import('../push/subscription.ts').then(async ({ turnOff }) => {
    await turnOff(await navigator.serviceWorker?.getRegistration());
    await (await import('../push/badge.ts')).clearBadge();
  });
  await Promise.race([silent.catch(() => {}), new Promise(resolve => setTimeout(resolve, 2_000))]);
}

/** Removes all mail from this device, and what was noted of it. */
async function removeMail(): Promise<void> {
  await import('../search/client.ts').then(({ forgetIndex }) => forgetIndex()).catch(() => {});
  await wipeMailbox();
  await forgetBlobs();
  await forgetShared();
  removeMarker();
  removeFirstScreen();
}

/** Removes everything from this device, and ends the session at the provider where that can be reached. */
export async function signOut(): Promise<void> {
  leaving = true;
  // While there is a token to say so with.
  await silence();
  const tokens = await readSetting('tokens');
  const farewell = import('../session/oauth.ts')
    .then(({ endSignIn }) => endSignIn(tokens?.refreshToken ?? null))
    .catch(() => null);
  // A provider that does not answer must not keep anybody's mail here.
  const next = await Promise.race([farewell, new Promise<null>(resolve => setTimeout(resolve, 5_000, null))]);
  await removeMail();
  location.assign(next ?? '/');
}
