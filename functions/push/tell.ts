import type { Services } from '../services.ts';
import { getAccount } from '../store/accounts.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import {
  getPushSubscription,
  listPushSubscriptions,
  type PushProgress,
  type PushRow,
  putPushProgress,
} from '../store/push-subscriptions.ts';
import { inParallel } from '../store/table.ts';
import { type Changed, isNothing, merged, type Noticed, ofTypes } from './changes.ts';
import { after, fitting } from './pace.ts';
import { sendChange, sendVerification } from './send.ts';

/** What the sync function is asked to do, because it alone reaches servers: RFC 8620 section 7.2. */
export type PushRequest = { userId: string } & (
  | { verify: string }
  | { flush: string }
  | { changed: Changed }
);

/** Others that are told of the same subscription at the same time. */
const MAX_RACES = 5;
/** The queue keeps nothing back for longer, in seconds. */
const LONGEST_DELAY = 900;
/** Mail there is not what somebody waits for. */
const QUIET_ROLES: ReadonlySet<string> = new Set(['junk', 'trash', 'sent', 'drafts']);

/** Does what one request asks for. */
export async function push(services: Services, request: PushRequest): Promise<void> {
  const { table, now } = services;
  if ('changed' in request) return tell(services, request.userId, request.changed);
  const id = 'verify' in request ? request.verify : request.flush;
  const row = await getPushSubscription(table, request.userId, id, now());
  if (!row) return;
  // Who is early, because the wait is longer than the queue's, asks once more.
  if ('flush' in request) return offer(services, request.userId, { ...row, flushAt: 0 }, {});
  if (!row.verified) await sendVerification(services, request.userId, row);
}

/** Tells the devices of a user what changed. What they are not told now is told with what changes next. */
export async function tell(services: Services, userId: string, changed: Changed): Promise<void> {
  if (isNothing(changed)) return;
  const rows = await listPushSubscriptions(services.table, userId, services.now());
  await inParallel(
    rows.filter(row => row.verified),
    async row => {
      const wanted = ofTypes(changed, row.types);
      if (!isNothing(wanted)) await offer(services, userId, row, wanted);
    },
  );
}

/** Tells what a run committed, to the user whose account it is; nothing is read where nothing changed. */
export async function tellNoticed(services: Services, noticed: Noticed): Promise<void> {
  for (const [accountId, types] of Object.entries(noticed.changed())) {
    const account = await getAccount(services.table, accountId);
    if (!account) continue;
    const delivery = await deliveryOf(services, accountId, noticed);
    await tell(services, account.userId, { [accountId]: { ...types, ...delivery } });
  }
}

/**
 * The state of EmailDelivery (RFC 8621 section 1.5), where mail came that somebody may be waiting for. What is read
 * already, old, or sorted out changes it, too, but waits for the next push: nobody is to be woken for it.
 */
async function deliveryOf(services: Services, accountId: string, noticed: Noticed): Promise<object> {
  const delivered = noticed.delivered().get(accountId);
  if (!delivered) return {};
  const mailboxes = await listMailboxes(services.table, accountId);
  const quiet = new Set(mailboxes.filter(({ role }) => QUIET_ROLES.has(role ?? '')).map(({ id }) => id));
  const isAwaited = [...delivered.mailboxIds].some(id => !quiet.has(id));
  return isAwaited ? { EmailDelivery: delivered.state } : {};
}

/** Sends what is pending and what is new, or keeps it until the pause is over. */
async function offer(services: Services, userId: string, first: PushRow, wanted: Changed): Promise<void> {
  const { table } = services;
  let row: PushRow | null = first;
  for (let race = 0; row && race < MAX_RACES; race++) {
    const now = services.now();
    const pending = merged(row.pending ?? {}, wanted);
    if (isNothing(pending)) return;
    if (now < row.nextAt) {
      // One that was asked to tell it, and is not overdue, will find this, too.
      const flushAt = row.flushAt > now ? row.flushAt : row.nextAt;
      if (await putPushProgress(table, userId, row, { ...row, pending, flushAt })) {
        if (flushAt !== row.flushAt) await askAgain(services, userId, row.id, flushAt);
        return;
      }
    } else {
      // Who takes the turn sends; what is pending stays until it was taken.
      const turn = { ...row, pending, nextAt: now + row.pause, flushAt: 0 };
      if (await putPushProgress(table, userId, row, turn)) {
        return sendTurn(services, userId, { ...turn, version: row.version + 1 }, pending);
      }
    }
    row = await getPushSubscription(table, userId, first.id, services.now());
  }
}

async function sendTurn(services: Services, userId: string, row: PushRow, pending: Changed): Promise<void> {
  const { now: told, rest } = fitting(pending);
  const delivery = await sendChange(services, userId, row, told);
  if (delivery.outcome === 'gone') return;
  const next = withRest(after(row, delivery, pending, services.now()), rest);
  // Where somebody has added to it meanwhile, all of it is told once more after the pause: that is harmless.
  if (!(await putPushProgress(services.table, userId, row, next))) return;
  if (next.flushAt > 0) await askAgain(services, userId, row.id, next.flushAt);
}

/** What one message could not hold is told after the pause. */
function withRest(next: PushProgress, rest: Changed): PushProgress {
  return next.pending === null && !isNothing(rest) ? { ...next, pending: rest, flushAt: next.nextAt } : next;
}

async function askAgain(services: Services, userId: string, id: string, at: number): Promise<void> {
  const delaySeconds = Math.min(LONGEST_DELAY, Math.max(1, Math.ceil((at - services.now()) / 1000)));
  await services.pusher.ask({ userId, flush: id }, { delaySeconds });
}
