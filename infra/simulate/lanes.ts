/** Lambda behind a queue: at most so many invocations at a time, the oldest message first. Times in ms. */

export interface Lanes<T> {
  /** Puts a message on the queue. */
  add(message: T, at: number): void;
  /** Begins all messages that can be begun before `until`; `work` says how long each takes. */
  run(until: number, work: (message: T, at: number, queuedAt: number) => number): void;
  waiting(): number;
  /** Invocations that are under way at this time. */
  active(at: number): number;
  /** The most that were ever under way at once. */
  peak(): number;
  /** When the oldest message that waits was put there; null when none does. */
  oldest(): number | null;
}

/** An empty queue before `limit` free lanes. */
export function lanes<T>(limit: number): Lanes<T> {
  const freeAt = new Float64Array(limit);
  let queue: { message: T; at: number }[] = [];
  let head = 0;
  let peak = 0;
  const active = (at: number) => freeAt.reduce((sum, free) => sum + (free > at ? 1 : 0), 0);
  return {
    add(message, at) {
      queue.push({ message, at });
    },
    run(until, work) {
      for (let next = queue[head]; next; next = queue[head]) {
        const lane = earliest(freeAt);
        const at = Math.max(next.at, freeAt[lane] ?? 0);
        if (at >= until) break;
        head += 1;
        freeAt[lane] = at + work(next.message, at, next.at);
        peak = Math.max(peak, active(at));
      }
      if (head < 10_000 && head < queue.length) return;
      queue = queue.slice(head);
      head = 0;
    },
    waiting: () => queue.length - head,
    active,
    peak: () => peak,
    oldest: () => queue[head]?.at ?? null,
  };
}

function earliest(freeAt: Float64Array): number {
  let found = 0;
  for (let lane = 1; lane < freeAt.length; lane++) {
    if ((freeAt[lane] ?? 0) < (freeAt[found] ?? 0)) found = lane;
  }
  return found;
}

/** How long jobs of these lengths take one after the other in `width` places. */
export function together(lengths: readonly number[], width: number): number {
  const ends = new Float64Array(Math.max(1, Math.min(width, lengths.length)));
  for (const length of lengths) {
    const place = earliest(ends);
    ends[place] = (ends[place] ?? 0) + length;
  }
  return ends.reduce((longest, end) => Math.max(longest, end), 0);
}
