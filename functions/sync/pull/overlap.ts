/**
 * What keeps the network, the blobs and the table busy at once, for runs and imports alike: no step waits for a later
 * one.
 */

/** Blobs under way at once: hides the store's latency without holding many messages in memory. */
const PARALLEL_PUTS = 48;
/** Octets held by them at once: sizes as a source lists them may be wrong by any measure. */
const HELD_BYTES = 16 * 1024 * 1024;

/** Messages that are being made durable. */
export interface Puts {
  /** Begins one, which holds so many octets; waits when too many are under way. Never throws. */
  add(octets: number, put: () => Promise<void>): Promise<void>;
  /** Whether one has failed: what follows it is in vain. */
  hasFailed(): boolean;
  /** Waits until all have ended; throws what the first failure was. */
  all(): Promise<void>;
}

/** Puts under way, bounded in number and octets. */
export function createPuts(): Puts {
  const waiting = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let held = 0;
  return {
    async add(octets, begin) {
      held += octets;
      const put: Promise<void> = begin()
        .catch(error => void failures.push(error))
        .finally(() => {
          held -= octets;
          waiting.delete(put);
        });
      waiting.add(put);
      while (waiting.size >= PARALLEL_PUTS || (waiting.size > 0 && held > HELD_BYTES)) {
        await Promise.race(waiting);
      }
    },
    hasFailed: () => failures.length > 0,
    async all() {
      await Promise.all(waiting);
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Commits in order, one at a time, each under way while the next slice is made ready. */
export interface Commits {
  /** Begins one after the one before it has ended; throws what that one threw. */
  begin(commit: () => Promise<unknown>): Promise<void>;
  /** Waits for the last one; throws what it threw. */
  ended(): Promise<void>;
}

/** Whoever uses it awaits `ended`, so that no failure is lost. */
export function createCommits(): Commits {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async begin(commit) {
      await last;
      last = commit();
      last.catch(() => {});
    },
    async ended() {
      await last;
    },
  };
}
