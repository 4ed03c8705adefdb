import { fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { addAll, type Histogram, histogram } from './histogram.ts';
import type { StackOptions } from './stack.ts';
import type { Tally, Totals } from './tally.ts';

/** Many stacks, one customer each, two at a time; only their sums are kept. */

/** What all stacks came to. */
export interface Fleet {
  stacks: number;
  totals: Totals;
  lag: Histogram;
  lagByHour: Histogram[];
  /** Seconds that pulls waited on the queue, of all and by hour. */
  waited: Histogram;
  waitedByHour: Histogram[];
  /** For each minute, over all stacks: mean invocations at once, messages that wait, and pulls that failed. */
  concurrency: number[];
  waiting: number[];
  failed: number[];
  /** Of one stack, the worst. */
  peak: number;
  hottestDueWrites: number;
  hottestDueReads: number;
  forgotten: number;
  neverPulled: number;
}

/** What is short-lived here is many megabytes a second: with room for it the garbage collector seldom comes. */
const EXEC_ARGV = ['--max-semi-space-size=64', '--import', import.meta.resolve('tsx')];
const PROCESSES = Math.min(2, availableParallelism());

/** Nothing yet. */
export const emptyFleet = (hours: number): Fleet => ({
  stacks: 0,
  totals: {} as Totals,
  lag: histogram(),
  lagByHour: Array.from({ length: hours }, histogram),
  waited: histogram(),
  waitedByHour: Array.from({ length: hours }, histogram),
  concurrency: Array<number>(hours * 60).fill(0),
  waiting: Array<number>(hours * 60).fill(0),
  failed: Array<number>(hours * 60).fill(0),
  ...{ peak: 0, hottestDueWrites: 0, hottestDueReads: 0, forgotten: 0, neverPulled: 0 },
});

/** Adds one stack to the others. */
export function addStack(fleet: Fleet, stack: Tally): void {
  fleet.stacks += 1;
  for (const [name, count] of Object.entries(stack.totals) as [keyof Totals, number][]) {
    fleet.totals[name] = (fleet.totals[name] ?? 0) + count;
  }
  addAll(fleet.lag, stack.lag);
  addAll(fleet.waited, stack.waited);
  for (const [hour, lag] of stack.lagByHour.entries()) addAll(fleet.lagByHour[hour] ?? histogram(), lag);
  for (const [hour, waited] of stack.waitedByHour.entries()) {
    addAll(fleet.waitedByHour[hour] ?? histogram(), waited);
  }
  for (const [i, minute] of stack.minutes.entries()) {
    fleet.concurrency[i] = (fleet.concurrency[i] ?? 0) + minute.busyMilliseconds / 60_000;
    fleet.waiting[i] = (fleet.waiting[i] ?? 0) + minute.waiting;
    fleet.failed[i] = (fleet.failed[i] ?? 0) + minute.failed;
  }
  for (const key of ['peak', 'hottestDueWrites', 'hottestDueReads'] as const) {
    fleet[key] = Math.max(fleet[key], stack[key]);
  }
  fleet.forgotten += stack.forgotten;
  fleet.neverPulled += stack.neverPulled;
}

/** What `factor` times as many stacks of the same kinds come to; what is of one stack, or a share, stays as it is. */
export function scaled(fleet: Fleet, factor: number): Fleet {
  const times = (values: readonly number[]) => values.map(value => value * factor);
  const totals = Object.entries(fleet.totals).map(([name, count]) => [name, count * factor]);
  return {
    ...fleet,
    stacks: Math.round(fleet.stacks * factor),
    totals: Object.fromEntries(totals) as unknown as Totals,
    concurrency: times(fleet.concurrency),
    waiting: times(fleet.waiting),
    failed: times(fleet.failed),
    forgotten: Math.ceil(fleet.forgotten * factor),
    neverPulled: Math.ceil(fleet.neverPulled * factor),
  };
}

/** Plays stacks, and adds each as it is done; the sums do not depend on which is done first. */
export async function simulateFleet(stacks: readonly StackOptions[]): Promise<Fleet> {
  const fleet = emptyFleet(stacks[0]?.hours ?? 0);
  let next = 0;
  const play = async () => {
    // Typed arrays go as they are.
    const options = { execArgv: EXEC_ARGV, serialization: 'advanced' as const };
    const child = fork(fileURLToPath(new URL('./stack-process.ts', import.meta.url)), options);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('A simulation ended too early.')));
    ended.catch(() => {});
    try {
      for (let stack = stacks[next++]; stack; stack = stacks[next++]) {
        child.send({ ...stack } as Serializable);
        const [tally] = (await Promise.race([once(child, 'message'), ended])) as [Tally];
        addStack(fleet, tally);
      }
    } finally {
      child.disconnect();
    }
  };
  await Promise.all(Array.from({ length: Math.min(PROCESSES, stacks.length) }, play));
  return fleet;
}
