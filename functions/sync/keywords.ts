import type { MailboxStatus, SourceEntry } from '../source/source.ts';
import { getLocations, listLocations } from '../store/emails.ts';
import { imapLocationPrefix } from '../store/keys.ts';
import { chunk } from '../store/table.ts';
import { commitRun, cursorOf, type PulledMailbox, type RunContext } from './context.ts';
import { locationOf } from './fetch.ts';
import { keywordPatch, type MailboxPlan } from './plan.ts';

const PATCHES_A_COMMIT = 500;

/** Takes over the keywords that the source shows for messages handled before; true when it closed the mailbox. */
export async function commitKeywords(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  complete: boolean,
  closing: MailboxStatus | null,
): Promise<boolean> {
  const shown = plan.known.filter(entry => entry.keywords !== null);
  if (shown.length === 0) return false;
  const { uidValidity } = plan.cursor;
  const locate = (entry: SourceEntry) => locationOf(run, mailbox, uidValidity, entry.uid);
  const { table } = run.services;
  const locations = complete
    ? await listLocations(table, run.account.id, imapLocationPrefix(mailbox.id, uidValidity))
    : await getLocations(table, run.account.id, shown.map(locate));
  const batches = chunk(shown, PATCHES_A_COMMIT);
  for (const [i, batch] of batches.entries()) {
    const emails = batch.flatMap(entry => {
      const id = locations.get(locate(entry));
      return id ? [{ id, shown: entry.keywords ?? [] }] : [];
    });
    const close = i === batches.length - 1 ? closing : null;
    await commitRun(run, async pending => {
      const states = await run.states.states(emails.map(email => email.id));
      const patched = emails.flatMap(({ id, shown }) => {
        const state = states.get(id);
        if (!state) return [];
        const mayRemove = !complete || state.locations.length === 1;
        return keywordPatch(state, shown, pending.get(id), mayRemove) ?? [];
      });
      const cursor = { ...cursorOf(run, mailbox, plan), status: close, doubtedAt: null };
      return { patched, ...(close && { cursors: { [mailbox.id]: cursor } }) };
    });
  }
  return closing !== null;
}
