/**
 * How much mail a mailbox has and how it is used: the assumptions behind every cost and every simulation. They are ours;
 * who knows their own customers better replaces them here.
 */
export interface Workload {
  /** Messages that arrive on a working day; a Saturday or Sunday has `WEEKEND` of it. */
  messagesADay: number;
  /** Messages kept here. */
  kept: number;
  devices: number;
  /** Times a day that a person opens the app on one of them, and minutes that it stays open. */
  sessionsADay: number;
  minutesASession: number;
  /** Times a day that a person changes something: reads, flags, moves, deletes one message or several. */
  changesADay: number;
  /** The same by another program, at the mail server. */
  changesElsewhereADay: number;
  /** Attachments and other large parts that are opened in a month, one request each. */
  filesAMonth: number;
}

export const WORKLOADS = {
  light: {
    ...{ messagesADay: 5, kept: 2_000, devices: 1 },
    ...{ sessionsADay: 2, minutesASession: 3, changesADay: 3, changesElsewhereADay: 1, filesAMonth: 10 },
  },
  normal: {
    ...{ messagesADay: 30, kept: 10_000, devices: 2 },
    ...{ sessionsADay: 6, minutesASession: 4, changesADay: 15, changesElsewhereADay: 5, filesAMonth: 60 },
  },
  heavy: {
    ...{ messagesADay: 150, kept: 50_000, devices: 3 },
    ...{ sessionsADay: 15, minutesASession: 8, changesADay: 60, changesElsewhereADay: 30, filesAMonth: 300 },
  },
} as const satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof WORKLOADS;

/** A message as it comes over the wire, octets: the mean of the project's benchmarks. */
export const MEAN_MESSAGE = 33_000;

/** Share of a working day's mail on a Saturday or Sunday. */
export const WEEKEND = 0.35;

/** Share of a day's mail in each hour, local time: people write to each other by day, machines at any time. */
export const HOURS: readonly number[] = normalized([
  ...[1.2, 1, 1, 1, 1.2, 1.8, 3, 4.5, 7, 9, 9, 8],
  ...[6.5, 7, 8, 8, 7.5, 6, 4.5, 4, 3.5, 3, 2.4, 1.8],
]);

function normalized(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => weight / sum);
}
