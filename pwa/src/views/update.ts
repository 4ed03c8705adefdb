import { useEffect, useState } from 'preact/hooks';
import { ownScript } from '../trusted.ts';

let waiting: ServiceWorker | null = null;
const listeners = new Set<() => void>();

function offer(worker: ServiceWorker | null): void {
  waiting = worker;
  for (const listener of listeners) listener();
}

let replaced = false;

/** True once another tab let a new version in: this one runs the old one still, whose files are gone. */
export const isReplaced = (): boolean => replaced;

/** Begins anew with the version that has taken over, while nobody looks and nothing is being filled in. */
function leaveUnseen(): void {
  const isFree = document.visibilityState === 'hidden' && !document.querySelector('form, dialog[open]');
  if (replaced && isFree) location.reload();
}

/** Registers the service worker, and watches for a new version of the app, which is offered and never forced. */
export async function watchForUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const hadOne = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first one of all takes over a page of its own version.
    replaced = hadOne;
    leaveUnseen();
  });
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
    leaveUnseen();
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

/** How long the newest version may take to come, in milliseconds. */
const COMING = 15_000;

/** Starts the app again, with a newer version where there is one. */
export async function startAnew(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  await registration?.update().catch(() => {});
  const worker = registration?.installing ?? registration?.waiting ?? null;
  if (worker) await installed(worker);
  if (worker && navigator.serviceWorker.controller) applyUpdate(worker);
  else location.reload();
}

function installed(worker: ServiceWorker): Promise<void> {
  return new Promise(resolve => {
    const check = () => worker.state !== 'installing' && resolve();
    worker.addEventListener('statechange', check);
    setTimeout(resolve, COMING);
    check();
  });
}
