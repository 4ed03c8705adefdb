import type { PullRequest, Services } from './services.ts';
import type { Commit } from './store/commit.ts';
import type { RunOutcome } from './sync/run.ts';

/**
 * What the pulls of one invocation say of the customer's mail, as numbers. Pure; `cloudwatch.ts` writes it down. Each
 * metric costs for each hour in which it is written, so that nothing is said where there is nothing to say: an account
 * that is looked at in time and found as it was writes none.
 */

/** Kinds of failure: the codes that runs end with, few enough to be a dimension. All others are faults of our own. */
export const FAILURE_KINDS = [
  ...['authentication', 'unknown-host', 'forbidden-host', 'unreachable', 'timeout', 'tls', 'protocol'],
  ...['temporary', 'throttled', 'quota', 'refused', 'disconnected', 'sealed', 'configuration'],
  ...['quarantine', 'internal'],
] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

/** One metric of one invocation: a value each time that it was measured. */
export interface Measure {
  /**
   * MessagesPulled: Emails that a pull stored. Lag: seconds between when an account was due and when its pull began,
   * of pulls that found something to do, and of all that began late. Failures: pulls that failed, and messages that
   * went to quarantine; once for all kinds together and once by `kind`.
   */
  name: 'MessagesPulled' | 'Lag' | 'Failures';
  unit: 'Count' | 'Seconds';
  values: number[];
  kind?: FailureKind;
}

/** What one pull of one account came to. */
export interface RunFacts {
  /** Between when the account was due and when its pull began, in ms; null for a pull that somebody asked for. */
  lag: number | null;
  /** Null for a run that ended by a fault of our own. */
  outcome: RunOutcome | null;
  /** The code of what it failed with. */
  failure: string | null;
  /** Emails stored, and messages that went to quarantine for the first time. */
  created: number;
  quarantined: number;
}

/** Dispatch is woken up to a minute after the time that it is meant for: what begins later than this is late. */
const LATE_MS = 2 * 60_000;
const WITHOUT_WORK: ReadonlySet<RunOutcome | null> = new Set(['idle', 'busy', 'gone']);

/** The metrics of the runs of one invocation; none when there is nothing to say. */
export function measuresOf(runs: readonly RunFacts[]): Measure[] {
  const pulled = sum(runs.map(run => run.created));
  const lags = runs.filter(run => !WITHOUT_WORK.has(run.outcome) || isLate(run)).flatMap(lagOf);
  const failures = runs.flatMap(failuresOf);
  const kinds = FAILURE_KINDS.filter(kind => failures.includes(kind));
  const measures: Measure[] = [
    { name: 'MessagesPulled', unit: 'Count', values: pulled > 0 ? [pulled] : [] },
    { name: 'Lag', unit: 'Seconds', values: lags },
    { name: 'Failures', unit: 'Count', values: failures.length > 0 ? [failures.length] : [] },
    ...kinds.map((kind): Measure => {
      const count = failures.filter(failure => failure === kind).length;
      return { name: 'Failures', unit: 'Count', values: [count], kind };
    }),
  ];
  return measures.filter(({ values }) => values.length > 0);
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const isLate = ({ lag }: RunFacts) => lag !== null && lag > LATE_MS;
const lagOf = ({ lag }: RunFacts): number[] => (lag === null ? [] : [Math.max(0, lag) / 1000]);

function failuresOf({ outcome, failure, quarantined }: RunFacts): FailureKind[] {
  const failed = outcome === null || outcome === 'failed' ? [kindOf(failure)] : [];
  return [...failed, ...Array<FailureKind>(quarantined).fill('quarantine')];
}

function kindOf(code: string | null): FailureKind {
  return FAILURE_KINDS.find(kind => kind === code) ?? 'internal';
}

/**
 * Makes a run and notes in `runs` what it came to, also when it throws.
 * @param run gets services that see its commits, and whom to tell what it failed with
 */
export async function noteRun(
  runs: RunFacts[],
  services: Services,
  { reason, dueAt }: Pick<PullRequest, 'reason' | 'dueAt'>,
  run: (watched: Services, onFailure: (code: string) => void) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const isDue = reason === 'due' && dueAt !== undefined;
  const lag = isDue ? services.now() - dueAt : null;
  const facts: RunFacts = { lag, outcome: null, failure: null, created: 0, quarantined: 0 };
  runs.push(facts);
  const onCommit = (accountId: string, commit: Commit) => {
    services.onCommit?.(accountId, commit);
    if (commit.by !== 'run') return;
    facts.created += commit.created.length;
    // One that was tried again, and did not work again, is not new.
    facts.quarantined += commit.quarantined.filter(({ since }) => since === undefined).length;
  };
  facts.outcome = await run({ ...services, onCommit }, code => {
    facts.failure = code;
  });
  return facts.outcome;
}
