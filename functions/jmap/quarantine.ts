import { z } from 'zod';
import { rawBlobId } from '../mime/blob-id.ts';
import { saidOtherwise } from '../sentences/say.ts';
import { quarantineId } from '../store/keys.ts';
import { listQuarantine } from '../store/mailboxes.ts';
import type { QuarantineRow } from '../store/rows.ts';
import { utcDate } from './email-properties.ts';
import { wantedIds } from './get.ts';
import { LIMITS } from './limits.ts';
import { accountMethod, idSchema } from './methods.ts';
import { ACCOUNTS, type QuarantinedMessage } from './types.ts';

/**
 * MailAccount/quarantine: the messages of an account that could not be handled, the latest first, from `position` on
 * and at most `limit` of them; `total` is how many there are.
 */
export const mailAccountQuarantine = accountMethod(
  'MailAccount/quarantine',
  ACCOUNTS,
  {
    position: z.int().nonnegative().default(0),
    limit: z.int().nonnegative().max(LIMITS.maxObjectsInGet).default(LIMITS.maxObjectsInGet),
  },
  async ({ services, account }, { position, limit }) => {
    const rows = await listQuarantine(services.table, account.id);
    const all = rows.map(quarantinedMessage).sort(latestFirst);
    return { position, total: all.length, list: all.slice(position, position + limit) };
  },
);

/**
 * MailAccount/retry: asks for a run that tries these messages of the quarantine once more (null: all), and nothing else
 * of it. What still cannot be handled stays there with the new reason.
 */
export const mailAccountRetry = accountMethod(
  'MailAccount/retry',
  ACCOUNTS,
  { ids: z.array(idSchema).nullable().default(null) },
  async (context, args) => {
    const { services, account } = context;
    const rows = await listQuarantine(services.table, account.id);
    const known = new Set(rows.map(row => quarantineId(row.location)));
    const ids = wantedIds(context, args.ids);
    const queued = (ids ?? [...known]).filter(id => known.has(id));
    if (queued.length > 0) {
      const retry = { since: services.now(), ids: ids && queued };
      await services.queue.send([{ accounts: [account.id], reason: 'asked', retry }]);
    }
    return { queued, notFound: (ids ?? []).filter(id => !known.has(id)) };
  },
);

function quarantinedMessage(row: QuarantineRow): QuarantinedMessage {
  return {
    id: quarantineId(row.location),
    mailbox: row.path,
    uid: row.uid,
    size: row.size ?? null,
    code: row.code,
    reason: row.reason,
    reasonSentence: saidOtherwise(`message/${row.code}`, row.reason),
    sha256: row.sha256,
    blobId: row.sha256 && rawBlobId(row.sha256),
    since: utcDate(row.since ?? row.at),
    triedAt: utcDate(row.at),
  };
}

function latestFirst(a: QuarantinedMessage, b: QuarantinedMessage): number {
  if (a.since !== b.since) return a.since < b.since ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}
