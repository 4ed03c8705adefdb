import { z } from 'zod';
import type { Services } from '../services.ts';
import { type Account, listAccounts } from '../store/accounts.ts';
import { MethodError } from './errors.ts';
import type { Id } from './types.ts';

/** What goes wrong and is not the client's doing; names and codes only, never content. */
export type Report = (what: string, error: unknown) => void;

/** What the method calls of one request share. */
export interface Context {
  services: Services;
  userId: string;
  /** Creation ids of this request: RFC 8620 section 5.3. */
  createdIds: Map<Id, Id>;
  /** Scheme and host that the client reached us by. */
  origin: string;
  /** Octets that are left for the answer. */
  room: number;
  /** Accounts to be pulled soon because a device changed something; asked for once, after the last call. */
  pulls: Set<Id>;
  report: Report;
  /** The user's accounts; read once, and again after `forgetAccounts`. */
  accounts(): Promise<readonly Account[]>;
  forgetAccounts(): void;
}

export interface AccountContext extends Context {
  account: Account;
}

/** A call that another implies. */
export interface Implied {
  name: string;
  args: Record<string, unknown>;
}

/** A method as the core calls it. */
export interface Method {
  name: string;
  capability: string;
  run(context: Context, args: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** A call that this one implies once it is answered (RFC 8620 section 5.4), with its arguments resolved. */
  follow?(args: Record<string, unknown>, answer: Record<string, unknown>): Implied | null;
}

type Answer = Record<string, unknown>;

/** The context of one request of a user. */
export function newContext(
  services: Services,
  userId: string,
  options: { createdIds?: Record<Id, Id>; origin: string; room: number; report: Report },
): Context {
  let accounts: Promise<readonly Account[]> | null = null;
  return {
    services,
    userId,
    createdIds: new Map(Object.entries(options.createdIds ?? {})),
    origin: options.origin,
    room: options.room,
    pulls: new Set(),
    report: options.report,
    accounts() {
      accounts ??= listAccounts(services.table, userId);
      return accounts;
    },
    forgetAccounts() {
      accounts = null;
    },
  };
}

/** Declares a method that belongs to the user and takes no accountId. */
export function userMethod<S extends z.ZodRawShape>(
  name: string,
  capability: string,
  shape: S,
  run: (context: Context, args: z.output<z.ZodObject<S>>) => Promise<Answer>,
): Method {
  const schema = z.strictObject(shape);
  return {
    name,
    capability,
    run: (context, args) => run(context, parseArguments(schema, args) as z.output<z.ZodObject<S>>),
  };
}

/**
 * Declares a method that works on one account. Here and nowhere else it is checked that the account is the
 * user's own; another's does not exist for them. The answer begins with the accountId.
 */
export function accountMethod<S extends z.ZodRawShape>(
  name: string,
  capability: string,
  shape: S,
  run: (context: AccountContext, args: z.output<z.ZodObject<S>>) => Promise<Answer>,
): Method {
  const schema = z.strictObject({ accountId: idSchema, ...shape });
  return {
    name,
    capability,
    async run(context, args) {
      const read = parseArguments(schema, args) as z.output<z.ZodObject<S>> & { accountId: Id };
      const account = await ownAccount(context, resolveId(context, read.accountId));
      if (!account) throw new MethodError('accountNotFound', 'You have no account with this id.');
      return { accountId: account.id, ...(await run({ ...context, account }, read)) };
    },
  };
}

/** The user's own account with this id, or null. */
export async function ownAccount(context: Pick<Context, 'accounts'>, accountId: Id): Promise<Account | null> {
  return (await context.accounts()).find(account => account.id === accountId) ?? null;
}

/** Id of RFC 8620 section 1.2, or a creation id after `#`. */
export const idSchema = z.string().regex(/^#?[A-Za-z0-9_-]{1,255}$/, 'is not an Id');

/** The Id itself, or the record's that was made under a creation id; an unknown one stays as it is. */
export function resolveId(context: Pick<Context, 'createdIds'>, id: Id): Id {
  return id.startsWith('#') ? (context.createdIds.get(id.slice(1)) ?? id) : id;
}

function parseArguments<T>(schema: z.ZodType<T>, args: Record<string, unknown>): T {
  const read = schema.safeParse(args);
  if (read.success) return read.data;
  const issues = read.error.issues.map(issue => `${issue.path.join('/') || 'arguments'}: ${issue.message}`);
  throw new MethodError('invalidArguments', issues.slice(0, 10).join('; '));
}
