import type { Commit } from '../store/commit.ts';
import { catchUp } from '../store/log.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import { type Change, changesArguments, commitsSince, foldChanges, stateOf } from './changes.ts';
import { getArguments, listAndNotFound, wantedIds, wantedProperties } from './get.ts';
import { mailboxOf } from './mailbox-object.ts';
import { accountMethod } from './methods.ts';
import { MAIL, type Mailbox } from './types.ts';

const COUNTS = ['totalEmails', 'unreadEmails', 'totalThreads', 'unreadThreads'] as const;
const PROPERTIES = [
  'id',
  'name',
  'parentId',
  'role',
  'sortOrder',
  ...COUNTS,
  'myRights',
  'isSubscribed',
] as const satisfies (keyof Mailbox)[];

/** Mailbox/get, RFC 8621 section 2.1. */
export const mailboxGet = accountMethod('Mailbox/get', MAIL, getArguments, async (context, args) => {
  const { services, account } = context;
  const properties = wantedProperties(args.properties, PROPERTIES);
  const ids = wantedIds(context, args.ids);
  const head = await catchUp(services, account.id);
  const rows = await listMailboxes(services.table, account.id);
  return {
    state: stateOf(head),
    ...listAndNotFound(
      rows.map(row => mailboxOf(row, account.protocol)),
      ids,
      properties,
    ),
  };
});

/** Mailbox/changes, RFC 8621 section 2.2. */
export const mailboxChanges = accountMethod(
  'Mailbox/changes',
  MAIL,
  changesArguments,
  async (context, { sinceState, maxChanges }) => {
    const { since, commits } = await commitsSince(context, sinceState);
    const { seen, ...folded } = foldChanges(commits, since, mailboxChangesOf, maxChanges);
    const updated = new Set(folded.updated);
    const onlyCounts = updated.size > 0 && seen.every(change => change.onlyCounts || !updated.has(change.id));
    return { oldState: sinceState, ...folded, updatedProperties: onlyCounts ? COUNTS : null };
  },
);

function mailboxChangesOf({ mailboxes, counters }: Commit): (Change & { onlyCounts: boolean })[] {
  const changes: (Change & { onlyCounts: boolean })[] = [];
  const add = (id: string, kind: Change['kind'], onlyCounts = false) =>
    changes.push({ id, kind, onlyCounts });
  for (const { id } of mailboxes.created) add(id, 'created');
  for (const { id } of mailboxes.updated) add(id, 'updated');
  const gone = new Set(mailboxes.destroyed);
  for (const id of Object.keys(counters)) if (!gone.has(id)) add(id, 'updated', true);
  for (const id of gone) add(id, 'destroyed');
  return changes;
}
