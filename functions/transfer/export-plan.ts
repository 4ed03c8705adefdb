import type { Table } from '../services.ts';
import { listEmails } from '../store/emails.ts';
import type { ExportJob } from '../store/jobs.ts';

/** An Email that is written to a file of an export. */
export interface ExportedEmail {
  id: string;
  sha256: string;
  /** Octets. */
  size: number;
  /** Ms since the epoch. */
  receivedAt: number;
  subject: string | null;
  mailboxIds: readonly string[];
  keywords: readonly string[];
}

/** What one file of an export holds. */
export interface ExportPart {
  emails: ExportedEmail[];
  /** Whether no Email follows. */
  isLast: boolean;
}

/** How much a file may hold: it is written by one run, and has to be finished within its time. */
export const PART_LIMITS = { emails: 20_000, bytes: 1024 ** 3 };

/**
 * The Emails of the next file, newest first: as many as it may hold. Where runs before came to nothing, each time half
 * as many; at least one. What is in `written` already is left out.
 */
export async function planPart(
  table: Table,
  accountId: string,
  job: Pick<ExportJob, 'type' | 'after' | 'attempts'>,
  limits = PART_LIMITS,
  written: { has(emailId: string): boolean } = new Set(),
): Promise<ExportPart> {
  const share = 2 ** Math.max(0, job.attempts - 1);
  const emails: ExportedEmail[] = [];
  let bytes = 0;
  const from = job.after === null ? {} : { before: job.after };
  for await (const page of listEmails(table, accountId, from)) {
    for (const { summary, state } of page) {
      const { emailId: id, sha256, size, receivedAt, subject } = summary;
      if (written.has(id)) continue;
      const copies = job.type === 'zip' ? Math.max(1, state.mailboxIds.length) : 1;
      bytes += size * copies;
      const isFull = emails.length >= limits.emails / share || bytes > limits.bytes / share;
      if (isFull && emails.length > 0) return { emails, isLast: false };
      const { mailboxIds, keywords } = state;
      emails.push({ id, sha256, size, receivedAt, subject, mailboxIds, keywords });
    }
  }
  return { emails, isLast: true };
}
