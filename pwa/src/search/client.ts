import { isSignedIn } from '../session/tokens.ts';
import { ownScript } from '../trusted.ts';
import type { Hit, Search } from './find.ts';
import { CHANNEL, FOLDER, type FromIndex, type IndexStatus, type ToIndex } from './protocol.ts';
import workerUrl from './worker.ts?worker&url';

/** Longest wait for an answer of the index while it is there, in milliseconds. */
const PATIENCE = 5_000;

let channel: BroadcastChannel | null = null;
let latest: IndexStatus = { state: 'opening', searched: 0, total: 0 };
const watchers = new Set<(status: IndexStatus) => void>();
interface Waiting {
  again(): void;
  /** The index is being opened: silence means nothing. */
  hold(): void;
  settle(hits: Hit[] | null): void;
}
const waiting = new Map<string, Waiting>();

function open(): BroadcastChannel {
  if (channel) return channel;
  channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<FromIndex>) => hear(event.data);
  return channel;
}

const say = (message: ToIndex) => open().postMessage(message);

function hear(message: FromIndex): void {
  if (message.kind === 'found') waiting.get(message.ask)?.settle(message.hits);
  else if (message.kind === 'failed') waiting.get(message.ask)?.settle(null);
  else if (message.kind === 'status') {
    const arrived = latest.state === 'opening' && message.status.state !== 'opening';
    latest = message.status;
    for (const watcher of watchers) watcher(latest);
    // What was asked before there was anybody to answer.
    if (arrived) for (const one of waiting.values()) one.again();
    if (latest.state === 'opening') for (const one of waiting.values()) one.hold();
  }
}

let started = false;

/**
 * Sees to it that the index is kept, by this tab or another: the tab that holds the lock has the worker, and the next
 * one takes over when it goes.
 */
export function startIndex(): void {
  if (started) return;
  started = true;
  say({ kind: 'status?' });
  void navigator.locks?.request(CHANNEL, async () => {
    // The tab has left meanwhile, or somebody signed out.
    if (!(await isSignedIn())) return;
    // The tab that had the index is gone.
    hear({ kind: 'status', status: { ...latest, state: 'opening' } });
    const worker = new Worker(ownScript(workerUrl), { type: 'module', name: 'search' });
    await new Promise<void>(resolve => {
      worker.onerror = () => resolve();
    });
    worker.terminate();
    hear({ kind: 'status', status: { ...latest, state: 'unavailable' } });
    // Its code could not be fetched: it may be when the network is back.
    started = false;
    addEventListener('online', startIndex, { once: true });
  });
}

/** Calls `watcher` with how the index stands, now and whenever that changes. Returns how to stop. */
export function watchIndex(watcher: (status: IndexStatus) => void): () => void {
  watchers.add(watcher);
  watcher(latest);
  return () => watchers.delete(watcher);
}

/** The next hits on this device, newest first; null when the index cannot answer. */
export function findHere(search: Search, signal: AbortSignal): Promise<Hit[] | null> {
  if (latest.state === 'unavailable' || !navigator.locks) return Promise.resolve(null);
  const ask = crypto.randomUUID();
  return new Promise(resolve => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (hits: Hit[] | null) => {
      clearTimeout(timer);
      waiting.delete(ask);
      resolve(hits);
    };
    const again = () => {
      say({ kind: 'find', ask, search });
      clearTimeout(timer);
      // Nobody answers while the code is loaded; after that, silence means that the owner is frozen or gone.
      if (latest.state !== 'opening') timer = setTimeout(settle, PATIENCE, null);
    };
    waiting.set(ask, { again, hold: () => clearTimeout(timer), settle });
    signal.addEventListener('abort', () => settle(null), { once: true });
    again();
  });
}

/** Removes the index from the device, whichever tab has it. */
export async function forgetIndex(): Promise<void> {
  if (!navigator.storage?.getDirectory || !navigator.locks) return;
  const { held = [] } = await navigator.locks.query();
  if (held.some(lock => lock.name === CHANNEL)) {
    await new Promise<void>(resolve => {
      open().addEventListener('message', event => event.data.kind === 'forgotten' && resolve());
      setTimeout(resolve, 2_000);
      say({ kind: 'forget' });
    });
  }
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true }).catch(() => {});
}
