import type { Id } from '../../../../functions/jmap/types.ts';
import { countBodies } from '../../mailbox/bodies.ts';
import { DAYS, type Forecast, forecast } from '../../mailbox/budget.ts';
import type { Database, KeepingRow, StoredEmail, StoredMailbox } from '../../mailbox/db.ts';
import { keepingOf } from '../../mailbox/keeping.ts';

/** Rows read at a time, so that a large account does not take all memory at once. */
const PAGE = 2000;

/** What the page shows of an account at once. */
export interface Budget {
  keeping: KeepingRow;
  used: number;
  kept: number;
  wanted: number;
  /** the list of all messages is not complete yet */
  listing: boolean;
  mailboxes: StoredMailbox[];
}

/** The budget of an account and what is used of it. */
export async function readBudget(db: Database, accountId: Id): Promise<Budget> {
  const [keeping, feed, { kept, wanted }, mailboxes] = await Promise.all([
    keepingOf(db, accountId),
    db.get('feeds', accountId),
    countBodies(db, accountId),
    db.getAllFromIndex('mailboxes', 'account', accountId),
  ]);
  const listing = feed === undefined || feed.listing !== null;
  return { keeping, used: feed?.bodyBytes ?? 0, kept, wanted, listing, mailboxes };
}

/** What each choice of days would take, and whether all messages are listed yet. */
export async function readForecast(
  db: Database,
  accountId: Id,
): Promise<{ days: Forecast[]; listed: number; complete: boolean }> {
  const measured: Pick<
    StoredEmail,
    'size' | 'hasAttachment' | 'bodySize' | 'receivedAt' | 'wanted' | 'kept'
  >[] = [];
  let from: Id = '';
  for (;;) {
    const range = IDBKeyRange.bound([accountId, from], [accountId, []], true);
    const rows = await db.getAll('emails', range, PAGE);
    for (const { size, hasAttachment, receivedAt, bodySize, wanted, kept } of rows) {
      measured.push({
        ...{ size, hasAttachment, receivedAt },
        ...(bodySize === undefined ? {} : { bodySize }),
        ...(wanted ? { wanted } : {}),
        ...(kept ? { kept } : {}),
      });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    from = last.id;
  }
  const feed = await db.get('feeds', accountId);
  const complete = feed !== undefined && feed.listing === null;
  return { days: forecast(measured, DAYS, Date.now()), listed: measured.length, complete };
}
