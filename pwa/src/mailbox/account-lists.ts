import type { Id, MailAccountReceipt, QuarantinedMessage } from '../../../functions/jmap/types.ts';
import type { Call } from '../jmap/client.ts';

/** Lists of an account that the server keeps, page by page. They are not on the device. */

/** One page of receipts, and where the next begins; null after the last. */
export interface ReceiptPage {
  list: MailAccountReceipt[];
  next: string | null;
}

const PAGE = 50;

/** Proofs of what was removed at the source. */
export async function receiptsAfter(call: Call, accountId: Id, after: string | null): Promise<ReceiptPage> {
  const answers = await call([['MailAccount/receipts', { accountId, after, limit: PAGE }, 'r']]);
  return answers.of<ReceiptPage>('r');
}

/** What could not be handled: the `count` latest, and how many there are. */
export async function quarantineOf(
  call: Call,
  accountId: Id,
  count: number,
): Promise<{ total: number; list: QuarantinedMessage[] }> {
  const answers = await call([['MailAccount/quarantine', { accountId, limit: count }, 'q']]);
  return answers.of('q');
}

/** Has these tried once more (null: all); answers how many. */
export async function retryQuarantined(
  call: Call,
  accountId: Id,
  ids: readonly Id[] | null,
): Promise<number> {
  const answers = await call([['MailAccount/retry', { accountId, ids }, 'r']]);
  return answers.of<{ queued: Id[] }>('r').queued.length;
}
