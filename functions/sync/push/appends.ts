import { SourceError } from '../../source/errors.ts';
import type { SourceMailbox, SourceWriter } from '../../source/source.ts';
import { getEmails, type StoredEmail } from '../../store/emails.ts';
import { blobKeys, imapLocation, KEPT_HERE, type Location } from '../../store/keys.ts';
import { chunk } from '../../store/table.ts';
import { commitRun, hasTime, type RunContext } from '../context.ts';
import { toCandidate } from '../recognise/recognise.ts';
import { withHandledAt } from './drafts.ts';
import { findAtSource } from './find.ts';
import { SYSTEM_KEYWORDS } from './messages.ts';
import type { Wish } from './plan.ts';
import { type Refusal, tell } from './refusals.ts';

const EMAILS_A_READ = 100;
/** Octets of a message: one that is put somewhere is in memory as a whole, and hardly a server takes larger ones. */
const LARGEST_APPENDED = 64 * 1024 * 1024;

/**
 * Puts what devices imported into a mailbox of the source: one APPEND, and copies for the other mailboxes follow as
 * for any message. Each is committed by itself and looked for before, so that one that a killed run has appended is
 * not appended again. Without APPENDUID the next pull finds it by its content; then there is nothing to be copied
 * yet, and each mailbox gets it by APPEND. Gives false when the run's time was over.
 */
export async function pushImports(
  run: RunContext,
  writer: SourceWriter,
  wishes: ReadonlyMap<string, Wish>,
  seen: readonly SourceMailbox[],
  refusals: Refusal[],
): Promise<boolean> {
  const imported = [...wishes].filter(([, { importedAt }]) => importedAt !== null).map(([id]) => id);
  for (const ids of chunk(imported, EMAILS_A_READ)) {
    const emails = await getEmails(run.services.table, run.account.id, ids);
    const waiting = [...emails.values()].filter(({ state }) => state.locations.length === 0);
    const found = await findAll(run, waiting, seen);
    for (const email of waiting) {
      if (!hasTime(run)) return false;
      await pushImport(run, writer, email, {
        found: found.get(email.state.id) ?? new Map(),
        receivedAt: wishes.get(email.state.id)?.importedAt ?? 0,
        refusals,
      });
    }
  }
  return true;
}

/**
 * Puts Emails that the source has nowhere into one of its mailboxes, as if they were imported there. What it refuses
 * stays here alone.
 */
export async function putInto(
  run: RunContext,
  writer: SourceWriter,
  ids: readonly string[],
  mailboxId: string,
): Promise<void> {
  for (const part of chunk(ids, EMAILS_A_READ)) {
    const emails = await getEmails(run.services.table, run.account.id, part);
    const waiting = [...emails.values()]
      .filter(({ state }) => state.locations.length === 0)
      .map(({ state, summary }) => ({ summary, state: { ...state, mailboxIds: [mailboxId] } }));
    const found = await findAll(run, waiting, []);
    const refusals: Refusal[] = [];
    for (const email of waiting) {
      const here = found.get(email.state.id) ?? new Map();
      await pushImport(run, writer, email, { found: here, receivedAt: email.summary.receivedAt, refusals });
    }
    const kept = refusals.flatMap(({ undo }) => undo);
    if (kept.length > 0) await commitRun(run, async () => ({ patched: kept }));
  }
}

/** Where the source has these Emails already: locations by mailboxId, by emailId. */
async function findAll(
  run: RunContext,
  waiting: readonly StoredEmail[],
  seen: readonly SourceMailbox[],
): Promise<Map<string, Map<string, Location>>> {
  const found = new Map<string, Map<string, Location>>();
  for (const mailboxId of new Set(waiting.flatMap(({ state }) => state.mailboxIds))) {
    const candidates = waiting
      .filter(({ state }) => state.mailboxIds.includes(mailboxId))
      .map(({ summary }) => toCandidate(summary));
    for (const [id, location] of await findAtSource(run, mailboxId, candidates, seen)) {
      found.set(id, new Map([...(found.get(id) ?? []), [mailboxId, location]]));
    }
  }
  return found;
}

interface Import {
  found: ReadonlyMap<string, Location>;
  receivedAt: number;
  refusals: Refusal[];
}

const TOO_LARGE =
  'An imported message is too large to be put into the mailbox at the mail server (more than 64 MB). It stays here alone.';

async function pushImport(
  run: RunContext,
  writer: SourceWriter,
  { state, summary }: StoredEmail,
  { found, receivedAt, refusals }: Import,
): Promise<void> {
  const { id, threadId } = state;
  const open = state.mailboxIds.filter(mailboxId => run.paths.has(mailboxId));
  let locations = [...found.values()];
  let kept = state.keywords;
  for (const mailboxId of open) {
    if (locations.length > 0) break;
    // What the source does not want stays here, and only here.
    const undo = [{ id, threadId, locations: { [KEPT_HERE]: true } }];
    const told = await tell(refusals, { undo }, async () => {
      if (summary.size > LARGEST_APPENDED) throw new SourceError('refused', TOO_LARGE);
      const raw = await run.services.blobs.get(blobKeys.raw(run.account.id, summary.sha256));
      if (!raw) return;
      const path = run.paths.get(mailboxId) ?? '';
      const isCommon = state.keywords.every(keyword => SYSTEM_KEYWORDS.has(keyword));
      kept = isCommon ? state.keywords : await writer.keptKeywords(path, state.keywords);
      const made = await writer.append(path, raw, kept, receivedAt);
      if (made) locations = [imapLocation(mailboxId, made.uidValidity, made.uid)];
    });
    if (!told) return;
  }
  const unkept = state.keywords.filter(keyword => !kept.includes(keyword));
  if (locations.length + unkept.length === 0) return;
  const keywords = Object.fromEntries(unkept.map(keyword => [keyword, false]));
  await commitRun(run, async () => ({
    patched: [
      { id, threadId, keywords, locations: Object.fromEntries(locations.map(location => [location, true])) },
    ],
    cursors: withHandledAt(run, locations),
  }));
}
