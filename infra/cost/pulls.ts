import { simulateStack } from '../simulate/stack.ts';
import type { PullsADay } from './bill.ts';
import type { Measurement } from './counts.ts';
import { pullDurations } from './lambda.ts';
import type { WorkloadName } from './workloads.ts';

/** A Monday. */
const FROM = Date.parse('2026-11-23T00:00:00Z');
const HOURS = 7 * 24;

/**
 * How often the schedule has a mailbox pulled in a mean day: a week of some mailboxes of one workload, played on the real
 * scheduling code. Always the same for the same counts.
 */
export function pullsADay(workload: WorkloadName, measured: Measurement, mailboxes = 40): PullsADay {
  const { totals } = simulateStack({
    ...{ mailboxes, mix: { [workload]: 1 }, concurrency: 10, from: FROM, hours: HOURS, seed: 1, zone: 1 },
    ...{ durations: pullDurations(measured), outages: [], newcomers: 0 },
  });
  const aDay = (count: number) => count / mailboxes / 7;
  return {
    idle: aDay(totals.idle),
    found: aDay(totals.found),
    messages: aDay(totals.messages),
    healthWrites: aDay(totals.healthWrites),
    dueWrites: aDay(totals.dueWrites),
  };
}
