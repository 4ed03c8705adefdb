import type { MailboxSnapshot } from '../../source/source.ts';
import type { MailboxCursor } from '../../store/commit.ts';
import { getStateRows, listLocations } from '../../store/emails.ts';
import { imapLocationPrefix, type Location, parseLocation } from '../../store/keys.ts';
import { listQuarantine } from '../../store/mailboxes.ts';
import { listDeleting, MANY_DELETING } from '../../store/receipts.ts';
import type { RunContext } from '../context.ts';
import { addUids, packUidSet, unpackUidSet } from '../ranges.ts';

/**
 * A cursor that tells every handled UID, for one that could not (`handledFrom`): what the rows know is what its Emails
 * have, what is in quarantine and, of what is still listed, what was destroyed here or waits to be deleted there. Reads
 * all rows of the mailbox, which only one of hundreds of thousands of scattered messages needs.
 */
export async function withRows(
  run: RunContext,
  mailboxId: string,
  stored: MailboxCursor | undefined,
  { entries }: Pick<MailboxSnapshot, 'entries'>,
): Promise<MailboxCursor | undefined> {
  if (stored?.handledFrom === undefined) return stored;
  const { handledFrom, ...cursor } = stored;
  const { table } = run.services;
  const accountId = run.account.id;
  const prefix = imapLocationPrefix(mailboxId, cursor.uidValidity);
  const visible = new Set(entries.filter(entry => !entry.isDeleted).map(({ uid }) => uid));
  const uidOf = (location: Location) => parseLocation(location)?.uid ?? '';
  const places = [...(await listLocations(table, accountId, prefix))];
  const states = await run.states.all();
  const here = places.filter(([location, id]) => states.get(id)?.locations.includes(location));
  const dead = places.filter(([location, id]) => !states.has(id) && visible.has(uidOf(location)));
  const tombstones = await getStateRows(table, accountId, [...new Set(dead.map(([, id]) => id))]);
  // Of what the source destroyed there are no bytes in the tombstone: it is listed again, and fetched again.
  const destroyed = dead.filter(([, id]) => tombstones.get(id)?.destroyed && tombstones.get(id)?.blob);
  const waiting = (await listDeleting(table, accountId, MANY_DELETING)).map(({ location }) => location);
  const kept = (await listQuarantine(table, accountId)).map(({ location }) => location);
  const locations = [
    ...[...here, ...destroyed].map(([location]) => location),
    ...waiting.filter(location => location.startsWith(prefix) && visible.has(uidOf(location))),
    ...kept.filter(location => location.startsWith(prefix)),
  ];
  const below = locations.map(location => Number(uidOf(location))).filter(uid => uid < handledFrom);
  return { ...cursor, handled: packUidSet(addUids(unpackUidSet(cursor.handled), below)) };
}
