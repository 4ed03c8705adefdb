import { z } from 'zod';
import { MethodError } from './errors.ts';
import { LIMITS, MAX_QUERY_LIMIT } from './limits.ts';
import { idSchema } from './methods.ts';
import type { Id } from './types.ts';

const comparator = z.strictObject({
  property: z.string(),
  isAscending: z.boolean().default(true),
  collation: z.string().optional(),
  keyword: z.string().optional(),
});
export type Comparator = z.infer<typeof comparator>;

/** The arguments of every /query but the filter, RFC 8620 section 5.5. */
export const queryArguments = {
  sort: z.array(comparator).nullable().default(null),
  position: z.int().default(0),
  anchor: idSchema.nullable().default(null),
  anchorOffset: z.int().default(0),
  limit: z.int().nonnegative().nullable().default(null),
  calculateTotal: z.boolean().default(false),
};

/** The window of a result list that a client asks for. */
export interface Window {
  position: number;
  anchor: Id | null;
  anchorOffset: number;
  limit: number | null;
  calculateTotal: boolean;
}

/** The arguments of every /queryChanges, RFC 8620 section 5.6, but the filter. */
export const queryChangesArguments = {
  sort: z.array(comparator).nullable().default(null),
  sinceQueryState: z.string(),
  maxChanges: z.int().positive().nullable().default(null),
  upToId: idSchema.nullable().default(null),
  calculateTotal: z.boolean().default(false),
};

/** Every /queryChanges is answered so: canCalculateChanges is false. */
export async function cannotQueryChanges(): Promise<never> {
  const description = 'Changes of a query are not calculated here. Run the query again.';
  throw new MethodError('cannotCalculateChanges', description);
}

/** How many ids one answer holds. */
export const limitOf = ({ limit }: Pick<Window, 'limit'>) =>
  Math.min(limit ?? MAX_QUERY_LIMIT, MAX_QUERY_LIMIT);

/**
 * The part of a /query's answer that depends on the window, cut from the complete list of results. Throws MethodError
 * `anchorNotFound`.
 */
export function windowOf(results: readonly Id[], window: Window) {
  const start = startOf(results, window);
  const limit = limitOf(window);
  return {
    position: start,
    ids: results.slice(start, start + limit),
    ...(window.calculateTotal && { total: results.length }),
    ...limitGiven(window),
  };
}

/** `limit`, when it is not the client's own. */
export function limitGiven(window: Pick<Window, 'limit'>): { limit?: number } {
  const limit = limitOf(window);
  return limit === window.limit ? {} : { limit };
}

function startOf(results: readonly Id[], { anchor, anchorOffset, position }: Window): number {
  if (anchor !== null) {
    const index = results.indexOf(anchor);
    if (index < 0) throw new MethodError('anchorNotFound', 'The anchor is not among the results.');
    return Math.max(0, index + anchorOffset);
  }
  return position < 0 ? Math.max(0, results.length + position) : position;
}

export type FilterOf<C> = { operator: 'AND' | 'OR' | 'NOT'; conditions: FilterOf<C>[] } | { condition: C };

/**
 * Reads a filter (RFC 8620 section 5.5) with conditions of the given schema. Throws MethodError `unsupportedFilter` for
 * a condition that is known to the RFC or to nobody, but not to us, `invalidArguments` for what is no filter.
 */
export function parseFilter<C>(value: unknown, condition: z.ZodType<C>): FilterOf<C> | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new MethodError(
      'invalidArguments',
      'The filter is neither a FilterOperator nor a FilterCondition.',
    );
  }
  if (!Object.hasOwn(value, 'operator')) return { condition: parseCondition(value, condition) };
  const read = operatorSchema.safeParse(value);
  if (!read.success)
    throw new MethodError('invalidArguments', 'A FilterOperator in the filter is malformed.');
  const { operator, conditions } = read.data;
  return { operator, conditions: conditions.map(inner => parseFilterInside(inner, condition)) };
}

function parseFilterInside<C>(value: unknown, condition: z.ZodType<C>): FilterOf<C> {
  const parsed = parseFilter(value, condition);
  if (!parsed) throw new MethodError('invalidArguments', 'A condition of the filter is null.');
  return parsed;
}

const operatorSchema = z.strictObject({
  operator: z.enum(['AND', 'OR', 'NOT']),
  conditions: z.array(z.unknown()),
});

function parseCondition<C>(value: object, condition: z.ZodType<C>): C {
  const read = condition.safeParse(value);
  if (read.success) return read.data;
  const unknown = read.error.issues.find(issue => issue.code === 'unrecognized_keys');
  if (unknown?.code === 'unrecognized_keys') {
    const names = unknown.keys.join(', ').slice(0, 200);
    throw new MethodError('unsupportedFilter', `Mail cannot be filtered by ${names} here.`);
  }
  const where = read.error.issues.map(issue => `${issue.path.join('/')}: ${issue.message}`).join('; ');
  throw new MethodError('invalidArguments', `filter/${where}`);
}

/**
 * Whether an object passes a filter, given the test of one condition. Null passes everything. A test that answers null
 * does not know yet; so does this, unless the other conditions decide.
 */
export function passes<C, R extends boolean | null>(
  filter: FilterOf<C> | null,
  test: (condition: C) => R,
): R | boolean {
  if (filter === null) return true;
  if ('condition' in filter) return test(filter.condition);
  const each = (inner: FilterOf<C>) => passes(inner, test);
  if (filter.operator === 'AND') return allOf(filter.conditions, each);
  const any = anyOf(filter.conditions, each);
  if (filter.operator === 'OR' || any === null) return any;
  return !any;
}

/** True when all are, false when one is not, else the null that one of them is. */
export function allOf<T, R extends boolean | null>(all: readonly T[], test: (one: T) => R): R | boolean {
  let verdict: R | boolean = true;
  for (const one of all) {
    const own = test(one);
    if (own === false) return false;
    if (own === null) verdict = own;
  }
  return verdict;
}

function anyOf<T, R extends boolean | null>(all: readonly T[], test: (one: T) => R): R | boolean {
  let verdict: R | boolean = false;
  for (const one of all) {
    const own = test(one);
    if (own === true) return true;
    if (own === null) verdict = own;
  }
  return verdict;
}

/** Every condition of a filter. */
export function conditionsOf<C>(filter: FilterOf<C> | null): C[] {
  if (filter === null) return [];
  return 'condition' in filter ? [filter.condition] : filter.conditions.flatMap(conditionsOf);
}

/**
 * How strings are brought into a form whose code units sort as the collation wants: `i;unicode-casemap` (RFC 5051, the
 * default) or `i;ascii-casemap` (RFC 4790). Throws MethodError `unsupportedSort` for another.
 */
export function collationOf(name: string | undefined): (text: string) => string {
  const known: readonly string[] = LIMITS.collationAlgorithms;
  if (name !== undefined && !known.includes(name)) {
    throw new MethodError('unsupportedSort', `The collation ${name.slice(0, 100)} is not known here.`);
  }
  if (name === 'i;ascii-casemap') {
    return text => text.replace(/[a-z]/g, letter => letter.toUpperCase());
  }
  return text => text.normalize('NFKD').toUpperCase();
}

/** Orders two keys of one kind, ascending. */
export function compareKeys(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
