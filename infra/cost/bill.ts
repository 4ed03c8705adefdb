import type { Counts, EventName, Measurement } from './counts.ts';
import { billedMs, gbSeconds, MEMORY } from './lambda.ts';
import type { Line, PriceName } from './prices.ts';
import { MONTH_DAYS, MONTH_MINUTES } from './standing.ts';
import { MEAN_MESSAGE, WEEKEND, type Workload } from './workloads.ts';

/** The bill of a stack for a month, from counts that were measured and a workload that is assumed. Pure. */

/** What the schedule makes of a mailbox in a mean day of a week; see `pulls.ts`. */
export interface PullsADay {
  idle: number;
  found: number;
  messages: number;
  /** Rows of health and of the due list that are written. */
  healthWrites: number;
  dueWrites: number;
}

export interface BillOptions {
  mailboxes: number;
  workload: Workload;
  pulls: PullsADay;
  measured: Measurement;
  memory?: { sync: number; api: number };
  /** Days that logs are kept (`retention.logDays`). */
  logDays?: number;
  /** How often an open app looks at the server. */
  looksAMinute?: number;
}

const GB = 1e9;
/** Lambda's own three lines for an invocation, as JSON, and a line of the API's access log, in octets. */
const PLATFORM_LOG = 700;
const ACCESS_LOG = 330;
/** What TLS adds to what is sent to a mail server: its hello, its finish, and the frames of the commands. */
const TLS_OUT = 1_100;
/** The app looks at the server each 15 seconds while it is open: for its accounts, and for what changed. */
const LOOKS_A_MINUTE = 4;
/** Bodies that a device fetches with one request, in everyday use. */
const BODIES_A_REQUEST = 3;
/** Of an attachment that is opened, octets. */
const FILE = 300_000;
/** A device is set up anew about once in two years, and a new version of the app comes each month. */
const FIRST_DOWNLOADS_A_MONTH = 1 / 24;
const VERSIONS_A_MONTH = 1;
/** Previous versions and uploads, beside the messages. */
const BLOB_OVERHEAD = 1.05;
const SWEEPS_A_MONTH = MONTH_DAYS / 7;
const SWEPT_MESSAGES = 2_000;

/** A mean day in working days. */
export const MEAN_DAY = (5 + 2 * WEEKEND) / 7;

/** All lines but the standing ones. */
export function bill(options: BillOptions): Line[] {
  return [...pullLines(options), ...appLines(options), ...storageLines(options)];
}

/** Messages of the queue in a minute in which `due` accounts are expected: ten each, and the last one less full. */
export function messagesAMinute(due: number): number {
  let [share, sum] = [Math.exp(-due), 0];
  // Poisson while that is few; of many, half a message on average is the one that is less full.
  if (due > 200) return due / 10 + 0.5;
  for (let accounts = 1; accounts <= 400; accounts++) {
    share *= due / accounts;
    sum += share * Math.ceil(accounts / 10);
  }
  return sum;
}

function pullLines({ mailboxes, workload, pulls, measured, memory, logDays = 90 }: BillOptions): Line[] {
  const { events } = measured;
  const syncMb = memory?.sync ?? MEMORY.sync;
  const monthly = (aDay: number) => aDay * mailboxes * MONTH_DAYS;
  const [idle, found, messages] = [monthly(pulls.idle), monthly(pulls.found), monthly(pulls.messages)];
  const more = Math.max(0, messages - found);
  const elsewhere = monthly(workload.changesElsewhereADay * MEAN_DAY);
  const pushed = monthly(workload.changesADay * MEAN_DAY);
  const days = MONTH_DAYS;
  // Each kind of pull beside an idle one; what one message more adds is a ninth of ten less one.
  const sum = (key: keyof Counts) =>
    idle * events.idlePoll[key] +
    found * events.pollWithNewMessage[key] +
    (more * (events.pollWithTenNewMessages[key] - events.pollWithNewMessage[key])) / 9 +
    elsewhere * (events.pollWithFlagChange[key] - events.idlePoll[key]) +
    pushed * events.pushOfFlagChange[key];
  const ms = (name: EventName) => billedMs(events[name], syncMb);
  const queued = messagesAMinute((idle + found) / MONTH_MINUTES) * MONTH_MINUTES + pushed;
  const eachOfTen = (ms('idlePollOfTen') - ms('idlePoll')) / 9;
  const milliseconds =
    (queued - pushed) * (ms('idlePoll') - eachOfTen) +
    (idle + found) * eachOfTen +
    found * (ms('pollWithNewMessage') - ms('idlePoll')) * (1 / 5) +
    pushed * ms('pushOfFlagChange');
  const dispatches = MONTH_MINUTES;
  const dispatchUnits = dispatches * Math.max(1, (events.dispatchOfThousand.readUnits * mailboxes) / 1_000);
  const dispatchMs =
    billedMs(events.dispatchOfNone, MEMORY.dispatch) +
    ((billedMs(events.dispatchOfThousand, MEMORY.dispatch) -
      billedMs(events.dispatchOfNone, MEMORY.dispatch)) *
      mailboxes) /
      1_000;
  const sweeps = (mailboxes * SWEEPS_A_MONTH * workload.kept) / SWEPT_MESSAGES;
  const writes = monthly(pulls.healthWrites + pulls.dueWrites);
  const logs = queued * PLATFORM_LOG + dispatches * PLATFORM_LOG + sum('logOctets');
  const line = (what: string, price: PriceName, quantity: number): Line => ({
    ...{ part: 'pulls', what, price, quantity },
  });
  return [
    line('reads of pulls', 'dynamoRead', sum('readUnits') + monthly(pulls.healthWrites)),
    line('writes of pulls', 'dynamoWrite', sum('writeUnits') + writes),
    line('functions that pull', 'lambdaGbSecond', gbSeconds(milliseconds, syncMb)),
    line('functions that pull', 'lambdaRequest', queued),
    line('the queue', 'sqsRequest', queued * 3),
    line('messages stored', 's3Put', sum('blobPuts')),
    line('messages read again', 's3Get', sum('blobGets')),
    line('told to mail servers', 'egressGb', (sum('mailOctetsOut') + (idle + found + pushed) * TLS_OUT) / GB),
    line('the due list', 'dynamoRead', dispatchUnits),
    line('the dispatcher', 'lambdaGbSecond', gbSeconds(dispatches * dispatchMs, MEMORY.dispatch)),
    line('the dispatcher', 'lambdaRequest', dispatches),
    line('the sweep', 'dynamoRead', sweeps * events.sweepOfTwoThousand.readUnits),
    line(
      'the sweep',
      'lambdaGbSecond',
      gbSeconds(sweeps * billedMs(events.sweepOfTwoThousand, MEMORY.sweep), MEMORY.sweep),
    ),
    line('the sweep', 's3Put', mailboxes * SWEEPS_A_MONTH * Math.ceil(workload.kept / 1_000)),
    line('logs of pulls', 'logGb', logs / GB),
    line('logs of pulls', 'logGbMonth', (logs / GB) * (logDays / days)),
    // MessagesPulled, Lag and Failures cost by the hour in which they are written.
    line('metrics of pulls', 'metric', 3 * Math.min(1, (pulls.found * mailboxes) / 24)),
  ];
}

