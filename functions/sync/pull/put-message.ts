import { createHash } from 'node:crypto';
import type { Blobs } from '../../services.ts';
import { blobKeys } from '../../store/keys.ts';
import { removeSpooled, type Spooled } from './spool.ts';

/**
 * Makes the bytes of a message durable, and removes its temporary file. Gives what its summary is made of. `check`
 * throws where nothing is to be stored any more. What is there already is put again: it may be an orphan that the sweep
 * is about to discard, and only a new put keeps it (`sweep/orphans.ts`).
 */
export async function putMessage(
  blobs: Blobs,
  accountId: string,
  message: { raw: Buffer } | { file: Spooled },
  check: () => void = () => {},
): Promise<Omit<Spooled, 'path'>> {
  const keyOf = (sha256: string) => blobKeys.raw(accountId, sha256);
  if ('raw' in message) {
    check();
    const { raw } = message;
    const sha256 = createHash('sha256').update(raw).digest('hex');
    await blobs.put(keyOf(sha256), raw, 'message/rfc822');
    return { sha256, size: raw.length, head: raw };
  }
  try {
    check();
    await blobs.putFile(keyOf(message.file.sha256), message.file.path, 'message/rfc822');
  } finally {
    await removeSpooled(message.file);
  }
  return message.file;
}
