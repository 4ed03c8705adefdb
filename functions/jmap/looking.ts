import { getDue } from '../store/due.ts';
import { noteLooking } from '../store/looking.ts';
import { waitsUntil } from '../sync/schedule.ts';
import type { Context } from './methods.ts';
import type { Request } from './types.ts';

/** What a device asks when somebody opens the app or has it open. */
const LOOKS: ReadonlySet<string> = new Set(['Email/query', 'Email/changes', 'Mailbox/changes']);

/**
 * Notes that a device is looking, so that its user's accounts are looked at more often, and has them pulled when it
 * begins to. An account that waits after a failure goes on waiting. What goes wrong here is reported and no more.
 */
export async function noteDevice(context: Context, { methodCalls }: Request): Promise<void> {
  if (!methodCalls.some(([name]) => LOOKS.has(name))) return;
  const { services, userId } = context;
  const now = services.now();
  try {
    const accounts = (await context.accounts()).map(account => account.id);
    if (accounts.length === 0 || !(await noteLooking(services.table, userId, accounts, now))) return;
    for (const id of accounts) {
      const due = await getDue(services.table, id);
      if (due && waitsUntil(due, now) <= now) context.pulls.add(id);
    }
  } catch (error) {
    context.report('looking', error);
  }
}
