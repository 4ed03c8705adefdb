import { useLayoutEffect, useState } from 'preact/hooks';
import type { StoredBody } from '../../mailbox/db.ts';
import { loadPictures, type Pictures } from './pictures.ts';

/** `blob:` addresses of the pictures inside a message by Content-ID; null until all are here or known to be missing. */
export function usePictures(body: StoredBody): ReadonlyMap<string, string> | null {
  const [loaded, setLoaded] = useState<Pictures | null>(null);
  useLayoutEffect(() => {
    let stopped = false;
    let own: Pictures | null = null;
    void loadPictures(body).then(found => {
      own = found;
      if (stopped) found.release();
      else setLoaded(found);
    });
    return () => {
      stopped = true;
      own?.release();
    };
  }, [body]);
  return loaded?.pictures ?? null;
}
