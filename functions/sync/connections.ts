import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services.ts';
import { SourceError } from '../source/errors.ts';
import { openSource } from '../source/open.ts';
import type { MailSource, SourceSettings } from '../source/source.ts';
import { getHealth, isLeased } from '../store/health.ts';
import { LeaseLostError } from './lease.ts';

/**
 * How many connections this process has at a time. Of one login: one for runs and one for a test, far below what any
 * provider allows (`source/provider-limits.ts`), and a POP server lets only one in. Of one host: a handful over all
 * logins, because hosting companies count by address. Other processes are held off by the lease.
 */

const A_LOGIN = 1;
const A_HOST = 10;
/** Longest wait for a turn, in milliseconds. */
const PATIENCE_MS = 15_000;

interface Turn {
  taken: number;
  waiting: (() => void)[];
}

const turns = new Map<string, Turn>();

/**
 * Opens a source when it is its turn; closing it gives the turn to the next. Throws what `openSource` throws, and when
 * its turn does not come LeaseLostError for a run, because another is at work, and SourceError `temporary` for a test.
 */
export async function openInTurn(
  settings: SourceSettings,
  purpose: 'run' | 'test',
  patience: number = PATIENCE_MS,
): Promise<MailSource> {
  const { protocol, host, port, username } = settings;
  const end = Date.now() + patience;
  const leave: (() => void)[] = [];
  const leaveAll = () => {
    for (const one of leave.splice(0)) one();
  };
  try {
    leave.push(await turn(JSON.stringify([purpose, protocol, host, port, username]), A_LOGIN, end));
    leave.push(await turn(JSON.stringify([host]), A_HOST, end));
    const source = await openSource(settings);
    const close = async (graceful: boolean) => {
      await source.close(graceful).finally(leaveAll);
    };
    return Object.assign(Object.create(source) as MailSource, { close });
  } catch (error) {
    leaveAll();
    if (purpose === 'test' && error instanceof LeaseLostError) throw testedAlready(host);
    throw error;
  }
}

/** An idle check of another process, which has no lease, is over by then. */
const IN_USE_MS = 1_500;

/**
 * Opens a source. A maildrop that another run of ours is in is no failure: the lease says so, and then it throws
 * LeaseLostError. Without a lease it may be an idle check, and is tried once more.
 */
export async function openUnlessBusy(
  services: Services,
  accountId: string,
  open: () => Promise<MailSource>,
): Promise<MailSource> {
  for (let tries = 1; ; tries++) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof SourceError) || !error.isInUse) throw error;
      if (isLeased(await getHealth(services.table, accountId), services.now())) throw new LeaseLostError();
      if (tries > 1) throw error;
    }
    await sleep(IN_USE_MS);
  }
}

function testedAlready(host: string): SourceError {
  return new SourceError('temporary', `${host} is being tried already. Try again in a moment.`);
}

/** Waits for one of `limit` places; gives the way to leave it. */
async function turn(key: string, limit: number, end: number): Promise<() => void> {
  const mine: Turn = turns.get(key) ?? { taken: 0, waiting: [] };
  turns.set(key, mine);
  if (mine.taken < limit) mine.taken += 1;
  else await inLine(mine, end);
  return () => {
    const next = mine.waiting.shift();
    // The place goes to the next one as it is.
    if (next) return next();
    mine.taken -= 1;
    if (mine.taken === 0) turns.delete(key);
  };
}

function inLine({ waiting }: Turn, end: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const come = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(come), 1);
      reject(new LeaseLostError());
    }, end - Date.now());
    waiting.push(come);
  });
}
