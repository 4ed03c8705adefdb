import { z } from 'zod';
import { catchUp } from '../store/log.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import type { MailboxRow } from '../store/rows.ts';
import { stateOf } from './changes.ts';
import { MethodError } from './errors.ts';
import { accountMethod, idSchema } from './methods.ts';
import {
  type Comparator,
  cannotQueryChanges,
  collationOf,
  compareKeys,
  parseFilter,
  passes,
  queryArguments,
  queryChangesArguments,
  windowOf,
} from './query.ts';
import { MAIL } from './types.ts';

const condition = z.strictObject({
  parentId: idSchema.nullable().optional(),
  name: z.string().optional(),
  role: z.string().nullable().optional(),
  hasAnyRole: z.boolean().optional(),
  isSubscribed: z.boolean().optional(),
});
type Condition = z.infer<typeof condition>;

const treeArguments = {
  filter: z.unknown().optional(),
  sortAsTree: z.boolean().default(false),
  filterAsTree: z.boolean().default(false),
};

type Compare = (a: MailboxRow, b: MailboxRow) => number;

/** Mailbox/query, RFC 8621 section 2.3. */
export const mailboxQuery = accountMethod(
  'Mailbox/query',
  MAIL,
  { ...queryArguments, ...treeArguments },
  async ({ services, account }, args) => {
    const filter = parseFilter(args.filter, condition);
    const compare = comparatorOf(args.sort ?? []);
    const head = await catchUp(services, account.id);
    const all = await listMailboxes(services.table, account.id);
    const byId = new Map(all.map(mailbox => [mailbox.id, mailbox]));
    const matches = (mailbox: MailboxRow) => passes(filter, one => matchesCondition(mailbox, one));
    const found = all.filter(mailbox =>
      args.filterAsTree ? lineage(mailbox, byId).every(matches) : matches(mailbox),
    );
    found.sort(args.sortAsTree ? asTree(compare, byId) : compare);
    const results = found.map(mailbox => mailbox.id);
    return { queryState: stateOf(head), canCalculateChanges: false, ...windowOf(results, args) };
  },
);

/** Mailbox/queryChanges, RFC 8621 section 2.4. */
export const mailboxQueryChanges = accountMethod(
  'Mailbox/queryChanges',
  MAIL,
  { ...queryChangesArguments, ...treeArguments },
  cannotQueryChanges,
);

function matchesCondition(mailbox: MailboxRow, wanted: Condition): boolean {
  const { parentId, name, role, hasAnyRole, isSubscribed } = wanted;
  return (
    (parentId === undefined || mailbox.parentId === parentId) &&
    (name === undefined || mailbox.name.toLowerCase().includes(name.toLowerCase())) &&
    (role === undefined || mailbox.role === role) &&
    (hasAnyRole === undefined || (mailbox.role !== null) === hasAnyRole) &&
    (isSubscribed === undefined || mailbox.isSubscribed === isSubscribed)
  );
}

/** By the comparators, then by sortOrder, name and id, so that the order is always the same. */
function comparatorOf(sort: readonly Comparator[]): Compare {
  const order: Comparator[] = [
    ...sort,
    { property: 'sortOrder', isAscending: true },
    { property: 'name', isAscending: true },
  ];
  const compares = order.map(({ property, isAscending, collation }): Compare => {
    const sign = isAscending ? 1 : -1;
    if (property === 'sortOrder') return (a, b) => sign * (a.sortOrder - b.sortOrder);
    if (property !== 'name') {
      throw new MethodError('unsupportedSort', 'Mailboxes can be sorted by sortOrder and name.');
    }
    const key = collationOf(collation);
    return (a, b) => sign * compareKeys(key(a.name), key(b.name));
  });
  return (a, b) => {
    for (const compare of compares) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return compareKeys(a.id, b.id);
  };
}

/** A mailbox and its ancestors, the topmost first. A loop, which a source should never make, is cut. */
function lineage(mailbox: MailboxRow, byId: ReadonlyMap<string, MailboxRow>): MailboxRow[] {
  const line: MailboxRow[] = [];
  let next: MailboxRow | undefined = mailbox;
  while (next && !line.includes(next)) {
    line.unshift(next);
    next = next.parentId === null ? undefined : byId.get(next.parentId);
  }
  return line;
}

function asTree(compare: Compare, byId: ReadonlyMap<string, MailboxRow>): Compare {
  return (a, b) => {
    const [left, right] = [lineage(a, byId), lineage(b, byId)];
    for (const [depth, mailbox] of left.entries()) {
      const other = right[depth];
      if (!other) return 1;
      if (other.id !== mailbox.id) return compare(mailbox, other);
    }
    return left.length - right.length;
  };
}
