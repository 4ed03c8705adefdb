/** One message that somebody shared with the app, or opened with it, as a file: it lies in a cache until it was read. */
const CACHE = 'mailferry-shared';
const KEY = '/shared/message';
/** The name of the field in which the platform hands over the file; see the manifest. */
const FIELD = 'message';

/** A message as a file. */
export interface SharedFile {
  name: string;
  blob: Blob;
}

/** Keeps a file until it was read; the one before it goes. */
async function keepShared(file: File): Promise<void> {
  const cache = await caches.open(CACHE);
  const headers = { 'content-type': 'message/rfc822', 'x-name': encodeURIComponent(file.name) };
  await cache.put(KEY, new Response(file, { headers }));
}

/** The file that was shared last, or null. */
export async function readShared(): Promise<SharedFile | null> {
  const found = await (await caches.open(CACHE)).match(KEY);
  if (!found) return null;
  return { name: decodeURIComponent(found.headers.get('x-name') ?? ''), blob: await found.blob() };
}

/** Forgets it. */
export async function forgetShared(): Promise<void> {
  await caches.delete(CACHE);
}

/** Answers the platform's share (Web Share Target, a POST to the page that shows it). For the service worker. */
export async function receiveShare(request: Request): Promise<Response> {
  const field = (await request.formData().catch(() => null))?.get(FIELD);
  if (field instanceof File) await keepShared(field);
  return Response.redirect('/shared', 303);
}

/** The part of the File Handling API that is used (Chromium only), which the TypeScript library does not know. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { files?: readonly FileSystemFileHandle[] }) => void): void;
}

/** Takes over files that the platform opens with the app; `onFile` is called when one is kept. */
export function watchLaunches(onFile: () => void): void {
  const queue = (window as { launchQueue?: LaunchQueue }).launchQueue;
  queue?.setConsumer(({ files }) => {
    const [handle] = files ?? [];
    if (!handle) return;
    handle
      .getFile()
      .then(keepShared)
      .then(onFile, () => {});
  });
}
