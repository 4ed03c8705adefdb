/**
 * `npm run bench:counts`: what each event asks of AWS, measured with a real Dovecot and dynalite through the handlers
 * that Lambda runs, and written to infra/cost/counts.json. Mail server, table and blobs are put as far away as on AWS.
 * With `--json` the counts are printed as rows and no file is changed.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { SQSEvent } from 'aws-lambda';
import { createHandler as createDispatch } from '../../functions/dispatch.ts';
import { logger } from '../../functions/logger.ts';
import { keys } from '../../functions/store/keys.ts';
import { putRows, queryRange } from '../../functions/store/table.ts';
import { tableClient } from '../../functions/store/table-client.ts';
import { createHandler as createSweep } from '../../functions/sweep.ts';
import { settledDue } from '../../functions/sync/schedule.ts';
import { createHandler as createSync } from '../../functions/sync.ts';
import {
  COUNTS_FILE,
  type Counts,
  EVENTS,
  type EventName,
  type Measurement,
} from '../../infra/cost/counts.ts';
import { itemOctets } from '../../infra/cost/units.ts';
import { MEAN_MESSAGE } from '../../infra/cost/workloads.ts';
import { LOCAL_AWS } from '../../infra/local/local-aws.ts';
import { doveadm, startMailServer } from '../../infra/local/mail-server.ts';
import { localServices } from '../../infra/local/services.ts';
import { startTable } from '../../infra/local/table-process.ts';
import { testAccount } from '../support/accounts.ts';
import { jmapClient } from '../support/jmap.ts';
import { type Distances, farPort, farServices } from './far.ts';
import { BODIES, changesSince, listPage } from './jmap-requests.ts';
import { fill } from './mailbox.ts';
import { metered } from './metered.ts';
import { print, row } from './report.ts';

/** In ms. A mail server on the same continent, and what AWS is usually quoted with. */
const DISTANCES: Distances = { mailServer: 30, handshakes: 2, table: 5, blobPut: 30, blobGet: 20 };
const MEAN = MEAN_MESSAGE;
const LARGE = 1_000;
const SMALL = 100;
const TEN = Array.from({ length: 10 }, (_, i) => `box${i}`);
const PASSWORD = 'correct horse';
/** A measurement is the median of this many. */
const REPEATS = 5;

const args = process.argv.slice(2);
const say = (line: string) => console.error(line);
const folder = await mkdtemp(join(tmpdir(), 'mailferry-counts-'));
const data = join(folder, 'data');
const users = ['large', ...TEN];
const server = await startMailServer({
  folder: join(folder, 'server'),
  users: users.map(name => ({ name, password: PASSWORD })),
});
const far = await farPort(server.ports.imap, DISTANCES);
const table = await startTable(data, say);
const local = localServices(
  { kind: 'sync', data, tableEndpoint: table.endpoint, module: '' },
  async () => null,
);
// One request each, as on AWS; what a process saves by sending them together is for one machine.
const plain = { ...local.table, client: tableClient({ endpoint: table.endpoint, ...LOCAL_AWS }) };
const { services, meter } = metered(farServices({ ...local, table: plain }, DISTANCES));
const sync = createSync(services);
const device = jmapClient(services, 'large');
let logOctets = 0;
countLogs();

