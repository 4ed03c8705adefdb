import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../../functions/store/accounts.ts';
import { listEmails } from '../../functions/store/emails.ts';
import { blobKeys, quarantineId } from '../../functions/store/keys.ts';
import { catchUp, type LogStore } from '../../functions/store/log.ts';
import { listMailboxes, listQuarantine } from '../../functions/store/mailboxes.ts';
import { mailboxPaths } from '../../functions/transfer/export-names.ts';
import { type ExportedEmail, PART_LIMITS, planPart } from '../../functions/transfer/export-plan.ts';
import { zipPart } from '../../functions/transfer/export-zip.ts';
import { counted } from '../text-table.ts';
import { OperatorError } from './errors.ts';
import { type ExportedAccount, type ExportedZip, writeDurably } from './export-manifest.ts';
import { damagedIn, readZip, type ZippedMessage } from './export-zips.ts';

/** What the export of one account works with. */
export interface AccountExport {
  store: LogStore;
  folder: string;
  account: Account;
  /** What was written of it before. */
  before: ExportedAccount | null;
  /** Notes how far it is; what is noted is never written again. */
  note(exported: ExportedAccount): Promise<void>;
  log(line: string): void;
  /** How much a zip may hold; for tests. */
  limits?: typeof PART_LIMITS;
}

/** An account that never comes to rest is exported as it was when the last look began. */
const MOST_LOOKS = 3;

/**
 * Writes what is not in a zip yet, newest first, reads each zip again, and ends with the index of all Emails as they are.
 * Devices and the sync may go on meanwhile: what they commit is looked for again.
 */
export async function exportAccount(run: AccountExport): Promise<ExportedAccount> {
  const { store, account, folder } = run;
  await mkdir(join(folder, account.id), { recursive: true, mode: 0o700 });
  const { id, name, address, protocol } = account;
  const begun: ExportedAccount = run.before ?? {
    ...{ id, name, address, protocol, commit: null, emails: 0, missing: [], index: null, zips: [] },
  };
  const written = new Map<string, ZippedMessage>();
  for (const zip of begun.zips) {
    // What was damaged is tried again: perhaps its bytes were brought back since.
    const { messages } = await readZip(folder, zip.name);
    for (const id of zip.damaged) messages.delete(id);
    for (const [id, message] of messages) written.set(id, message);
  }
  const tried = new Set<string>();
  let exported: ExportedAccount = { ...begun, missing: [] };
  for (let looks = 1; ; looks++) {
    const { applied } = await catchUp(store, account.id);
    if (run.before?.commit === applied && run.before.index && run.before.missing.length === 0) {
      return run.before;
    }
    exported = await writeZips(run, { ...exported, commit: null }, written, tried);
    const isLast = looks === MOST_LOOKS || (await catchUp(store, account.id)).applied === applied;
    if (!isLast) continue;
    const { index, emails, missing } = await writeIndex(run, written);
    exported = { ...exported, commit: applied, index, emails, missing };
    await run.note(exported);
    return exported;
  }
}

/** Writes what is in none of the zips, until nothing is. */
async function writeZips(
  run: AccountExport,
  before: ExportedAccount,
  written: Map<string, ZippedMessage>,
  tried: Set<string>,
): Promise<ExportedAccount> {
  const { store, account, limits = PART_LIMITS } = run;
  const known = { has: (id: string) => written.has(id) || tried.has(id) };
  let exported = before;
  let after: string | null = null;
  for (let isLast = false; !isLast; ) {
    const job = { type: 'zip' as const, after, attempts: 0 };
    const part = await planPart(store.table, account.id, job, limits, known);
    isLast = part.isLast;
    const kept = isLast ? (await quarantined(store, account.id)).filter(({ id }) => !known.has(id)) : [];
    const emails = [...part.emails, ...kept];
    if (emails.length === 0) break;
    after = part.emails.at(-1)?.id ?? after;
    for (const { id } of emails) tried.add(id);
    const zip = await writeZip(run, nextNumber(exported), emails);
    if (zip === null) continue;
    for (const [id, message] of zip.messages) written.set(id, message);
    exported = { ...exported, zips: [...exported.zips, zip.file] };
    await run.note(exported);
    run.log(`${account.name}: ${zip.file.name}, ${counted(zip.file.messages, 'message')}`);
  }
  return exported;
}

