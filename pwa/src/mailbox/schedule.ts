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

/** The longest wait between two looks while nobody touches the app, in milliseconds. */
const LOOK_RESTING = 60_000;

/**
 * The wait between two looks while the app is visible, in milliseconds: where nobody has touched it for a while, a quarter of
 * that. Each look is paid for, and a push tells of new mail at once.
 * @param idle how long nobody has touched it, in milliseconds
 */
export function lookAfter(idle: number): number {
  return Math.min(Math.max(LOOK_EVERY, idle / 4), LOOK_RESTING);
}

let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let lastFirst = 0;
let lastLook = 0;
let lastTouch = Date.now();

/** Looks at the server now, and again after a while as long as the app is visible. */
export async function lookNow(first = false): Promise<void> {
  clearTimeout(timer);
  lastLook = Date.now();
  if (first) lastFirst = lastLook;
  const reached = await keepUp(first).catch(() => false);
  failures = reached ? 0 : failures + 1;
  clearTimeout(timer);
  if (document.visibilityState !== 'visible') return;
  const pulling = reached && (await isPulling());
  const wait = reached
    ? pulling
      ? LOOK_WHILE_PULLING
      : lookAfter(Date.now() - lastTouch)
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

/** Notes that somebody uses the app, and looks at once where the last look was a while ago. */
function noteTouch(): void {
  lastTouch = Date.now();
  if (lastTouch - lastLook > 2 * LOOK_EVERY && failures === 0) void lookNow();
}

/** Begins to keep this device up to date, at every sign that the network or the person is back. */
export function startKeepingUp(): void {
  const again = () => {
    if (document.visibilityState !== 'visible') return;
    failures = 0;
    lastTouch = Date.now();
    void lookNow(Date.now() - lastFirst > 60_000);
  };
  for (const sign of ['pointerdown', 'keydown']) window.addEventListener(sign, noteTouch, { passive: true });
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