try {
  const measurement = await measure();
  const rows = EVENTS.flatMap(name =>
    Object.entries(measurement.events[name]).map(([key, value]) =>
      row(`${name}: ${key}`, value, unitOf(key)),
    ),
  );
  if (!args.includes('--json')) await writeFile(COUNTS_FILE, `${JSON.stringify(measurement, null, 2)}\n`);
  print('What each event asks of AWS', rows, args);
} finally {
  plain.client.destroy();
  await far.stop();
  await table.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(): Promise<Measurement> {
  say('Filling mailboxes');
  const octets = await fill(server, 'large', { to: LARGE, mean: MEAN });
  for (const user of TEN) await fill(server, user, { to: SMALL, mean: MEAN });
  for (const user of users) {
    const login = { protocol: 'imap' as const, port: far.port, username: user, password: PASSWORD };
    await testAccount(services, user, { ...login, userId: user });
  }
  const events = {} as Record<EventName, Counts>;
  say('First imports');
  events.importOfThousand = await counted(() => pull(['large']));
  await pull(TEN);
  await pull(users);
  await measurePolls(events);
  await measureDispatch(events);
  const time = new Date().toISOString();
  events.sweepOfTwoThousand = await median(() => createSweep(services)({ time, days: 1 }));
  await measureApi(events);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    distances: { ...DISTANCES },
    meanMessageOctets: Math.round(octets / LARGE),
    tableOctetsAMessage: Math.round((await tableOctets('large')) / LARGE),
    appOctets: await appOctets(),
    events,
  };
}

async function measurePolls(events: Record<EventName, Counts>): Promise<void> {
  say('Polls');
  events.idlePoll = await median(() => pull(['large']));
  events.idlePollOfTen = await median(() => pull(TEN));
  let next = LARGE;
  const arrive = async (count: number) => {
    await fill(server, 'large', { from: next, to: next + count, mean: MEAN });
    next += count;
  };
  events.pollWithNewMessage = await median(
    () => pull(['large']),
    () => arrive(1),
  );
  events.pollWithTenNewMessages = await median(
    () => pull(['large']),
    () => arrive(10),
  );
  let uid = 1;
  const flag = () =>
    doveadm(server, ['flags', 'add', '-u', 'large', '\\Flagged', 'mailbox', 'INBOX', `${uid++}`]);
  events.pollWithFlagChange = await median(() => pull(['large']), flag);
  let nth = 0;
  events.pushOfFlagChange = await median(
    () => pull(['large']),
    async () => setKeyword((await newest(50))[nth++ + 1] ?? ''),
  );
}

async function measureDispatch(events: Record<EventName, Counts>): Promise<void> {
  say('Dispatch');
  const time = new Date().toISOString();
  const dispatch = createDispatch(services);
  events.dispatchOfNone = await median(() => dispatch({ time }));
  const rows = Array.from({ length: LARGE }, (_, i) => {
    const id = `a${String(i).padStart(25, '0')}`;
    return { ...keys.due(id), ...settledDue(id, 10), notBefore: Date.now() + 86_400_000 };
  });
  await putRows(plain, rows);
  events.dispatchOfThousand = await median(() => dispatch({ time }));
}

async function measureApi(events: Record<EventName, Counts>): Promise<void> {
  say('The API');
  const { state: since } = await device.call('Email/get', { accountId: 'large', ids: [] });
  const { state: mailboxes } = await device.call('Mailbox/get', { accountId: 'large', ids: [] });
  const changes = (from: unknown, of: unknown) => device.request(changesSince('large', from, of));
  events.session = await median(() => device.http('GET', '/.well-known/jmap'));
  events.accounts = await median(() => device.call('MailAccount/get', { ids: null }));
  events.askForPull = await median(() => device.call('MailAccount/sync', { ids: ['large'] }));
  events.changesNothing = await median(() => changes(since, mailboxes));
  const [id = ''] = await newest(1);
  let isSeen = false;
  const turn = () => {
    isSeen = !isSeen;
  };
  events.setKeyword = await median(() => setKeyword(id, isSeen), turn);
  await fill(server, 'large', { from: 5_000, to: 5_001, mean: MEAN });
  const { state: before } = await device.call('Email/get', { accountId: 'large', ids: [] });
  const { state: counters } = await device.call('Mailbox/get', { accountId: 'large', ids: [] });
  await pull(['large']);
  events.changesOneMessage = await median(() => changes(before, counters));
  events.listPage200 = await median(() => device.request(listPage('large')));
  const ids = await newest(25);
  events.bodies25 = await median(() => device.call('Email/get', { accountId: 'large', ids, ...BODIES }));
}

