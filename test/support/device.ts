import 'fake-indexeddb/auto';
import type { BlobStore } from '../../pwa/src/mailbox/blobs.ts';
import { type Database, openMailbox } from '../../pwa/src/mailbox/db.ts';
import { pullChanges } from '../../pwa/src/mailbox/feed.ts';
import { listStep } from '../../pwa/src/mailbox/first-download.ts';
import { type JmapModel, jmapModel } from './jmap-model.ts';

let devices = 0;

/** An empty device: a database of its own in memory. */
export function emptyDevice(): Promise<Database> {
  devices += 1;
  return openMailbox(`device-${devices}`);
}

/** Brings a device up to the state of the server, the list of Emails included. */
export async function download(db: Database, model: JmapModel): Promise<void> {
  await pullChanges(db, model.accountId, model.call);
  while (await listStep(db, model.accountId, model.call));
}

/**
 * A server with an inbox, an archive and a trash, and `count` Emails in the inbox, the last one the newest.
 * @param threads the threads of the Emails in turn; without, each has its own
 */
export function serverWith(count: number, threads: readonly string[] = []): JmapModel {
  const model = jmapModel();
  for (const mailbox of ['inbox', 'archive', 'trash']) model.addMailbox(mailbox, mailbox);
  for (let position = 1; position <= count; position += 1) {
    const receivedAt = new Date(Date.UTC(2026, 0, 1) + position * 60_000).toISOString();
    const id = `e${position}`;
    const threadId = threads[(position - 1) % threads.length] ?? id;
    model.addEmail({ id, receivedAt, threadId });
  }
  return model;
}

/** The blobs that a server has, by their octets, and a device's cache of them. */
export function blobsOf(sizes: Record<string, number>): BlobStore & { kept: Map<string, number> } {
  const kept = new Map<string, number>();
  return {
    kept,
    async read(_accountId, { blobId }) {
      return new Blob(['b'.repeat(sizes[blobId ?? ''] ?? 0)]);
    },
    async keep(_accountId, { blobId }, blob) {
      kept.set(blobId ?? '', blob.size);
    },
    async drop(_accountId, blobIds) {
      for (const blobId of blobIds) kept.delete(blobId);
    },
  };
}
