import type { Id } from '../../../functions/jmap/types.ts';
import { AppError } from '../errors.ts';
import { MethodRefused, RequestRefused, SignInNeeded, Unreachable } from '../jmap/errors.ts';
import { isSignedIn } from '../session/tokens.ts';
import { askForPull, pullAccounts } from './accounts.ts';
import { type BodyStep, bodyStep, countKept } from './bodies.ts';
import { type Database, mailbox } from './db.ts';
import { pullChanges } from './feed.ts';
import { listStep } from './first-download.ts';
import { flush, flushLocked } from './flush.ts';
import { holdsForInstall } from './install.ts';
import { accountLock, exclusively } from './locks.ts';
import { connection, isMetered } from './network.ts';
import { announce } from './observe.ts';
import { call, deviceBlobs, renewSession } from './server.ts';
import { readSetting, type Status, writeSetting } from './settings.ts';
import { holdQuota, isNoRoom } from './storage.ts';

/** Between two looks at the server while the app is visible, in milliseconds. */
export const LOOK_EVERY = 15_000;
/** Bodies of an account that are downloaded before its list is complete, so that the newest can be read at once. */
const FIRST_BODIES = 50;
/** How often a look is begun again after room was made for it. */
const ATTEMPTS = 3;

const UNKNOWN: Status = { reachable: true, signInNeeded: false, updatedAt: null };

/** How the device stands with the server. */
export async function readStatus(): Promise<Status> {
  return (await readSetting('status')) ?? UNKNOWN;
}

/** Stores what is new about the status, and tells the views when it matters to them. */
export async function setStatus(change: Partial<Status>): Promise<void> {
  await writeSetting('status', { ...(await readStatus()), ...change });
  announce('status');
}

/**
 * One look at the server: sends what waits, receives what changed, and goes on with the downloads. Only one
 * tab does so at a time; the others see what it writes.
 * @param first also reads the session again and asks the server to pull
 * @returns false when the server could not be reached or wants the person to sign in
 */
export async function keepUp(first: boolean): Promise<boolean> {
  if (!(await isSignedIn())) {
    // Signed out elsewhere, or the browser's storage was cleared: whoever shows mail has to stop.
    announce('status');
    return false;
  }
  const done = await exclusively('cycle', () => cycleWithRoom(first), true);
  return done ?? true;
}

/** A look that makes room when the browser has none for it; says so where that does not help. */
async function cycleWithRoom(first: boolean): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const done = await cycle(first);
      if ((await readStatus()).noRoom) await setStatus({ noRoom: false });
      return done;
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      const more = attempt < ATTEMPTS;
      if (more) await holdQuota(await mailbox(), true).catch(() => null);
      else {
        // Even this may find no room.
        await setStatus({ noRoom: true }).catch(() => {});
        return true;
      }
    }
  }
}

async function cycle(first: boolean): Promise<boolean> {
  try {
    const db = await mailbox();
    if (first) await renewSession();
    let ids = await look(db);
    if (first && ids.length) await askForPull(call, ids).catch(rethrowIfCut);
    let looked = Date.now();
    for (;;) {
      const more = await downloadStep(db, ids);
      if (!more) return true;
      if (Date.now() - looked > LOOK_EVERY) {
        ids = await look(db);
        looked = Date.now();
      }
    }
  } catch (error) {
    if (isNoRoom(error)) throw error;
    const signInNeeded = error instanceof SignInNeeded;
    // A refusal is an answer: the server is there.
    await setStatus({
      reachable: !(error instanceof Unreachable),
      ...(signInNeeded ? { signInNeeded } : {}),
    });
    if (!(error instanceof AppError)) throw error;
    return false;
  }
}

/** What the server refuses for one account is no reason to stop; a lost network is. */
function rethrowIfCut(error: unknown): void {
  if (!(error instanceof MethodRefused || error instanceof RequestRefused)) throw error;
}

/** Sends and receives what changed, account by account; one that fails does not stop the others. */
async function look(db: Database): Promise<Id[]> {
  const accounts = await pullAccounts(db, call);
  const ids = accounts.map(account => account.id);
  for (const id of ids) {
    await exclusively(accountLock(id), async () => {
      await flushLocked(db, id, call);
      await pullChanges(db, id, call);
    }).catch(rethrowIfCut);
  }
  await setStatus({ reachable: true, signInNeeded: false, updatedAt: Date.now() });
  return ids;
}

/**
 * The next part of the downloads: the lists of all accounts first, with the newest bodies of each, then all bodies.
 * False when nothing is left, or the rest waits for the person.
 */
async function downloadStep(db: Database, ids: readonly Id[]): Promise<boolean> {
  const holding = await whyHolding();
  const surroundings = { now: Date.now(), deviceLimit: await holdQuota(db) };
  const bodies = async (id: Id, most?: number): Promise<BodyStep> => {
    const step = { ...surroundings, ...(most === undefined ? {} : { most }) };
    return (await bodyStep(db, id, call, deviceBlobs, step).catch(rethrowIfCut)) ?? 'complete';
  };
  let listing = false;
  for (const id of ids) {
    const more = await exclusively(accountLock(id), () => listStep(db, id, call)).catch(rethrowIfCut);
    listing ||= more === true;
    if (more !== true || holding === 'metered') continue;
    const kept = await countKept(db, id, FIRST_BODIES);
    if (kept < FIRST_BODIES) await bodies(id, FIRST_BODIES - kept);
  }
  if (listing) return true;
  if ((await readStatus()).holding !== holding) await setStatus({ holding });
  if (holding) return false;
  let more = false;
  for (const id of ids) more = (await bodies(id)) === 'more' || more;
  if (!more && ids.length) await downloadEnded();
  return more;
}

/** Why only lists are downloaded now; null where the person wants it all, or nothing is left. */
async function whyHolding(): Promise<'metered' | 'install' | null> {
  if (await readSetting('goOn')) return null;
  if (isMetered(connection())) return 'metered';
  return (await holdsForInstall()) ? 'install' : null;
}

/** What held for one download only. */
async function downloadEnded(): Promise<void> {
  if (await readSetting('goOn')) await writeSetting('goOn', null);
  if (!(await readSetting('rebuilding'))) return;
  await writeSetting('rebuilding', null);
  announce('status');
}

/** Goes on with a download that waits for the person. */
export async function goOn(): Promise<void> {
  await writeSetting('goOn', true);
  await setStatus({ holding: null });
}

/**
 * Sends what waits in every account; for the service worker, and for a tab right after an action.
 * @throws Unreachable, SignInNeeded, AppError `later`: something still waits, and has to be sent again
 */
export async function flushAll(): Promise<void> {
  if (!(await isSignedIn())) return;
  const db = await mailbox();
  const waiting = (await db.getAll('outbox')).filter(row => row.state !== 'failed');
  try {
    let left = 0;
    for (const id of new Set(waiting.map(row => row.accountId))) left += (await flush(db, id, call)).left;
    if (waiting.length) await setStatus({ reachable: true, signInNeeded: false });
    if (left) throw new AppError('later', 'The server could not take everything now.');
  } catch (error) {
    const signInNeeded = error instanceof SignInNeeded;
    await setStatus({
      reachable: !(error instanceof Unreachable),
      ...(signInNeeded ? { signInNeeded } : {}),
    });
    throw error;
  }
}
