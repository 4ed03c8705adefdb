import { CloudOff, Download, HardDrive, KeyRound, SendHorizontal, TriangleAlert } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Unreachable } from '../jmap/errors.ts';
import { countBodies, isSomeWanted } from '../mailbox/bodies.ts';
import { goOn, readStatus } from '../mailbox/cycle.ts';
import type { Database } from '../mailbox/db.ts';
import { currentInstallWay, observeInstall } from '../mailbox/install.ts';
import { lookNow } from '../mailbox/schedule.ts';
import { readSetting } from '../mailbox/settings.ts';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';
import { lazily } from './lazily.tsx';
import { signIn } from './sign-in.ts';
import { notify } from './toast.tsx';
import { applyUpdate, useUpdate } from './update.ts';
import { useClock, useLive } from './use.ts';

const InstallOffer = lazily(() =>
  import('./offline/install-offer.tsx').then(
    offer => offer.InstallOffer,
    // What cannot be loaded is not offered.
    () => () => null,
  ),
);

/** How long it is said that mail went for want of room, in milliseconds. */
const SAY_TIGHT = 24 * 3600 * 1000;

/** How far the downloads are, in numbers; null when all is here or nothing can come. */
export async function readProgress(db: Database): Promise<string | null> {
  const { reachable, holding } = await readStatus();
  if (!reachable) return null;
  const feeds = await db.getAll('feeds');
  const listing = feeds.filter(feed => feed.listing !== null);
  if (listing.length) {
    const fetched = feeds.reduce((sum, feed) => sum + (feed.listing?.fetched ?? 0), 0);
    const totals = listing.map(feed => feed.listing?.total ?? null);
    const total = totals.includes(null) ? null : totals.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    return words.status.listing(fetched, total);
  }
  if (holding) return null;
  let kept = 0;
  let wanted = 0;
  for (const feed of feeds) {
    // What is here is counted only while something is missing: that walks along all of it.
    if (feed.full || !(await isSomeWanted(db, feed.accountId))) continue;
    const count = await countBodies(db, feed.accountId);
    kept += count.kept;
    wanted += count.wanted;
  }
  return wanted ? words.status.bodies(kept, kept + wanted) : null;
}

/** True while mail is on its way that this device, or the server, has never had: a list may be empty only for now. */
export async function isFirstFetch(db: Database): Promise<boolean> {
  const { reachable, signInNeeded, updatedAt } = await readStatus();
  if (!reachable || signInNeeded) return false;
  const feeds = await db.getAll('feeds');
  if (updatedAt === null || feeds.some(feed => feed.listing !== null)) return true;
  const accounts = await db.getAll('accounts');
  return accounts.some(({ status: { phase, lastSuccessAt } }) => {
    return phase === 'new' || (phase === 'pulling' && lastSuccessAt === null);
  });
}

/** What the device says of its room and its downloads. */
async function readDevice(db: Database) {
  const [status, storage, rebuilding, feeds] = await Promise.all([
    readStatus(),
    readSetting('storage'),
    readSetting('rebuilding'),
    db.getAllKeys('feeds'),
  ]);
  const holds = status.holding ?? null;
  const counts = holds ? await Promise.all(feeds.map(id => countBodies(db, id))) : [];
  return {
    holding: counts.some(({ wanted }) => wanted > 0) ? holds : null,
    noRoom: status.noRoom === true,
    tight: storage !== null && Date.now() - storage.letGoAt < SAY_TIGHT,
    rebuilding,
  };
}

/** Lines on the room of this device and its downloads: only what a person should know now. */
function DeviceLines() {
  const device = useLive(['status', 'feeds', 'bodies'], 'device-lines', readDevice, true);
  if (!device) return null;
  const { holding, noRoom, tight, rebuilding } = device;
  const download = async () => {
    await goOn();
    void lookNow();
  };
  return (
    <>
      {rebuilding && (
        <p class="status-line status-note">
          <Icon node={Download} />
          <span>
            {words.offline.rebuilding}
            {rebuilding.pending ? ` ${words.offline.rebuildingPending(rebuilding.pending)}` : ''}
          </span>
        </p>
      )}
      {holding && (
        <p class="status-line status-note">
          <Icon node={Download} />
          <span>{holding === 'metered' ? words.offline.metered : words.offline.waitsForInstall}</span>
          {holding === 'metered' && (
            <button type="button" class="button-text" onClick={() => void download()}>
              {words.offline.goOn}
            </button>
          )}
        </p>
      )}
      {(noRoom || tight) && (
        <p class="status-line status-warning">
          <Icon node={HardDrive} />
          <span>
            {noRoom ? words.offline.noRoom : words.offline.tight}{' '}
            <a href="/accounts">{words.offline.toBudget}</a>
          </span>
        </p>
      )}
    </>
  );
}

/** The offer to install, where mail is about to be downloaded: not while an account is being set up. */
function Offer() {
  const { path } = useLocation();
  const [way, setWay] = useState(currentInstallWay);
  const hasMail = useLive(['feeds'], 'has-mail', async db => (await db.count('feeds')) > 0);
  useEffect(() => observeInstall(() => setWay(currentInstallWay())), []);
  return way && hasMail && !path.startsWith('/accounts') ? <InstallOffer /> : null;
}

function sayWhyNot(error: unknown): void {
  notify(error instanceof Unreachable ? words.welcome.unreachable : words.welcome.failed);
}

/** One line on how the device stands with the server: only what a person should know now. */
export function StatusBar() {
  return (
    <>
      <StatusLines />
      <Offer />
    </>
  );
}

function StatusLines() {
  const status = useLive(['status'], 'status', readStatus);
  const rows = useLive(['outbox'], 'outbox', db => db.getAll('outbox')) ?? [];
  const update = useUpdate();
  useClock();
  const failed = rows.filter(row => row.state === 'failed').length;
  const waiting = rows.length - failed;
  const offline = status?.reachable === false;
  const waits = offline ? words.status.waiting : words.status.waitingForSignIn;
  return (
    <div class="status" role="status">
      {update && (
        <p class="status-line status-note">
          <span>{words.status.newVersion}</span>
          <button type="button" class="button-text" onClick={() => applyUpdate(update)}>
            {words.status.update}
          </button>
        </p>
      )}
      {status?.signInNeeded && (
        <p class="status-line status-warning">
          <Icon node={KeyRound} />
          <span>{words.status.signInNeeded}</span>
          <button type="button" class="button-text" onClick={() => void signIn().catch(sayWhyNot)}>
            {words.status.signIn}
          </button>
        </p>
      )}
      {offline && (
        <p class="status-line status-warning">
          <Icon node={CloudOff} />
          <span>{words.status.offline(status.updatedAt)}</span>
        </p>
      )}
      <DeviceLines />
      {(waiting > 0 && (offline || status?.signInNeeded)) || failed > 0 ? (
        <p class={`status-line${failed ? ' status-warning' : ''}`}>
          <Icon node={failed ? TriangleAlert : SendHorizontal} pointing={!failed} />
          <a href="/outbox">{failed ? words.status.refused(failed) : waits(waiting)}</a>
        </p>
      ) : null}
    </div>
  );
}
