import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What `npm run bench:counts` measured, in `counts.json`: the ground on which costs are computed. */

const count = z.number().nonnegative();

/** What one event asks of AWS, and how long it takes. */
const countsSchema = z.strictObject({
  /** DynamoDB request units, each request rounded up as it is billed: 4 KB a read unit, 1 KB a write unit. */
  readUnits: count,
  writeUnits: count,
  tableRequests: count,
  /** S3 requests of the class PUT and of the class GET (HEAD among them), and octets put. */
  blobPuts: count,
  blobGets: count,
  blobOctets: count,
  /** SQS messages sent. */
  queueMessages: count,
  /** Octets of our log lines; Lambda's own come on top. */
  logOctets: count,
  /** Wall clock, and processor time on the machine that measured. */
  milliseconds: count,
  cpuMilliseconds: count,
  /** Octets between us and the mail server, both ways, and those of them that leave AWS. */
  mailOctets: count,
  mailOctetsOut: count,
  /** Octets answered to a device. */
  answerOctets: count,
});

export type Counts = z.infer<typeof countsSchema>;

/** The events that are measured. */
export const EVENTS = [
  'idlePoll',
  'idlePollOfTen',
  'pollWithNewMessage',
  'pollWithTenNewMessages',
  'pollWithFlagChange',
  'pushOfFlagChange',
  'importOfThousand',
  'dispatchOfNone',
  'dispatchOfThousand',
  'sweepOfTwoThousand',
  'accounts',
  'askForPull',
  'changesNothing',
  'changesOneMessage',
  'setKeyword',
  'session',
  'bodies25',
  'listPage200',
] as const;
export type EventName = (typeof EVENTS)[number];

const measurementSchema = z.strictObject({
  /** The day of the measurement, ISO 8601. */
  date: z.iso.date(),
  machine: z.string(),
  /** What stood in for distances of AWS, in milliseconds. */
  distances: z.record(z.string(), z.number()),
  /** Of the messages that were used. */
  meanMessageOctets: z.number(),
  /** Octets that the rows of one message take in the table, with what DynamoDB adds to an item. */
  tableOctetsAMessage: z.number(),
  /** Octets of the app as a browser fetches it at the first visit, compressed. */
  appOctets: z.number(),
  events: z.record(z.enum(EVENTS), countsSchema),
});

export type Measurement = z.infer<typeof measurementSchema>;

/** The file of the counts. */
export const COUNTS_FILE = new URL('counts.json', import.meta.url);

/** Reads the counts. Throws where there are none, or where they are not as this version wants them. */
export function readCounts(): Measurement {
  return measurementSchema.parse(JSON.parse(readFileSync(COUNTS_FILE, 'utf8')));
}
