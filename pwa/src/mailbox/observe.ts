/**
 * Tells the views of every tab that something in the database changed. A message names what changed and
 * carries no data: whoever hears it reads IndexedDB again.
 */
export type Topic =
  | 'accounts'
  | 'mailboxes'
  | 'emails'
  | 'bodies'
  | 'outbox'
  | 'feeds'
  | 'status'
  | 'settings';

type Listener = (topics: readonly Topic[]) => void;

const listeners = new Set<Listener>();
let channel: BroadcastChannel | null = null;

function open(): BroadcastChannel {
  if (!channel) {
    channel = new BroadcastChannel('mailferry');
    channel.onmessage = (event: MessageEvent<Topic[]>) => tell(event.data);
    // Under Node.js (tests) an open channel would keep the process alive.
    (channel as { unref?: () => void }).unref?.();
  }
  return channel;
}

function tell(topics: readonly Topic[]): void {
  for (const listener of [...listeners]) listener(topics);
}

/** Tells this tab and all others. Call it after the transaction is complete. */
export function announce(...topics: Topic[]): void {
  open().postMessage(topics);
  tell(topics);
}

/** Calls `listener` whenever one of the topics changed, in any tab. Returns how to stop. */
export function observe(topics: readonly Topic[], listener: () => void): () => void {
  open();
  const filtered: Listener = changed => {
    if (changed.some(topic => topics.includes(topic))) listener();
  };
  listeners.add(filtered);
  return () => listeners.delete(filtered);
}
