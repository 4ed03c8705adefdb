import type { EmailBodyPart, Id } from '../../../../functions/jmap/types.ts';
import { mailbox } from '../../mailbox/db.ts';
import { openFile } from '../../mailbox/files.ts';
import { deviceBlobs } from '../../mailbox/server.ts';

/** What is needed of a part to fetch it. */
export type BlobPart = Pick<EmailBodyPart, 'blobId' | 'name' | 'type'>;

/**
 * A part of a message that the person opens, from this device or else from the server, and kept from then on.
 * @throws Unreachable, SignInNeeded, RequestRefused
 */
export async function openPart(email: { accountId: Id; id: Id }, part: BlobPart): Promise<Blob> {
  return openFile(await mailbox(), deviceBlobs, email, part);
}

/** The text of octets in the charset that a part names; UTF-8 where it names none or one that nobody knows. */
export async function decodeText(blob: Blob, charset: string | null): Promise<string> {
  const octets = await blob.arrayBuffer();
  try {
    return new TextDecoder(charset && !/^us-ascii$/i.test(charset) ? charset : 'utf-8').decode(octets);
  } catch {
    return new TextDecoder().decode(octets);
  }
}
