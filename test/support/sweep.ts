import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { summarize } from '../../functions/mime/parse.ts';
import type { BlobVersions, Services } from '../../functions/services.ts';
import type { CommitDraft } from '../../functions/store/commit.ts';
import { getAllStates, getEmails } from '../../functions/store/emails.ts';
import { blobKeys, keys, prefix } from '../../functions/store/keys.ts';
import { commit } from '../../functions/store/log.ts';
import { deleteRows, queryAll } from '../../functions/store/table.ts';
import { type SweptAccount, sweepAccount } from '../../functions/sweep/account.ts';
import { fileBlobVersions } from '../../infra/local/blob-versions.ts';
import { fileBlobs } from '../../infra/local/file-blobs.ts';
import { Killed } from './crash.ts';
import { message } from './jmap.ts';
import { type TestServices, testServices } from './table.ts';
import { aroundTable, isRead } from './wrapped.ts';

export const DAY_MS = 86_400_000;

/** A message by a number: its bytes, its checksum and its row. */
export function letterOf(nth: number) {
  const raw = message({ subject: `m${nth}`, at: 1_700_000_000 + nth });
  const sha256 = createHash('sha256').update(raw).digest('hex');
  return { raw, sha256, summary: summarize(raw, sha256) };
}

/** An account whose blobs and log can be made older than they are. */
export interface Aged {
  services: TestServices;
  id: string;
  /** Where its blobs are files. */
  folder: string;
  key(nth: number): string;
  /** Makes a blob so old. */
  age(key: string, daysAgo: number): Promise<void>;
  /** Makes the bytes of a message durable, as if so many days ago. */
  put(nth: number, daysAgo?: number): Promise<void>;
  commit(draft: CommitDraft): Promise<void>;
  /** Stores a message from a location, as a run does. */
  store(nth: number, location: string, daysAgo?: number): Promise<void>;
  /** Destroys an Email, as a run does or as a device does. */
  destroy(nth: number, by?: 'run' | 'device'): Promise<void>;
  /** 90 days pass: the table's time to live removes all commits. */
  forgetLog(): Promise<void>;
  sweep(services?: Services): Promise<SweptAccount>;
  /** Which of these messages have a blob. */
  blobs(nths: readonly number[]): Promise<number[]>;
  /** Which of these messages have a tombstone. */
  tombstones(nths: readonly number[]): Promise<number[]>;
}

/** Makes one in an account that is there. */
export async function agedAccount(t: Pick<TestContext, 'after'>, id: string): Promise<Aged> {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-sweep-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const services = await testServices(t, {
    blobs: fileBlobs(folder),
    blobVersions: fileBlobVersions(folder),
  });
  return aged(services, folder, id);
}

/** Another account beside one. `age` makes a blob older, where it is no file. */
export function aged(
  services: TestServices,
  folder: string,
  id: string,
  age: Aged['age'] = async (of, daysAgo) => {
    const at = new Date(Date.now() - daysAgo * DAY_MS);
    await utimes(join(folder, of), at, at);
  },
): Aged {
  const { table, blobs } = services;
  const key = (nth: number) => blobKeys.raw(id, letterOf(nth).sha256);
  const put = async (nth: number, daysAgo = 100) => {
    await blobs.put(key(nth), letterOf(nth).raw);
    await age(key(nth), daysAgo);
  };
  const write = async (draft: CommitDraft) => void (await commit(services, id, () => draft));
  return {
    services,
    id,
    folder,
    key,
    age,
    put,
    commit: write,
    async store(nth, location, daysAgo) {
      await put(nth, daysAgo);
      const { emailId, threadId, sha256 } = letterOf(nth).summary;
      const email = { id: emailId, sha256, threadId, mailboxIds: ['inbox'], keywords: [] };
      await write({ by: 'run', created: [{ ...email, locations: [location] }] });
    },
    async destroy(nth, by = 'run') {
      const { emailId, threadId } = letterOf(nth).summary;
      await write({ by, destroyed: [{ id: emailId, threadId }] });
    },
    async forgetLog() {
      const pk = keys.partition(id);
      const rows = await queryAll(table, pk, { prefix: prefix.log });
      await deleteRows(
        table,
        rows.map(({ sk }) => ({ pk, sk: String(sk) })),
      );
    },
    sweep: (as = services) => sweepAccount(as, id, Date.now() + 60_000),
    async blobs(nths) {
      const found = await Promise.all(nths.map(async nth => ((await blobs.head(key(nth))) ? [nth] : [])));
      return found.flat();
    },
    async tombstones(nths) {
      const rows = await queryAll(table, keys.partition(id), { prefix: prefix.state });
      const ids = new Set(
        rows.filter(row => String(row.state).includes('"destroyed":true')).map(row => row.sk),
      );
      return nths.filter(nth => ids.has(prefix.state + letterOf(nth).summary.emailId));
    },
  };
}

/** No Email is without its bytes. */
export async function assertWhole({ services, id }: Aged, when = ''): Promise<void> {
  const states = await getAllStates(services.table, id);
  const emails = await getEmails(services.table, id, [...states.keys()]);
  assert.equal(emails.size, states.size, `${when}: every Email has its row`);
  for (const { summary } of emails.values()) {
    const found = await services.blobs.head(blobKeys.raw(id, summary.sha256));
    assert.ok(found, `${when}: the bytes of ${summary.subject} are there`);
  }
}

/** What happens just before the nth effect: a row written or removed, a blob discarded. Reads are none, listings are. */
export type Before = (nth: number, name: string) => Promise<void> | void;

/** Services that tell of each effect of a sweep before it happens, one blob at a time. */
export function watched(services: Services, before: Before): Services {
  let count = 0;
  const step = async (name: string) => before(count++, name);
  const told = aroundTable(services, async (command, send) => {
    await step(isRead(command) ? 'read' : command.constructor.name);
    return send();
  });
  const { blobVersions } = services;
  const versions: BlobVersions = {
    ...blobVersions,
    async *listed(below) {
      for await (const blob of blobVersions.listed(below)) {
        await step('listed');
        yield blob;
      }
      await step('listed');
    },
    async discard(blobs) {
      for (const blob of blobs) {
        await step('discard');
        await blobVersions.discard([blob]);
      }
    },
  };
  return { ...told, blobVersions: versions };
}

/** Services whose holder is killed before its nth step. */
export const killedAt = (services: Services, nth: number): Services =>
  watched(services, count => {
    if (count >= nth) throw new Killed('killed');
  });