/** Names are never given twice, so that a file that was lost is not taken for another. */
function nextNumber({ zips }: ExportedAccount): number {
  return 1 + Math.max(0, ...zips.map(({ name }) => Number(/export-(\d+)/.exec(name)?.[1] ?? 0)));
}

/** Writes a zip and reads it again; null where the bytes of none of its messages are there. */
async function writeZip(
  { store, folder, account }: AccountExport,
  nth: number,
  emails: readonly ExportedEmail[],
): Promise<{ file: ExportedZip; messages: Map<string, ZippedMessage> } | null> {
  const name = `${account.id}/export-${nth}.zip`;
  const path = join(folder, name);
  const mailboxes = await listMailboxes(store.table, account.id);
  const part = zipPart(store.blobs, account.id, { type: 'zip', nth, emails, mailboxes, check: () => {} });
  const hash = createHash('sha256');
  let size = 0;
  const counted = async function* () {
    for await (const chunk of part.chunks) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  await writeDurably(path, counted());
  const { messages } = await readZip(folder, name);
  if (messages.size + part.missing.size !== emails.length) {
    throw new OperatorError('export', `${path} does not hold what was written into it. Is the disk full?`);
  }
  const damaged = await damagedIn(folder, name);
  for (const id of damaged) messages.delete(id);
  if (messages.size === 0) {
    await rm(path);
    return null;
  }
  const file = { name, size, sha256: hash.digest('hex'), messages: messages.size, damaged };
  return { file, messages };
}

/** Messages of the quarantine of which the bytes came: they are mail, too, and no Email. */
async function quarantined({ table, blobs }: LogStore, accountId: string): Promise<ExportedEmail[]> {
  const found: ExportedEmail[] = [];
  for (const { location, sha256, size, at } of await listQuarantine(table, accountId)) {
    if (sha256 === null) continue;
    const octets = size ?? (await blobs.head(blobKeys.raw(accountId, sha256)))?.size ?? 0;
    const what = { id: quarantineId(location), sha256, size: octets, receivedAt: at };
    found.push({ ...what, subject: 'in quarantine', mailboxIds: [], keywords: ['quarantined'] });
  }
  return found;
}

/** `index.jsonl`: each Email as it is now, with where its message is. What is in no zip is missing. */
async function writeIndex({ store, folder, account }: AccountExport, written: Map<string, ZippedMessage>) {
  const name = `${account.id}/index.jsonl`;
  const paths = mailboxPaths(await listMailboxes(store.table, account.id));
  const missing: string[] = [];
  let emails = 0;
  const lines = async function* () {
    for await (const page of listEmails(store.table, account.id)) {
      for (const { summary, state } of page) {
        const { emailId: id, sha256, size, receivedAt } = summary;
        const message = written.get(id);
        emails += 1;
        if (message?.sha256 !== sha256) missing.push(id);
        const mailboxes = state.mailboxIds.flatMap(id => paths.get(id) ?? []).sort();
        const place = message ? { zip: message.zip, files: message.files } : { missing: true };
        const line = { id, sha256, size, receivedAt: new Date(receivedAt).toISOString() };
        yield Buffer.from(`${JSON.stringify({ ...line, keywords: state.keywords, mailboxes, ...place })}\n`);
      }
    }
    for (const { id, sha256, size } of await quarantined(store, account.id)) {
      const message = written.get(id);
      if (!message) missing.push(id);
      const place = message ? { zip: message.zip, files: message.files } : { missing: true };
      yield Buffer.from(`${JSON.stringify({ id, sha256, size, quarantined: true, ...place })}\n`);
    }
  };
  const hash = createHash('sha256');
  const hashed = async function* () {
    for await (const line of lines()) {
      hash.update(line);
      yield line;
    }
  };
  await writeDurably(join(folder, name), hashed());
  return { index: { name, sha256: hash.digest('hex') }, emails, missing };
}
