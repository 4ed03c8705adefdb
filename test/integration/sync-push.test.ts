import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { summarize } from '../../functions/mime/parse.ts';
import type { MailSource, SourceWriter } from '../../functions/source/source.ts';
import { getAllStates } from '../../functions/store/emails.ts';
import { imapLocation } from '../../functions/store/keys.ts';
import { catchUp, commit } from '../../functions/store/log.ts';
import { dayBudget } from '../../functions/sync/budget.ts';
import type { RunContext } from '../../functions/sync/context.ts';
import { push } from '../../functions/sync/push/push.ts';
import { stateCache } from '../../functions/sync/state-cache.ts';
import { testAccount } from '../support/accounts.ts';
import { MAILBOXES, message } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

/** Long, so that few messages are as large in the log as thousands are. */
const VALIDITY = '7'.repeat(400);
const COUNT = 450;

test('what a device moved at once may be more than fits into one item of the log', async t => {
  const services = await testServices(t);
  const login = { protocol: 'imap', port: 1, username: 'mara', password: 'x' } as const;
  const account = await testAccount(services, 'a1', login);
  await commit(services, 'a1', () => ({
    by: 'run',
    mailboxes: { created: MAILBOXES, updated: [], destroyed: [] },
  }));
  const summaries = new Map(
    Array.from({ length: COUNT }, (_, i) => {
      const raw = message({ subject: `m${i}`, at: 1_700_000_000 + i });
      const summary = summarize(raw, createHash('sha256').update(raw).digest('hex'));
      return [summary.emailId, summary];
    }),
  );
  const created = [...summaries.values()].map(({ emailId: id, sha256, threadId }, i) => {
    const locations = [imapLocation('inbox', VALIDITY, String(i + 1))];
    return { id, sha256, threadId, mailboxIds: ['inbox'], keywords: [], locations };
  });
  await commit(services, 'a1', () => ({ by: 'run', created }), { summaries });
  const mailboxIds = { inbox: false, boat: true };
  const patched = created.map(({ id, threadId }) => ({ id, threadId, mailboxIds }));
  const last = await commit(services, 'a1', () => ({ by: 'device', patched }), { expires: false });

  const move: SourceWriter['move'] = async (_path, uids) => ({
    uidValidity: VALIDITY,
    uids: new Map(uids.map(uid => [uid, uid])),
  });
  const uidValidity = async () => VALIDITY;
  const told: Partial<SourceWriter> = { uidValidity, move, copy: move, storeKeywords: async () => [] };
  const writer = told as SourceWriter;
  const status = { uidValidity: VALIDITY, uidNext: 1, messages: 0, highestModseq: null };
  const snapshot = async () => ({ status, complete: false, entries: [], vanished: [] });
  const source: Partial<MailSource> = { protocol: 'imap', writer, snapshot };
  const run: RunContext = {
    services,
    account,
    source: source as MailSource,
    states: stateCache(services, 'a1'),
    paths: new Map([
      ['inbox', 'INBOX'],
      ['boat', 'Boat'],
    ]),
    cursors: new Map(),
    deadline: services.now() + 60_000,
    checkLease: () => {},
    retry: null,
    cutOff: Number.POSITIVE_INFINITY,
    budget: dayBudget({ bytesPerDay: Number.POSITIVE_INFINITY }, undefined, Date.now),
    progress: { commits: 0, created: 0 },
    lastFailure: null,
    isCautious: false,
    doubted: new Set(),
    candidates: new Map(),
  };
  assert.equal(await push(run, writer, []), null);
  assert.ok((await catchUp(services, 'a1')).pushed >= (last?.n ?? 0));
  const states = await getAllStates(services.table, 'a1');
  assert.equal(states.size, COUNT);
  for (const { locations } of states.values()) assert.match(locations.join(), /^UID#boat#/);
});
