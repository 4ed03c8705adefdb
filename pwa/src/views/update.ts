import { useEffect, useState } from 'preact/hooks';
import { ownScript } from '../trusted.ts';

let waiting: ServiceWorker | null = null;
const listeners = new Set<() => void>();

function offer(worker: ServiceWorker | null): void {
  waiting = worker;
  for (const listener of listeners) listener();
}

/** Registers the service worker, and watches for a new version of the app, which is offered and never forced. */
export async function watchForUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const registration = await navigator.serviceWorker.register(ownScript('/service-worker.js'), {
    updateViaCache: 'none',
  });
  const consider = (worker: ServiceWorker | null) => {
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller) offer(worker);
    });
  };
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  consider(registration.installing);
  registration.addEventListener('updatefound', () => consider(registration.installing));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => {});
  });
}

/** The new version that waits, or null. */
export function useUpdate(): ServiceWorker | null {
  const [worker, setWorker] = useState(waiting);
  useEffect(() => {
    const listener = () => setWorker(waiting);
    listeners.add(listener);
    // One may have been offered between the first rendering and now.
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return worker;
}

/** Lets the new version take over. What waits in the outbox is in the database, and stays. */
export function applyUpdate(worker: ServiceWorker): void {
  // Another tab let it in already: this one only has to begin anew.
  if (worker.state !== 'installed') {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  worker.postMessage('skip-waiting');
}