async function newest(limit: number): Promise<string[]> {
  const sort = [{ property: 'receivedAt', isAscending: false }];
  return (await device.call('Email/query', { accountId: 'large', sort, limit })).ids;
}

async function setKeyword(id: string, isSeen = true): Promise<unknown> {
  const update = { [id]: { 'keywords/$seen': isSeen || null } };
  return device.call('Email/set', { accountId: 'large', update });
}

async function pull(accounts: readonly string[]): Promise<void> {
  for (let from = 0; from < accounts.length; from += 10) {
    const body = JSON.stringify({ accounts: accounts.slice(from, from + 10), reason: 'due' });
    const event = { Records: [{ messageId: '1', body }] } as unknown as SQSEvent;
    const answer = await sync(event, { getRemainingTimeInMillis: () => 300_000 });
    if (JSON.stringify(answer) !== '{"batchItemFailures":[]}') throw new Error(JSON.stringify(answer));
  }
}

/**
 * What one event costs: the median of some, each prepared before it is measured; of times the shortest, because others at
 * work on this machine only ever add to them.
 */
async function median(
  event: () => Promise<unknown>,
  prepare: () => unknown = () => undefined,
): Promise<Counts> {
  const all: Counts[] = [];
  for (let i = 0; i < REPEATS; i++) {
    await prepare();
    all.push(await counted(event));
  }
  const typical = (key: keyof Counts) => {
    const sorted = all.map(one => one[key]).sort((a, b) => a - b);
    return sorted[/millis/i.test(key) ? 0 : REPEATS >> 1] ?? 0;
  };
  const [first] = all as [Counts];
  return Object.fromEntries(
    (Object.keys(first) as (keyof Counts)[]).map(key => [key, typical(key)]),
  ) as Counts;
}

async function counted(event: () => Promise<unknown>): Promise<Counts> {
  const [before, logsBefore] = [{ ...meter }, logOctets];
  const [mailBefore, mailOutBefore] = [far.octets(), far.octetsOut()];
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const answer = await event();
  const milliseconds = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  const since = Object.entries(meter).map(([key, value]) => [key, value - before[key as keyof typeof meter]]);
  return {
    ...(Object.fromEntries(since) as typeof meter),
    logOctets: logOctets - logsBefore,
    milliseconds: Math.round(milliseconds),
    cpuMilliseconds: Math.round((user + system) / 1000),
    mailOctets: far.octets() - mailBefore,
    mailOctetsOut: far.octetsOut() - mailOutBefore,
    answerOctets: answer === undefined ? 0 : JSON.stringify(answer).length,
  };
}

/** The sync function's log goes nowhere here, but its octets are paid for. */
function countLogs(): void {
  logger.setLogLevel('INFO');
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    const text = chunk.toString();
    if (!text.startsWith('{"level"')) return write(chunk, ...rest);
    logOctets += text.length;
    return true;
  }) as typeof process.stdout.write;
}

async function tableOctets(accountId: string): Promise<number> {
  let octets = 0;
  for await (const page of queryRange(plain, keys.partition(accountId), {})) {
    for (const item of page) octets += itemOctets(item);
  }
  return octets;
}

/** What a browser keeps of the app after its first visit, compressed; 0 where the app is not built. */
async function appOctets(): Promise<number> {
  const dist = new URL('../../pwa/dist/', import.meta.url);
  const files = await readdir(dist, { recursive: true, withFileTypes: true }).catch(() => []);
  const read = files.filter(file => file.isFile()).map(file => readFile(join(file.parentPath, file.name)));
  return (await Promise.all(read)).reduce((sum, bytes) => sum + brotliCompressSync(bytes).length, 0);
}

function unitOf(key: string): string {
  if (/millis/i.test(key)) return 'ms';
  return /octets/i.test(key) ? 'octets' : '';
}
