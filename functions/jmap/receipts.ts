import { z } from 'zod';
import { rawBlobId } from '../mime/blob-id.ts';
import { type Location, receiptId } from '../store/keys.ts';
import { listReceipts } from '../store/receipts.ts';
import type { ReceiptRow } from '../store/rows.ts';
import { utcDate } from './email-properties.ts';
import { MethodError } from './errors.ts';
import { accountMethod } from './methods.ts';
import { ACCOUNTS, type MailAccountReceipt } from './types.ts';

const LIMIT = 100;
const MAX_LIMIT = 500;

/** MailAccount/receipts: what was deleted at the server of one account, page by page; see MailAccountReceipt. */
export const mailAccountReceipts = accountMethod(
  'MailAccount/receipts',
  ACCOUNTS,
  {
    after: z.string().max(1_000).nullable().default(null),
    limit: z.int().min(1).max(MAX_LIMIT).default(LIMIT),
  },
  async ({ services, account }, { after, limit }) => {
    const rows = await listReceipts(services.table, account.id, { after: readPage(after), most: limit + 1 });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return { list: page.map(toReceipt), next: last ? pageAfter(last.location) : null };
  },
);

const pageAfter = (location: Location) => Buffer.from(location).toString('base64url');

function readPage(after: string | null): Location | null {
  if (after === null) return null;
  const location = Buffer.from(after, 'base64url').toString();
  if (/^(UID|UIDL)#[!-~]+$/.test(location)) return location;
  throw new MethodError('invalidArguments', 'after: this is no page of the receipts.');
}

function toReceipt({ location, emailId, sha256, size, at, policy, outcome }: ReceiptRow): MailAccountReceipt {
  const blobId = rawBlobId(sha256);
  const deletedAt = utcDate(at);
  return { id: receiptId(location), emailId, blobId, size, sha256, deletedAt, policy, outcome };
}
