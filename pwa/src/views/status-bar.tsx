import { CloudOff, KeyRound, SendHorizontal, TriangleAlert } from 'lucide';
import { countBodies } from '../mailbox/bodies.ts';
import { readStatus } from '../mailbox/cycle.ts';
import type { Database } from '../mailbox/db.ts';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';
import { signIn } from './sign-in.ts';
import { applyUpdate, useUpdate } from './update.ts';
import { useClock, useLive } from './use.ts';

/** How far the downloads are, in numbers; null when all is here or nothing can come. */
export async function readProgress(db: Database): Promise<string | null> {
  if (!(await readStatus()).reachable) return null;
  const feeds = await db.getAll('feeds');
  const listing = feeds.filter(feed => feed.listing !== null);
  if (listing.length) {
    const fetched = feeds.reduce((sum, feed) => sum + (feed.listing?.fetched ?? 0), 0);
    const totals = listing.map(feed => feed.listing?.total ?? null);
    const total = totals.includes(null) ? null : totals.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    return words.status.listing(fetched, total);
  }
  let kept = 0;
  let wanted = 0;
  for (const feed of feeds) {
    if (feed.full) continue;
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

/** One line on how the device stands with the server: only what a person should know now. */
export function StatusBar() {
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
          {words.status.newVersion}
          <button type="button" class="button-text" onClick={() => applyUpdate(update)}>
            {words.status.update}
          </button>
        </p>
      )}
      {status?.signInNeeded && (
        <p class="status-line status-warning">
          <Icon node={KeyRound} />
          {words.status.signInNeeded}
          <button type="button" class="button-text" onClick={() => void signIn()}>
            {words.status.signIn}
          </button>
        </p>
      )}
      {offline && (
        <p class="status-line status-warning">
          <Icon node={CloudOff} />
          {words.status.offline(status.updatedAt)}
        </p>
      )}
      {(waiting > 0 && (offline || status?.signInNeeded)) || failed > 0 ? (
        <p class={`status-line${failed ? ' status-warning' : ''}`}>
          <Icon node={failed ? TriangleAlert : SendHorizontal} />
          <a href="/outbox">{failed ? words.status.refused(failed) : waits(waiting)}</a>
        </p>
      ) : null}
    </div>
  );
}
