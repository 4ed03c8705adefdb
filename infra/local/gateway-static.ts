import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { CACHE_IMMUTABLE, CACHE_REVALIDATE } from '../web-headers.ts';
import { ignoreMissing } from './durable-file.ts';
import { sendText } from './http.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** Names that Vite makes: `assets/index-D3adB33f.js`. */
const HASHED = /^assets\/.*-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

interface StaticFile {
  bytes: Buffer;
  etag: string;
  type: string;
  cache: string;
}

/**
 * Serves the built app below `folder`, as CloudFront does from S3: files by their path, the app's page for any
 * other path that a person navigates to, 404 for the rest. No path leaves the folder, and names that begin with a
 * dot are not served. Compression would cost more than it saves on loopback, so there is none.
 */
export function staticFiles(
  folder: string,
): (path: string, request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const files = new Map<string, { stamp: string; file: StaticFile }>();

  const load = async (name: string): Promise<StaticFile | null> => {
    const path = join(folder, name);
    const found = await stat(path).catch(ignoreMissing);
    if (!found?.isFile()) return null;
    const stamp = `${found.mtimeMs}-${found.size}-${found.ino}`;
    const known = files.get(name);
    if (known?.stamp === stamp) return known.file;
    const file = describe(name, await readFile(path));
    files.set(name, { stamp, file });
    return file;
  };

  return async (path, request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendText(response, 405, 'Only GET and HEAD are possible here.');
    }
    const name = fileNameOf(path);
    const file = (name && (await load(name))) || (isNavigation(name, request) && (await load('index.html')));
    if (file) return sendFile(file, request, response);
    if (isNavigation(name, request)) {
      return sendText(response, 503, 'The app is not built yet. Start Mailferry with npm start.');
    }
    sendText(response, 404, 'There is nothing at this address.');
  };
}

/** The file that a path names, relative to the app; '' for the top; null for a path that may not be looked up. */
function fileNameOf(path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  const segments = decoded.slice(1).split('/');
  if (decoded === '/') return '';
  const safe = segments.every(segment => /^[^.\\/\0][^\\/\0]*$/.test(segment));
  return safe ? segments.join('/') : null;
}

/** A person going to a page of the app, rather than a page of the app asking for a file. */
function isNavigation(name: string | null, request: IncomingMessage): boolean {
  if (name === null) return false;
  return name === '' || (extname(name) === '' && (request.headers.accept ?? '').includes('text/html'));
}

function describe(name: string, bytes: Buffer): StaticFile {
  return {
    bytes,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
    type: TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream',
    cache: HASHED.test(name) ? CACHE_IMMUTABLE : CACHE_REVALIDATE,
  };
}

function sendFile(file: StaticFile, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('etag', file.etag);
  response.setHeader('cache-control', file.cache);
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .map(tag => tag.trim().replace(/^W\//, ''));
  if (known.includes(file.etag)) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.setHeader('content-type', file.type);
  response.setHeader('content-length', file.bytes.length);
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}
