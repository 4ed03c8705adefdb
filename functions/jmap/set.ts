import { z } from 'zod';
import { MethodError } from './errors.ts';
import { LIMITS } from './limits.ts';
import { idSchema } from './methods.ts';
import type { Id, SetError } from './types.ts';

const objects = z.record(z.string(), z.unknown());
/** How a client names what it creates. */
export const creationId = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/, 'is not an Id');

/** The arguments of every /set, RFC 8620 section 5.3. */
export const setArguments = {
  ifInState: z.string().nullable().default(null),
  create: z.record(creationId, objects).nullable().default(null),
  update: z.record(idSchema, objects).nullable().default(null),
  destroy: z.array(idSchema).nullable().default(null),
};

export interface SetArguments {
  ifInState: string | null;
  create: Record<Id, Record<string, unknown>> | null;
  update: Record<Id, Record<string, unknown>> | null;
  destroy: Id[] | null;
}

/** What became of each object of a /set; empty lists are answered as null. */
export interface SetResult {
  created: Record<Id, object>;
  updated: Record<Id, object | null>;
  destroyed: Id[];
  notCreated: Record<Id, SetError>;
  notUpdated: Record<Id, SetError>;
  notDestroyed: Record<Id, SetError>;
}

/** A result in which nothing has happened yet. */
export function emptyResult(): SetResult {
  return { created: {}, updated: {}, destroyed: [], notCreated: {}, notUpdated: {}, notDestroyed: {} };
}

/** Throws MethodError `requestTooLarge` for more objects than one /set takes. */
export function checkSetSize({ create, update, destroy }: SetArguments): void {
  const count = Object.keys(create ?? {}).length + Object.keys(update ?? {}).length + (destroy ?? []).length;
  if (count <= LIMITS.maxObjectsInSet) return;
  throw new MethodError('requestTooLarge', `A call may set at most ${LIMITS.maxObjectsInSet} objects.`);
}

/** Throws MethodError `stateMismatch` when the client asked for another state than this one. */
export function checkState({ ifInState }: Pick<SetArguments, 'ifInState'>, state: string): void {
  if (ifInState === null || ifInState === state) return;
  throw new MethodError('stateMismatch', 'The state has changed since.');
}

/** The answer of a /set: `null` for what is empty. */
export function setAnswer(oldState: string, newState: string, result: SetResult) {
  const orNull = <T extends object>(map: T) => (Object.keys(map).length > 0 ? map : null);
  return {
    oldState,
    newState,
    created: orNull(result.created),
    updated: orNull(result.updated),
    destroyed: orNull(result.destroyed),
    notCreated: orNull(result.notCreated),
    notUpdated: orNull(result.notUpdated),
    notDestroyed: orNull(result.notDestroyed),
  };
}
