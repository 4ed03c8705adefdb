import type { Counts, Measurement } from './counts.ts';

/** How long a function takes on Lambda, from what was measured on one machine. Pure. */

/** Lambda gives a function of this many MB one whole processor, and others a share by their size. */
const WHOLE_PROCESSOR_MB = 1_769;

/** Memory of the functions as the stack has them, in MB. */
export const MEMORY = { dispatch: 256, sync: 1_024, api: 1_024, sweep: 1_024 } as const;

/**
 * Milliseconds for which a function of `memoryMb` is paid: as measured, and the processor's part of it longer by as much
 * as it has less of a processor.
 */
export function billedMs({ milliseconds, cpuMilliseconds }: Counts, memoryMb: number): number {
  return milliseconds + cpuMilliseconds * Math.max(0, WHOLE_PROCESSOR_MB / memoryMb - 1);
}

/** GB-seconds of so many milliseconds. */
export const gbSeconds = (milliseconds: number, memoryMb: number): number =>
  (milliseconds / 1_000) * (memoryMb / 1_024);

/** How long pulls take, in ms: what a simulation needs of the counts. */
export function pullDurations({ events, meanMessageOctets }: Measurement, memoryMb: number = MEMORY.sync) {
  const ms = (name: keyof Measurement['events']) => billedMs(events[name], memoryMb);
  return {
    // Ten accounts are two rounds of five.
    idle: ms('idlePollOfTen') / 2,
    found: ms('idlePollOfTen') / 2 + Math.max(0, ms('pollWithNewMessage') - ms('idlePoll')),
    eachMessage: Math.max(0, ms('pollWithTenNewMessages') - ms('pollWithNewMessage')) / 9,
    importOctets: (1_000 * meanMessageOctets) / ms('importOfThousand'),
  };
}
