import { isSignedIn } from '../session/tokens.ts';
import { flushAll, keepUp, LOOK_EVERY } from './cycle.ts';
import { mailbox } from './db.ts';
import { isInstalled } from './install.ts';
import { leaveMarker } from './marker.ts';
import { connection } from './network.ts';
import { observe } from './observe.ts';
import { askToPersist } from './storage.ts';

/** Waits between looks while the server cannot be reached, in milliseconds. */
const BACKOFF = [3_000, 5_000, 10_000, LOOK_EVERY];
/** Between two looks while the server fetches mail, in milliseconds: the person waits for it. */
const LOOK_WHILE_PULLING = 2_000;

let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let lastFirst = 0;

/** Looks at the server now, and again after a while as long as the app is visible. */
export async function lookNow(first = false): Promise<void> {
  clearTimeout(timer);
  if (first) lastFirst = Date.now();
  const reached = await keepUp(first).catch(() => false);
  failures = reached ? 0 : failures + 1;
  clearTimeout(timer);
  if (document.visibilityState !== 'visible') return;
  const pulling = reached && (await isPulling());
  const wait = reached
    ? pulling
      ? LOOK_WHILE_PULLING
      : LOOK_EVERY
    : (BACKOFF[Math.min(failures, BACKOFF.length) - 1] ?? LOOK_EVERY);
  // Many devices must not come back in step after an outage.
  timer = setTimeout(() => void lookNow(), wait * (0.9 + Math.random() * 0.2));
}

async function isPulling(): Promise<boolean> {
  const accounts = await (await mailbox()).getAll('accounts');
  return accounts.some(({ status }) => status.phase === 'pulling' || status.phase === 'new');
}

/** Sends an action soon after it was taken, and asks the browser to send it later if that fails. */
function sendSoon(): void {
  flushAll().catch(sendLater);
}

/** Has the service worker send what waits when there is a network again, whether or not the app is open then. */
async function sendLater(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  // Background Sync is Chromium's alone; elsewhere the next look does it.
  const sync = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
  await sync?.register('outbox').catch(() => {});
}

/** Who closes the app right after an action has it sent all the same. */
async function sendWhatIsLeft(): Promise<void> {
  const waiting = await (await mailbox()).count('outbox');
  if (waiting) await sendLater();
}

/** Notes beside the database that there is one, and what would be lost with it. */
async function noteDevice(): Promise<void> {
  // Another tab may just have signed out, and left nothing to be missed.
  if (!(await isSignedIn())) return;
  const rows = await (await mailbox()).getAll('outbox');
  leaveMarker(rows.filter(row => row.state !== 'failed').length);
}

/** Begins to keep this device up to date, at every sign that the network or the person is back. */
export function startKeepingUp(): void {
  const again = () => {
    if (document.visibilityState !== 'visible') return;
    failures = 0;
    void lookNow(Date.now() - lastFirst > 60_000);
  };
  window.addEventListener('online', again);
  window.addEventListener('pageshow', event => event.persisted && again());
  document.addEventListener('visibilitychange', again);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void sendWhatIsLeft().catch(() => {});
  });
  // From a metered connection to another one the download goes on by itself.
  connection().addEventListener?.('change', again);
  observe(['outbox'], () => void noteDevice().catch(() => {}));
  void noteDevice().catch(() => {});
  let sending: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener('mailferry:action', () => {
    clearTimeout(sending);
    sending = setTimeout(sendSoon, 50);
  });
  // An installed app may ask to keep its mail when the browser needs room.
  if (isInstalled()) void askToPersist();
  void lookNow(true);
}
