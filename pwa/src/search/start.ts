/** The wait before the index's code is fetched, and for the app to have nothing else to do, in milliseconds. */
const SETTLED = 3_000;
const IDLE = 20_000;

/** Begins to keep the search index once the app is idle, and the service worker is there to keep its code. */
export async function keepIndexWhenIdle(): Promise<void> {
  await navigator.serviceWorker?.ready;
  await new Promise(resolve => setTimeout(resolve, SETTLED));
  await new Promise(resolve => {
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in globalThis) requestIdleCallback(resolve, { timeout: IDLE });
    else setTimeout(resolve, SETTLED);
  });
  const { startIndex } = await import('./client.ts');
  startIndex();
}
