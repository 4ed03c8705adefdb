import { createHash } from 'node:crypto';
import type { PushProgress } from '../store/push-subscriptions.ts';
import type { Changed } from './changes.ts';
import type { Delivery } from './deliver.ts';
import { MAX_PLAIN_TEXT } from './encrypt.ts';

/** The pause between two messages to a device, in ms: what happens meanwhile is told together. */
export const PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 900_000;
const FIRST_RETRY_MS = 30_000;
const LONGEST_WAIT_MS = 86_400_000;
/** After so many failures in a row nothing is tried again by itself: the next change tries. */
const MAX_RETRIES = 8;

/** How a subscription goes on after a message with `told`; `flushAt` says when it is told again. Pure. */
export function after(row: PushProgress, delivery: Delivery, told: Changed, now: number): PushProgress {
  if (delivery.outcome === 'taken') {
    const pause = Math.max(PAUSE_MS, Math.round(row.pause / 2));
    return { nextAt: now + row.pause, pause, failures: 0, pending: null, flushAt: 0 };
  }
  const failures = row.failures + 1;
  const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  if (delivery.outcome !== 'later') {
    // What is refused is refused again. A later change is told all the same: keys and services are mended.
    return { ...row, nextAt: now + backoff, failures, pending: null, flushAt: 0 };
  }
  const wait = Math.min(LONGEST_WAIT_MS, Math.max(backoff, delivery.retryAfter ?? 0));
  const pause = delivery.isTooMany ? Math.min(LONGEST_PAUSE_MS, row.pause * 2) : row.pause;
  const nextAt = now + wait;
  return { nextAt, pause, failures, pending: told, flushAt: failures <= MAX_RETRIES ? nextAt : 0 };
}

/** The most accounts whose changes one message can hold. */
export function fitting(changed: Changed): { now: Changed; rest: Changed } {
  const fits = (entries: [string, unknown][]) =>
    Buffer.byteLength(JSON.stringify({ '@type': 'StateChange', changed: Object.fromEntries(entries) })) <=
    MAX_PLAIN_TEXT;
  const entries = Object.entries(changed);
  let count = entries.length;
  while (count > 1 && !fits(entries.slice(0, count))) count -= 1;
  return { now: Object.fromEntries(entries.slice(0, count)), rest: Object.fromEntries(entries.slice(count)) };
}

/**
 * The Topic (RFC 8030 section 5.4) of a StateChange: a newer message with the same one takes its place, so it names which
 * accounts and types it is about, as a hash that tells the push service neither.
 */
export function topicOf(changed: Changed): string {
  const about = Object.entries(changed).map(([accountId, types]) => [accountId, Object.keys(types).sort()]);
  const text = JSON.stringify(about.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  return createHash('sha256').update(text).digest('base64url').slice(0, 32);
}
