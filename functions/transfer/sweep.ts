import type { Services } from '../services.ts';
import { deleteJob, listExports, listImports } from '../store/jobs.ts';
import { blobKeys } from '../store/keys.ts';
import { chunk } from '../store/table.ts';

const DELETE_BATCH = 1_000;
/** How long what was uploaded waits to be imported. */
const UPLOAD_MS = 7 * 86_400_000;

/**
 * Removes the files of exports that are over or were destroyed, and files that were uploaded a week ago and never
 * imported. On AWS rules of table and bucket do the same, a while later.
 */
export async function sweep({ table, blobs, now }: Services, accountId: string): Promise<void> {
  const at = now();
  const kept = new Set<string>();
  const [exports, imports] = await Promise.all([
    listExports(table, accountId),
    listImports(table, accountId),
  ]);
  for (const { id, expires } of exports) {
    if (expires === undefined || expires * 1000 > at) kept.add(id);
    else await deleteJob(table, { kind: 'export', accountId, id });
  }
  for (const { id, expires } of imports) {
    if (expires !== undefined && expires * 1000 <= at)
      await deleteJob(table, { kind: 'import', accountId, id });
  }
  const gone: string[] = [];
  for await (const key of blobs.list(blobKeys.exports(accountId))) {
    if (!kept.has(key.split('/')[2] ?? '')) gone.push(key);
  }
  const underWay = new Set(imports.filter(job => job.endedAt === undefined).map(job => job.blobKey));
  const files = blobKeys.uploadedFile(accountId, '');
  for await (const key of blobs.list(files)) {
    const isOld = uploadedAt(key.slice(files.length)) + UPLOAD_MS <= at;
    if (isOld && !underWay.has(key)) gone.push(key);
  }
  for (const batch of chunk(gone, DELETE_BATCH)) await blobs.delete(batch);
}

const TIME_DIGITS = 9;

/** An id for a file to be uploaded, which tells when that was. */
export const uploadId = (now: number, random: string): string =>
  now.toString(36).padStart(TIME_DIGITS, '0') + random;

const uploadedAt = (id: string): number => Number.parseInt(id.slice(0, TIME_DIGITS), 36);
