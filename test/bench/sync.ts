/**
 * `npm run bench:sync`: pulls BENCH_N messages (default 10,000, 33 kB mean) out of a real Dovecot, beside mbsync and
 * getmail6 where they are installed, on the same machine, one after the other. `--json` prints the rows as JSON.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doveadm, startMailServer } from '../../infra/local/mail-server.ts';
import { fill } from './mailbox.ts';
import type { Cost } from './measure.ts';
import { startOurs } from './ours.ts';
import { drainImap, drainPop, getmail, type Login, mbsync, type Peer } from './peers.ts';
import { atMost, type Goal, print, type Row, ratioAtMost, row } from './report.ts';
import type { Pulled } from './sync-worker.ts';
import { wireBytes } from './wire.ts';

const N = Number(process.env.BENCH_N ?? 10_000);
const MEAN = 33_000;
const NEW = 50;
const CHANGED = Math.min(1_000, N);
/** Small messages for the question whether the price of one grows with their number. */
const SMALL = 2_000;
const SCALE = (process.env.BENCH_SCALE ?? `${N / 10},${N},${N * 10}`).split(',').map(Number);
const PASSWORD = 'correct horse';

const args = process.argv.slice(2);
const say = (line: string) => console.error(line);
const folder = await mkdtemp(join(tmpdir(), 'mailferry-bench-'));
// getmail delivers as somebody else.
await chmod(folder, 0o711);
const users = ['imap', 'pop', ...SCALE.map(count => `scale${count}`)];
const server = await startMailServer({
  folder: join(folder, 'server'),
  users: users.map(name => ({ name, password: PASSWORD })),
});
let ours = await startOurs(join(folder, 'data'));
try {
  const rows = [...(await benchImap()), ...(await benchPop()), ...(await benchScale())];
  print(`${N.toLocaleString('en')} messages of ${MEAN / 1000} kB`, rows, args);
} finally {
  await ours.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function benchImap(): Promise<Row[]> {
  say(`Filling ${N} messages for IMAP`);
  const bytes = await fill(server, 'imap', { to: N, mean: MEAN });
  const login = { port: server.ports.imap, username: 'imap', password: PASSWORD };
  const peer = mbsync(folder, login);
  const scenario = await beside('imap', login, peer);
  const limit = await drainImap(login);
  const rows = [
    row('IMAP raw drain of the socket', limit, 's'),
    ...(await scenario('IMAP first import', ratioAtMost(0.7, 'mbsync'), { messages: N, bytes })),
    ...(await scenario('IMAP idle check', ratioAtMost(0.05, 'mbsync'), { writes: atMost(0) })),
  ];
  await fill(server, 'imap', { from: N, to: N + NEW, mean: MEAN });
  rows.push(...(await scenario(`IMAP ${NEW} new messages`, null, { messages: NEW })));
  const flagged = ['flags', 'add', '-u', 'imap', '\\Flagged', 'mailbox', 'INBOX', `1:${CHANGED}`];
  await doveadm(server, flagged);
  rows.push(...(await scenario(`IMAP ${CHANGED} flag changes`, ratioAtMost(0.3, 'mbsync'), {})));
  return rows;
}

/** The highest memory is that of a process's whole life: each part begins with new ones. */
async function startAfresh(): Promise<void> {
  await ours.stop();
  ours = await startOurs(join(folder, 'data'));
}

async function benchPop(): Promise<Row[]> {
  await startAfresh();
  say(`Filling ${N} messages for POP`);
  const bytes = await fill(server, 'pop', { to: N, mean: MEAN });
  const login = { port: server.ports.pop, username: 'pop', password: PASSWORD };
  const scenario = await beside('pop', login, getmail(folder, login));
  const limit = await drainPop(login, N);
  const rows = [
    row('POP raw drain of the socket', limit, 's'),
    ...(await scenario('POP first import', ratioAtMost(0.15, 'getmail'), { messages: N, bytes })),
    ...(await scenario('POP idle check', null, { writes: atMost(0) })),
  ];
  await fill(server, 'pop', { from: N, to: N + NEW, mean: MEAN });
  rows.push(...(await scenario(`POP ${NEW} new messages`, null, { messages: NEW })));
  return rows;
}

interface Asked {
  messages?: number;
  bytes?: number;
  writes?: Goal;
}

/** Makes an account here; then each call lets the peer, then us, bring the mailbox up to date. */
async function beside(protocol: 'imap' | 'pop', login: Login, peer: Peer | null) {
  await ours.makeAccount({ id: protocol, protocol, ...login });
  return async (name: string, goal: Goal | null, asked: Asked): Promise<Row[]> => {
    say(name);
    const reference = peer ? await peer().catch(leaveOut) : null;
    const mark = wireBytes(server);
    const pulled = await ours.pull(protocol);
    expectDone(name, pulled);
    return costRows(name, pulled, reference, goal, asked, await mark());
  };
}

/** getmail sometimes gives up on its own delivery: then there is nothing to compare with, which is no goal reached. */
function leaveOut(error: unknown): null {
  say(error instanceof Error ? error.message : 'The peer failed.');
  return null;
}

function costRows(
  name: string,
  pulled: Pulled,
  reference: Cost | null,
  goal: Goal | null,
  { messages, bytes, writes }: Asked,
  wire: number | null,
): Row[] {
  const against = (key: keyof Cost) => ({ reference: reference?.[key] ?? null });
  return [
    row(`${name}: wall`, pulled.wall, 's', { ...against('wall'), ...(goal && { goal }) }),
    row(`${name}: CPU`, pulled.cpu, 's', against('cpu')),
    ...(messages ? [row(`${name}: rate`, messages / pulled.wall, 'messages/s')] : []),
    row(`${name}: peak memory`, pulled.memory, 'MB', { ...against('memory'), goal: atMost(256) }),
    ...(wire === null
      ? []
      : [row(`${name}: on the wire`, wire / 1e6, 'MB', { reference: bytes ? bytes / 1e6 : null })]),
    row(`${name}: DynamoDB reads`, pulled.reads, 'rows'),
    row(`${name}: DynamoDB writes`, pulled.writes, 'rows', { ...(writes && { goal: writes }) }),
    row(`${name}: blob puts`, pulled.puts, 'blobs'),
  ];
}

/** First imports of mailboxes of different sizes: the price of a message must not grow with their number. */
async function benchScale(): Promise<Row[]> {
  const rows: Row[] = [];
  let first: number | null = null;
  for (const count of SCALE) {
    const user = `scale${count}`;
    say(`Filling ${count} small messages`);
    await fill(server, user, { to: count, mean: SMALL });
    const login = { port: server.ports.imap, username: user, password: PASSWORD };
    await ours.makeAccount({ id: user, protocol: 'imap', ...login });
    await startAfresh();
    say(`First import of ${count} small messages`);
    const pulled = await ours.pull(user);
    expectDone(user, pulled);
    const each = (pulled.wall / count) * 1000;
    const goal = {
      text: '≤ 1.5 of the smallest',
      holds: (_: number, ratio: number | null) => ratio !== null && ratio <= 1.5,
    };
    const name = `first import of ${count} small messages: each`;
    rows.push(row(name, each, 'ms', first === null ? {} : { reference: first, goal }));
    rows.push(
      row(`first import of ${count} small messages: peak memory`, pulled.memory, 'MB', { goal: atMost(256) }),
    );
    first ??= each;
  }
  return rows;
}

function expectDone(name: string, { outcomes }: Pulled): void {
  const last = outcomes.at(-1);
  if (last !== 'done' && last !== 'idle') throw new Error(`${name} ended as ${outcomes.join(', ')}.`);
}
