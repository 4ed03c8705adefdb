import { saidOtherwise } from '../sentences/say.ts';
import { putAccount, type SourceAccount } from '../store/accounts.ts';
import { putDue } from '../store/due.ts';
import { getHealth, newHealth, putHealth } from '../store/health.ts';
import { initialDue } from '../sync/schedule.ts';
import type { Context } from './methods.ts';

/** Accounts that begin to be pulled: new ones, and those whose way in has changed. */

/** How many accounts a user can have. */
export const MAX_ACCOUNTS = 100;

/** Stores a new account with a source, and has it pulled unless it is paused. */
export async function addSourceAccount(
  { services: { table }, pulls }: Context,
  account: SourceAccount,
): Promise<void> {
  await putHealth(table, account.id, newHealth);
  if (!account.paused) await putDue(table, account.id, initialDue());
  await putAccount(table, account);
  if (!account.paused) pulls.add(account.id);
}

/** Forgets how an account was, and has it pulled unless it is paused: it may be let in now. */
export async function reconnect(
  { services: { table }, pulls }: Context,
  { id, paused }: SourceAccount,
): Promise<void> {
  const health = await getHealth(table, id);
  const message = 'Waiting for the next pull with the new settings.';
  const said = [saidOtherwise('status/new', message)];
  await putHealth(table, id, { ...health, phase: 'new', code: null, message, said, failures: 0 });
  if (paused) return;
  await putDue(table, id, initialDue());
  pulls.add(id);
}
