import { useEffect, useState } from 'preact/hooks';
import { readBlob } from '../../mailbox/blobs.ts';
import type { StoredBody } from '../../mailbox/db.ts';
import { inlineParts } from '../../mailbox/files.ts';
import { readSetting } from '../../mailbox/settings.ts';
import { bearerToken } from '../../session/tokens.ts';

/** `blob:` addresses of the pictures inside a message by Content-ID; null until all are here or known to be missing. */
export function usePictures(body: StoredBody): ReadonlyMap<string, string> | null {
  const [pictures, setPictures] = useState<ReadonlyMap<string, string> | null>(null);
  useEffect(() => {
    let stopped = false;
    const addresses = new Map<string, string>();
    const load = async () => {
      const session = await readSetting('session');
      await Promise.all(
        inlineParts(body).map(async part => {
          const blob = await readBlob(session, bearerToken, body.accountId, part).catch(() => null);
          // Only a picture may be shown, whatever else the sender put under this name.
          const type = part.type.startsWith('image/') ? part.type : 'image/png';
          if (blob && part.cid && !stopped) {
            addresses.set(part.cid, URL.createObjectURL(new Blob([blob], { type })));
          }
        }),
      );
      if (!stopped) setPictures(addresses);
    };
    void load();
    return () => {
      stopped = true;
      for (const address of addresses.values()) URL.revokeObjectURL(address);
    };
  }, [body]);
  return pictures;
}