function appLines(options: BillOptions): Line[] {
  const { mailboxes, workload, measured, memory, logDays = 90, looksAMinute = LOOKS_A_MINUTE } = options;
  const { events, appOctets } = measured;
  const monthly = (aDay: number) => aDay * mailboxes * MONTH_DAYS;
  const sessions = monthly(workload.sessionsADay);
  const looks = sessions * workload.minutesASession * looksAMinute;
  const messages = monthly(workload.messagesADay * MEAN_DAY);
  const files = workload.filesAMonth * mailboxes;
  const firsts = mailboxes * workload.devices * FIRST_DOWNLOADS_A_MONTH;
  const bodies = messages * workload.devices + firsts * workload.kept;
  const asked: [name: EventName, times: number, requests?: number][] = [
    ['session', sessions],
    ['askForPull', sessions],
    ['accounts', looks],
    ['changesNothing', looks],
    ['setKeyword', monthly(workload.changesADay * MEAN_DAY)],
    ['listPage200', (firsts * workload.kept) / 200],
    // Measured for 25 at once.
    ['bodies25', bodies / 25, messages * (workload.devices / BODIES_A_REQUEST)],
  ];
  const requests = asked.reduce((sum, [, times, own]) => sum + (own ?? times), 0) + files;
  const sum = (value: (counts: Counts) => number) =>
    asked.reduce((all, [name, times]) => all + times * value(events[name]), 0);
  const one = (key: keyof Counts) =>
    messages * workload.devices * (events.changesOneMessage[key] - events.changesNothing[key]);
  const apiMb = memory?.api ?? MEMORY.api;
  const milliseconds = sum(counts => billedMs(counts, apiMb)) + one('milliseconds') + files * 100;
  const octets = sum(counts => counts.answerOctets) + one('answerOctets') + files * FILE;
  const appFetched = (mailboxes * workload.devices * VERSIONS_A_MONTH + firsts) * appOctets;
  const logs = requests * (PLATFORM_LOG + ACCESS_LOG);
  // The page, its settings and the worker are asked for at each start; all else is kept.
  const starts = sessions * 3;
  const line = (what: string, price: PriceName, quantity: number): Line => ({
    ...{ part: 'app', what, price, quantity },
  });
  return [
    line('reads for devices', 'dynamoRead', sum(counts => counts.readUnits) + one('readUnits') + files * 4),
    line(
      'writes for devices',
      'dynamoWrite',
      sum(counts => counts.writeUnits),
    ),
    line('functions that answer', 'lambdaGbSecond', gbSeconds(milliseconds, apiMb)),
    line('functions that answer', 'lambdaRequest', requests),
    line('requests to the API', 'apiRequest', requests),
    line('requests to CloudFront', 'edgeRequest', requests + starts),
    line('functions at the edge', 'edgeFunction', requests + starts),
    line('answers to devices', 'edgeGb', octets / GB),
    line('the app itself', 'edgeGb', appFetched / GB),
    line('bodies and files', 's3Get', sum(counts => counts.blobGets) + files),
    line('logs of the API', 'logGb', logs / GB),
    line('logs of the API', 'logGbMonth', (logs / GB) * (logDays / MONTH_DAYS)),
    line('who signs in', 'user', 0),
  ];
}

function storageLines({ mailboxes, workload, measured }: BillOptions): Line[] {
  const messages = mailboxes * workload.kept;
  const table = (messages * measured.tableOctetsAMessage) / GB;
  const line = (what: string, price: PriceName, quantity: number): Line => ({
    ...{ part: 'storage', what, price, quantity },
  });
  return [
    line('messages', 's3Gb', (messages * MEAN_MESSAGE * BLOB_OVERHEAD) / GB),
    line('rows', 'dynamoGb', table),
    line('rows, to be brought back', 'dynamoPitrGb', table),
  ];
}
