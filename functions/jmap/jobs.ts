import { saidOtherwise } from '../sentences/say.ts';
import { deleteJob, type JobKind } from '../store/jobs.ts';
import { utcDate } from './email-properties.ts';
import { setError } from './errors.ts';
import { listAndNotFound, wantedIds, wantedProperties } from './get.ts';
import { type AccountContext, resolveId } from './methods.ts';
import { randomId } from './random-id.ts';
import { hashOf } from './session.ts';
import { checkSetSize, checkState, emptyResult, type SetArguments, setAnswer } from './set.ts';
import type { Id, SetError } from './types.ts';

/** What MailImport and MailExport have in common: a /set that creates and destroys, and hands the work to sync. */

/** Jobs of one kind that may be under way in an account at a time. */
const MOST_UNDER_WAY = 10;

/** A job as it is stored, as far as all are the same. */
interface Job {
  id: string;
  endedAt?: number | undefined;
  problem?: string | undefined;
  problemCode?: string | undefined;
  leaseUntil: number;
}

/** How jobs of one kind are listed and made. */
export interface JobMethods<J extends Job> {
  kind: JobKind;
  list(): Promise<J[]>;
  /** Makes one, or tells what is wrong with what was sent. Gives what the server has set. */
  create(id: Id, object: Record<string, unknown>): Promise<{ made: object } | { error: SetError }>;
}

/** A standard /get (RFC 8620 section 5.1) of jobs, each shown as the object that `show` makes of it. */
export function answerJobs<J extends Job, O extends { id: Id }>(
  context: AccountContext,
  args: { ids: string[] | null; properties: string[] | null },
  jobs: readonly J[],
  show: { properties: readonly (keyof O & string)[]; object(job: J): O },
) {
  const properties = wantedProperties(args.properties, show.properties);
  const ids = wantedIds(context, args.ids);
  return { state: jobsState(jobs), ...listAndNotFound(jobs.map(show.object), ids, properties) };
}

/**
 * A /set (RFC 8620 section 5.3) of jobs. A job cannot be updated; to destroy it ends it, and leaves what was imported
 * where it is. Throws MethodError `stateMismatch` and `requestTooLarge`.
 */
export async function setJobs<J extends Job>(
  context: AccountContext,
  args: SetArguments,
  methods: JobMethods<J>,
): Promise<Record<string, unknown>> {
  checkSetSize(args);
  const before = await methods.list();
  const oldState = jobsState(before);
  checkState(args, oldState);
  const result = emptyResult();
  let underWay = before.filter(job => job.endedAt === undefined).length;
  for (const [creationId, object] of Object.entries(args.create ?? {})) {
    const id = newJobId();
    const made =
      underWay >= MOST_UNDER_WAY
        ? { error: setError('overQuota', `At most ${MOST_UNDER_WAY} can be under way at a time.`) }
        : await methods.create(id, object);
    if ('error' in made) {
      result.notCreated[creationId] = made.error;
      continue;
    }
    underWay += 1;
    result.created[creationId] = made.made;
    context.createdIds.set(creationId, id);
    await ask(context, { kind: methods.kind, id });
  }
  for (const id of Object.keys(args.update ?? {})) {
    result.notUpdated[id] = setError('forbidden', 'What is under way cannot be changed.');
  }
  for (const id of (args.destroy ?? []).map(key => resolveId(context, key))) {
    if (!before.some(job => job.id === id)) {
      result.notDestroyed[id] = setError('notFound', 'There is none with this id.');
      continue;
    }
    await deleteJob(context.services.table, { kind: methods.kind, accountId: context.account.id, id });
    result.destroyed.push(id);
  }
  return setAnswer(oldState, jobsState(await methods.list()), result);
}

/** The work is asked for at once; should that message be lost, the schedule asks. */
async function ask(context: AccountContext, job: { kind: JobKind; id: string }): Promise<void> {
  try {
    await context.services.queue.send([{ accounts: [context.account.id], reason: 'asked', job }]);
  } catch (error) {
    context.report('queue', error);
  }
}

/** Changes whenever a job comes or goes; how far one has come changes all the time, and is not part of it. */
export const jobsState = (jobs: readonly Job[]): string => hashOf(jobs.map(({ id }) => id).sort());

/** What all jobs tell of themselves. */
export function jobStatus(job: Job & { createdAt: number }, now: number, hasBegun: boolean) {
  const { problem, problemCode, endedAt, createdAt, leaseUntil } = job;
  const isRunning = hasBegun || leaseUntil > now;
  const status: 'waiting' | 'running' | 'done' | 'failed' =
    problem !== undefined ? 'failed' : endedAt !== undefined ? 'done' : isRunning ? 'running' : 'waiting';
  return {
    ...{ status, message: problem ?? null },
    messageSentence: problem === undefined ? null : saidOtherwise(`job/${problemCode}`, problem),
    ...{ createdAt: utcDate(createdAt), endedAt: endedAt === undefined ? null : utcDate(endedAt) },
  };
}

/** A new id of a job. */
export const newJobId = (): Id => randomId('j');

/** The one object that the properties of a create are, or the error that says which are wrong. */
export function readProperties<T>(
  schema: {
    safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: Issue[] } };
  },
  object: unknown,
): { read: T } | { error: SetError } {
  const read = schema.safeParse(object);
  if (read.success) return { read: read.data };
  const { issues } = read.error;
  const names = issues.flatMap(issue => (issue.keys ? [...issue.keys] : [String(issue.path[0] ?? '')]));
  const message = issues[0]?.message ?? 'This is not valid.';
  return { error: setError('invalidProperties', message, [...new Set(names)]) };
}

interface Issue {
  path: PropertyKey[];
  message: string;
  keys?: readonly string[];
}
