import { isLeased } from '../../functions/store/health.ts';
import { isDue, waitsUntil } from '../../functions/sync/schedule.ts';
import { counted, textTable } from '../text-table.ts';
import type { AccountState } from './accounts.ts';

/** What a status says of what was read. Pure. */

const MINUTE = 60_000;
/** Health is written once an hour where nothing changes: only after that can an account be told to be late. */
const NOTED_EVERY = 60 * MINUTE;
/** What an account may come later than its cadence says. */
const GRACE = 10 * MINUTE;
/** The dispatcher runs every minute; its metrics come some minutes late. */
const DISPATCH_SILENCE = 10 * MINUTE;
/** As the alarm has it. */
const OLDEST_SECONDS = 15 * 60;

/** What was read of a stack. */
export interface Seen {
  now: number;
  stack: { name: string; status: string; changedAt: Date | null };
  address: string | null;
  accounts: readonly AccountState[];
  quarantined: number;
  /** Messages of the queue; the age of the oldest in seconds, null where it is not known. */
  queue: { waiting: number; underWay: number; oldestSeconds: number | null };
  deadLetters: number;
  /** Null when it did not run in the time that was looked at. */
  lastDispatchAt: number | null;
  /** Names of the alarms that are raised. */
  alarms: readonly string[];
}

/** An account that waits for longer than it should, in ms. */
interface Late {
  id: string;
  name: string;
  waits: number;
}

/** A status for programs, with the lines for a person. */
export interface StatusReport {
  stack: string;
  status: string;
  accounts: {
    total: number;
    archives: number;
    paused: number;
    /** Due in this minute. */
    dueNow: number;
    late: Late[];
    /** Accounts that fail or are stopped, by the code of their last failure. */
    failing: Record<string, string[]>;
  };
  quarantined: number;
  queue: Seen['queue'];
  deadLetters: number;
  lastDispatchAt: string | null;
  alarms: readonly string[];
  /** What needs the operator; empty when nothing does. */
  attention: string[];
  lines: string[];
}

/** Tells how a customer is doing. */
export function statusOf(seen: Seen): StatusReport {
  const { now, stack, accounts } = seen;
  const late = accounts.flatMap(state => lateness(state, now)).sort((a, b) => b.waits - a.waits);
  const failing: Record<string, string[]> = {};
  for (const { account, health } of accounts) {
    if (health?.phase !== 'failing' && health?.phase !== 'stopped') continue;
    const code = health.code ?? 'unknown';
    failing[code] = [...(failing[code] ?? []), account.id];
  }
  const report = {
    stack: stack.name,
    status: stack.status,
    accounts: {
      total: accounts.length,
      archives: accounts.filter(({ account }) => account.protocol === 'archive').length,
      paused: accounts.filter(isPaused).length,
      dueNow: accounts.filter(({ due }) => due !== null && isDue(due, now)).length,
      late,
      failing,
    },
    ...{ quarantined: seen.quarantined, queue: seen.queue, deadLetters: seen.deadLetters },
    lastDispatchAt: seen.lastDispatchAt === null ? null : new Date(seen.lastDispatchAt).toISOString(),
    alarms: seen.alarms,
    attention: attention(seen, late),
  };
  return { ...report, lines: lines(seen, report) };
}

const isPaused = ({ account }: AccountState) => account.protocol !== 'archive' && account.paused === true;

/** An account that should have been pulled, and of which nothing says that it was. */
function lateness({ account, health, due }: AccountState, now: number): Late[] {
  if (!due || (health && isLeased(health, now))) return [];
  const pulledAt = health?.lastPullAt ?? null;
  const since =
    pulledAt === null ? account.createdAt : Math.max(pulledAt + due.every * MINUTE, waitsUntil(due, now));
  const isLate = now - since > (pulledAt === null ? GRACE : NOTED_EVERY + GRACE);
  return isLate ? [{ id: account.id, name: account.name, waits: now - since }] : [];
}

function attention(seen: Seen, late: readonly Late[]): string[] {
  const { now, stack, queue, deadLetters, lastDispatchAt, alarms } = seen;
  const [longest] = late;
  return [
    ...(/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(stack.status) ? [] : [`The stack is ${stack.status}.`]),
    ...alarms.map(name => `The alarm ${name} is raised. See docs/runbook.md.`),
    ...(lastDispatchAt === null || now - lastDispatchAt > DISPATCH_SILENCE
      ? ['The dispatcher has not run for ten minutes: no mail is pulled.']
      : []),
    ...((queue.oldestSeconds ?? 0) > OLDEST_SECONDS
      ? [`A pull waits in the queue for ${duration((queue.oldestSeconds ?? 0) * 1000)}.`]
      : []),
    ...(deadLetters > 0
      ? [`${counted(deadLetters, 'dead letter')}. Remove the cause, then: npm run customer -- redrive.`]
      : []),
    ...(longest
      ? [
          `${counted(late.length, 'account')} without a pull for too long, one for ${duration(longest.waits)}.`,
        ]
      : []),
  ];
}

type Report = Omit<StatusReport, 'lines'>;

function lines({ now, stack, address, lastDispatchAt }: Seen, report: Report): string[] {
  const { accounts, queue } = report;
  const changed = stack.changedAt ? `, changed ${stack.changedAt.toISOString()}` : '';
  const oldest =
    queue.oldestSeconds === null ? '' : `, the oldest for ${duration(queue.oldestSeconds * 1000)}`;
  const failing = Object.entries(accounts.failing).map(([code, ids]) => [code, ids.length, some(ids)]);
  return [
    `${stack.name}: ${stack.status}${changed}`,
    ...(address === null ? [] : [address]),
    '',
    ...textTable(
      ['', ''],
      [
        ['accounts', `${accounts.total}, ${accounts.archives} archives, ${accounts.paused} paused`],
        ['due in this minute', accounts.dueNow],
        ['late', accounts.late.length],
        ['queue', `${queue.waiting} wait, ${queue.underWay} under way${oldest}`],
        ['dead letters', report.deadLetters],
        ['in quarantine', report.quarantined],
        ['last dispatch', lastDispatchAt === null ? 'none' : `${duration(now - lastDispatchAt)} ago`],
        ['alarms raised', report.alarms.length],
      ],
    ).slice(1),
    ...(failing.length > 0 ? ['', ...textTable(['failing', 'accounts', ''], failing)] : []),
    ...(accounts.late.length > 0
      ? [
          '',
          ...textTable(
            ['waits for a pull', 'since'],
            accounts.late.slice(0, 10).map(({ id, name, waits }) => [`${id} ${name}`, duration(waits)]),
          ),
        ]
      : []),
    '',
    ...(report.attention.length > 0 ? report.attention : ['All is well.']),
  ];
}

const some = (ids: readonly string[]) => ids.slice(0, 5).join(' ') + (ids.length > 5 ? ' …' : '');

/** A span of ms in the two largest units that it has. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
