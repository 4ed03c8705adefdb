import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Services } from '../../functions/services.ts';
import { getSourceAccount, putAccount, type SourceAccount } from '../../functions/store/accounts.ts';
import { holds } from '../../functions/sync/ledger.ts';
import { runAccount } from '../../functions/sync/run.ts';
import { verifyAccount } from '../../functions/sync/verify.ts';
import { doveadm, type MailServer } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from './accounts.ts';
import { Killed } from './crash.ts';
import { type Doomed, doomed } from './faults.ts';
import { testMailServer } from './mail-server.ts';
import { testServices } from './table.ts';
import { killPoints, usersFor } from './thorough.ts';

/** What one run has to do; told for one user of the mail server, whose name is also the account's id. */
export interface FaultScenario {
  name: string;
  protocol: 'imap' | 'pop';
  account?: Partial<SourceAccount>;
  /** Kill points that are tried unless all are. */
  points?: number;
  /** Brings server and account to where the run begins. Nothing in it may depend on the user's name. */
  prepare(world: FaultWorld, user: string): Promise<void>;
  /** Of the undisturbed run: that it did what the scenario is about. */
  expect(end: FaultEnd): void;
}

export interface FaultWorld {
  services: Services;
  server: MailServer;
}

/** How an account and its source are left. */
export interface FaultEnd {
  lines: string[];
  counters: Record<string, number[]>;
  /** `<mailbox> <subject> <flags>` of each message at the source; POP, which has none, without flags. */
  atSource: string[];
}

const PASSWORD = 'secret';
/** Longer than a lease: the run that was killed no longer holds it. */
const LATER_MS = 60_000;
const HANG_MS = 60_000;
const POINTS = 3;
/** Runs until an account has settled: each may only say that there is more to do. */
const MOST_RUNS = 8;

/**
 * Kills the run of a scenario after each of its effects, lets a new process go on, and expects the same end as
 * without: here, at the source, and in the ledger.
 */
export function testFaults(scenario: FaultScenario): void {
  test(`${scenario.name}: killed after any effect, the next run comes to the same end`, async t => {
    const most = scenario.points ?? POINTS;
    const users = Array.from({ length: usersFor(most) }, (_, i) => ({ name: `u${i}`, password: PASSWORD }));
    const server = await testMailServer(t, { users });
    const world = { services: await testServices(t), server };
    await begin(world, scenario, 'u0');
    const counted = await doomed(world.services, server.ports[scenario.protocol], Number.POSITIVE_INFINITY);
    await runIn(counted, world, scenario, 'u0');
    assert.ok(!counted.isDead(), 'the undisturbed run was not disturbed');
    const expected = await settle(world, 'u0', Date.now());
    scenario.expect(expected);

    const points = killPoints(counted.effects.length, most);
    assert.ok(points.length < users.length, `${points.length} kill points need more users`);
    for (const [i, after] of points.entries()) {
      const user = `u${i + 1}`;
      await begin(world, scenario, user);
      const process = await doomed(world.services, server.ports[scenario.protocol], after);
      await runIn(process, world, scenario, user);
      const where = `killed after effect ${after} of ${counted.effects.length}, ${process.effects.at(-1)}`;
      const end = await settle(world, user, Date.now() + LATER_MS).catch((error: unknown) => {
        throw new Error(where, { cause: error });
      });
      assert.deepEqual(end.atSource, expected.atSource, where);
      assert.deepEqual(end.lines, expected.lines, where);
      assert.deepEqual(end.counters, expected.counters, where);
    }
  });
}

async function begin(world: FaultWorld, scenario: FaultScenario, user: string): Promise<void> {
  const { protocol, account } = scenario;
  const login = { protocol, port: world.server.ports[protocol], username: user, password: PASSWORD };
  await testAccount(world.services, user, { ...login, ...account });
  await scenario.prepare(world, user);
}

/** A dead process may not hang: whatever it waits for is gone. */
async function withWatch<T>(run: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the run hangs')), HANG_MS);
  });
  try {
    return await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function usePort(services: Services, accountId: string, port: number): Promise<void> {
  const account = await getSourceAccount(services.table, accountId);
  assert.ok(account, 'the account is there');
  await putAccount(services.table, { ...account, port });
}

/** One run in a doomed process, which reaches the mail server at a port of its own. */
async function runIn(
  { services, port, close }: Doomed,
  world: FaultWorld,
  { protocol }: FaultScenario,
  accountId: string,
): Promise<void> {
  await usePort(world.services, accountId, port);
  const run = runAccount(services, accountId, { deadline: services.now() + 60_000, reason: 'due' });
  await withWatch(run).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  await close();
  await usePort(world.services, accountId, world.server.ports[protocol]);
}

/** Runs until there is nothing left to do, then reads everything. */
async function settle({ services, server }: FaultWorld, user: string, from: number): Promise<FaultEnd> {
  let clock = from;
  const later: Services = { ...services, now: () => clock };
  let outcome = '';
  for (let runs = 0; runs < MOST_RUNS && outcome !== 'idle'; runs++) {
    outcome = await pull(later, user);
    clock += LATER_MS;
  }
  assert.equal(outcome, 'idle', `the account of ${user} does not settle`);
  const account = await getSourceAccount(services.table, user);
  assert.ok(account, 'the account is there');
  const ledger = await verifyAccount(later, account);
  assert.ok(holds(ledger) && ledger.notReached === 0, `the ledger does not hold: ${JSON.stringify(ledger)}`);
  const { lines, counters } = await contentsOf(services, user);
  return { lines, counters, atSource: await atSource(server, user, account.protocol) };
}

async function atSource(server: MailServer, user: string, protocol: string): Promise<string[]> {
  const fields = protocol === 'imap' ? 'mailbox hdr.subject flags' : 'mailbox hdr.subject';
  const found = await doveadm(server, ['-f', 'tab', 'fetch', '-u', user, fields, 'all']);
  const lines = found.trim().split('\n').slice(1);
  return lines.map(line => line.replace('\\Recent', '').replace(/\s+/g, ' ').trim()).sort();
}
