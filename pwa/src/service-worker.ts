/// <reference lib="webworker" />

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';
import { BLOB_CACHE, blobKey } from './mailbox/blobs.ts';
import { flushAll } from './mailbox/cycle.ts';
import { receiveShare } from './mailbox/shared-file.ts';
import { open, receive } from './push/receive.ts';
import { keepSubscribed } from './push/subscription.ts';

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

/** Background Sync (Chromium only), which the TypeScript library does not know. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

// Every address of the app is the same page; those of the server are not ours to answer.
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/jmap\//, /^\/oidc(\/|$)/, /^\/\.well-known\//, /^\/config\.json$/],
  }),
);

registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === '/config.json',
  new NetworkFirst({ cacheName: 'mailferry-config' }),
);

// A message that the platform shares with the app: no server has to see it before the person does.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === '/shared',
  ({ request }) => receiveShare(request),
  'POST',
);

/** Files of the search index that are kept: those of two versions. */
const SEARCH_FILES = 8;

// The search index's worker and SQLite's WebAssembly are no part of a first load: they are kept when they were first
// used, which the app does once it is idle.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/assets/search/'),
  new CacheFirst({
    cacheName: 'mailferry-search',
    matchOptions: { ignoreVary: true },
    plugins: [
      {
        cacheDidUpdate: async ({ cacheName }) => {
          const cache = await caches.open(cacheName);
          for (const request of (await cache.keys()).slice(0, -SEARCH_FILES)) await cache.delete(request);
        },
      },
    ],
  }),
);

const DOWNLOAD = /^\/jmap\/download\/([^/]+)\/([^/]+)\//;

// Blobs are immutable: what the app kept is never asked for again. Keeping more is the app's decision, which
// knows the budget.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && DOWNLOAD.test(url.pathname),
  new CacheFirst({
    cacheName: BLOB_CACHE,
    matchOptions: { ignoreVary: true },
    plugins: [
      {
        cacheKeyWillBeUsed: async ({ request }) => {
          const [, accountId = '', blobId = ''] = DOWNLOAD.exec(new URL(request.url).pathname) ?? [];
          return blobKey(accountId, blobId);
        },
        cacheWillUpdate: async () => null,
      },
    ],
  }),
);

self.addEventListener('sync', event => {
  const sync = event as SyncEvent;
  if (sync.tag === 'outbox') sync.waitUntil(flushAll());
});

self.addEventListener('push', event => event.waitUntil(receive(jsonOf(event.data))));

self.addEventListener('notificationclick', event => event.waitUntil(open(event.notification)));

// The browser has taken the subscription away, or made another: the server has to know.
self.addEventListener('pushsubscriptionchange', event =>
  (event as ExtendableEvent).waitUntil(keepSubscribed(self.registration).catch(() => {})),
);

/** What a push holds; null for what is no JSON. */
function jsonOf(data: PushMessageData | null): unknown {
  try {
    return data?.json();
  } catch {
    return null;
  }
}

self.addEventListener('message', event => {
  if (event.data === 'skip-waiting') void self.skipWaiting();
});

self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
