import { CORE, type Id, type MailExport, type Session } from '../../../functions/jmap/types.ts';
import { authorisedFetch, type Call, type TokenSource } from '../jmap/client.ts';
import { RequestRefused, Unreachable } from '../jmap/errors.ts';

/** Octets that have gone so far. */
export type OnProgress = (octets: number) => void;

/** Longest wait for a whole file of an export, in milliseconds. */
const DOWNLOAD_TIMEOUT = 4 * 3_600_000;

/** What the server answers when it is asked where to send a file. */
interface UploadPlace {
  blobId: Id | null;
  url: string | null;
}

/**
 * Sends a file that is to be imported, and answers its blobId: to the session's uploadUrl (RFC 8620 section 6.1), or
 * where it is too large for that to an address made for it, which takes no token.
 * @throws Unreachable when the network is lost or `signal` ends it; RequestRefused
 */
export async function uploadFile(
  where: { session: Session; token: TokenSource; call: Call; accountId: Id },
  file: Blob,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Id> {
  const { session, token, call, accountId } = where;
  const size = file.size;
  const place = isSmall(session, size)
    ? { blobId: null, url: null }
    : (await call([['MailImport/upload', { accountId, size }, 'u']])).of<UploadPlace>('u');
  if (place.url !== null && place.blobId !== null) {
    await send('PUT', place.url, file, {}, onProgress, signal);
    return place.blobId;
  }
  const url = session.uploadUrl.replace('{accountId}', encodeURIComponent(accountId));
  const headers = async (renew: boolean) => ({
    authorization: `Bearer ${await token(renew)}`,
    // Gateways hand over text types as text, and lose octets that are none.
    'content-type': 'application/octet-stream',
  });
  // The token is our server's alone.
  const own = new URL(new URL(url, location.origin).pathname, location.origin).href;
  const answer = await send('POST', own, file, await headers(false), onProgress, signal).catch(
    async (error: unknown) => {
      if (!(error instanceof RequestRefused) || error.status !== 401) throw error;
      return send('POST', own, file, await headers(true), onProgress, signal);
    },
  );
  return (JSON.parse(answer) as { blobId: Id }).blobId;
}

function isSmall(session: Session, size: number): boolean {
  const { maxSizeUpload = 0 } = (session.capabilities[CORE] ?? {}) as { maxSizeUpload?: number };
  return size <= maxSizeUpload;
}

/** `fetch` cannot tell how much of a body has gone. */
function send(
  method: 'PUT' | 'POST',
  url: string,
  body: Blob,
  headers: Record<string, string>,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () =>
      request.status >= 200 && request.status < 300
        ? resolve(request.responseText)
        : reject(new RequestRefused(request.status, 'upload', `HTTP ${request.status}`));
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(new Unreachable('stopped'));
    signal.addEventListener('abort', () => request.abort());
    if (signal.aborted) request.abort();
    else request.send(body);
  });
}

/**
 * Downloads one file of an export. The browser keeps what has come outside of the memory.
 * @param into where the octets go, such as a file that the person has chosen; else they are answered as a Blob
 */
export async function downloadExport(
  token: TokenSource,
  { url }: Pick<MailExport['files'][number], 'url'>,
  onProgress: OnProgress,
  into?: WritableStream<Uint8Array>,
): Promise<Blob | null> {
  const response = await authorisedFetch(url, token, {}, DOWNLOAD_TIMEOUT);
  if (!response.ok || !response.body) {
    throw new RequestRefused(response.status, 'noBlob', `HTTP ${response.status}`);
  }
  let octets = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        octets += chunk.byteLength;
        onProgress(octets);
        controller.enqueue(chunk);
      },
    }),
  );
  try {
    if (!into) return await new Response(counted).blob();
    await counted.pipeTo(into);
    return null;
  } catch (error) {
    throw new Unreachable(error);
  }
}
