import { z } from 'zod';
import { MethodError } from './errors.ts';
import { LIMITS } from './limits.ts';
import { type Context, idSchema, resolveId } from './methods.ts';
import type { Id } from './types.ts';

/** The arguments of every /get, RFC 8620 section 5.1. */
export const getArguments = {
  ids: z.array(idSchema).nullable().default(null),
  properties: z.array(z.string()).nullable().default(null),
};

/** The ids asked for, each once, creation ids resolved; null for all. Throws MethodError `requestTooLarge`. */
export function wantedIds(context: Pick<Context, 'createdIds'>, ids: readonly Id[] | null): Id[] | null {
  if (ids === null) return null;
  const wanted = [...new Set(ids.map(id => resolveId(context, id)))];
  checkCount(wanted.length);
  return wanted;
}

/** Throws MethodError `requestTooLarge` for more objects than one /get answers. */
export function checkCount(count: number): void {
  if (count <= LIMITS.maxObjectsInGet) return;
  throw new MethodError('requestTooLarge', `A call may get at most ${LIMITS.maxObjectsInGet} objects.`);
}

/** The properties to answer with, `id` always among them. Throws MethodError `invalidArguments` for an unknown one. */
export function wantedProperties(
  asked: readonly string[] | null,
  byDefault: readonly string[],
  isKnown: (name: string) => boolean = name => byDefault.includes(name),
): string[] {
  const unknown = asked?.find(name => !isKnown(name));
  if (unknown !== undefined) {
    throw new MethodError('invalidArguments', `There is no property ${unknown.slice(0, 100)}.`);
  }
  return [...new Set(['id', ...(asked ?? byDefault)])];
}

/** `list` and `notFound` of a /get over objects at hand. */
export function listAndNotFound<T extends { id: Id }>(
  found: readonly T[],
  ids: readonly Id[] | null,
  properties: readonly string[],
): { list: Record<string, unknown>[]; notFound: Id[] } {
  if (ids === null) {
    checkCount(found.length);
    return { list: found.map(object => pick(object, properties)), notFound: [] };
  }
  const byId = new Map(found.map(object => [object.id, object]));
  const list: Record<string, unknown>[] = [];
  const notFound: Id[] = [];
  for (const id of ids) {
    const object = byId.get(id);
    if (object) list.push(pick(object, properties));
    else notFound.push(id);
  }
  return { list, notFound };
}

/** Only the named properties of an object. */
export function pick(object: object, properties: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of properties) {
    if (Object.hasOwn(object, name)) picked[name] = (object as Record<string, unknown>)[name];
  }
  return picked;
}
