import type { StoredBody } from '../../mailbox/db.ts';
import { inlineParts } from '../../mailbox/files.ts';
import { deviceBlobs } from '../../mailbox/server.ts';

/** The pictures inside a message, at addresses that last until they are released. */
export interface Pictures {
  /** `blob:` addresses by Content-ID; what is missing is not in it */
  pictures: ReadonlyMap<string, string>;
  release(): void;
}

/** Reads the pictures that the HTML of a message shows, from the device or else from the server. */
export async function loadPictures(body: StoredBody): Promise<Pictures> {
  const pictures = new Map<string, string>();
  await Promise.all(
    inlineParts(body).map(async part => {
      const blob = await deviceBlobs.read(body.accountId, part).catch(() => null);
      if (!blob || !part.cid) return;
      // Only a picture may be shown, whatever else the sender put under this name.
      const type = part.type.startsWith('image/') ? part.type : 'image/png';
      pictures.set(part.cid, URL.createObjectURL(new Blob([blob], { type })));
    }),
  );
  return {
    pictures,
    release() {
      for (const address of pictures.values()) URL.revokeObjectURL(address);
    },
  };
}
