import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openImap } from '../../functions/source/imap.ts';
import type { MailboxStatus, SourceEntry } from '../../functions/source/source.ts';
import { expectFailure } from '../support/imap-failure.ts';
import { letter, uidsOf, whole } from '../support/imap-source.ts';
import { type ScriptedCommand, scriptedImapServer } from '../support/scripted-imap-server.ts';

const CURSOR: MailboxStatus = { uidValidity: '7', uidNext: 4, messages: 3, highestModseq: '100' };

interface Odd {
  qresync?: boolean;
  /** What SELECT says. */
  exists: number;
  uidNext: number;
  modseq: string;
  /** The answer to CHANGEDSINCE; a listing without it names every UID up to `uidNext` that is in `uids`. */
  changes: string;
  uids: number[];
}

const row = (uid: number, items = 'FLAGS () RFC822.SIZE 9') => `* ${uid} FETCH (UID ${uid} ${items})\r\n`;

/** A server with CONDSTORE, and with QRESYNC where that is said. */
async function oddServer(t: TestContext, odd: Odd) {
  const extensions = `CONDSTORE${odd.qresync ? ' QRESYNC' : ''}`;
  const server = await scriptedImapServer(t, {
    capabilities: `ENABLE ${extensions}`,
    answer: ({ name, args, tag }: ScriptedCommand) => {
      if (name === 'ENABLE') return `* ENABLED ${extensions}\r\n${tag} OK\r\n`;
      if (name === 'EXAMINE') {
        const codes = [`UIDVALIDITY 7`, `UIDNEXT ${odd.uidNext}`, `HIGHESTMODSEQ ${odd.modseq}`];
        const lines = codes.map(code => `* OK [${code}] x\r\n`);
        return `* ${odd.exists} EXISTS\r\n${lines.join('')}${tag} OK [READ-ONLY] Done\r\n`;
      }
      if (name !== 'UID FETCH') return undefined;
      if (args.includes('CHANGEDSINCE')) return `${odd.changes}${tag} OK\r\n`;
      return `${odd.uids.map(uid => row(uid)).join('')}${tag} OK\r\n`;
    },
  });
  const source = await openImap(server.settings);
  t.after(() => source.close(true));
  return { server, source };
}

const vanished = (set: string) => `* VANISHED (EARLIER) ${set}\r\n`;
const same = { exists: 3, uidNext: 4, modseq: '101', uids: [1, 2, 3], changes: '' };
const odd: [what: string, odd: Odd, complete: boolean, uids: string[], vanished: string[]][] = [
  ['a change of flags', { ...same, changes: row(2) }, false, ['2'], []],
  [
    'an arrival and a VANISHED',
    { ...same, qresync: true, uidNext: 5, uids: [2, 3, 4], changes: `${vanished('1')}${row(4)}` },
    false,
    ['4'],
    ['1'],
  ],
  [
    'a VANISHED that was forgotten',
    { ...same, qresync: true, exists: 2, uids: [1, 3] },
    true,
    ['1', '3'],
    [],
  ],
  [
    'a VANISHED too many',
    { ...same, qresync: true, exists: 2, uids: [1, 3], changes: vanished('1:2') },
    true,
    ['1', '3'],
    [],
  ],
  [
    'a VANISHED of what was gone before',
    { ...same, qresync: true, exists: 3, uids: [1, 2, 3], changes: vanished('1000:4000000000') },
    false,
    [],
    [],
  ],
  [
    'a VANISHED of everything there could be',
    { ...same, qresync: true, exists: 1, uids: [2], changes: vanished('1:4294967295') },
    true,
    ['2'],
    [],
  ],
  ['an expunge without QRESYNC', { ...same, exists: 2, uids: [1, 3] }, true, ['1', '3'], []],
  ['HIGHESTMODSEQ gone backwards', { ...same, modseq: '50' }, true, ['1', '2', '3'], []],
  ['no HIGHESTMODSEQ any more', { ...same, modseq: '0' }, true, ['1', '2', '3'], []],
  ['UIDNEXT gone backwards', { ...same, uidNext: 3, exists: 2, uids: [1, 2] }, true, ['1', '2'], []],
  [
    'an arrival that CHANGEDSINCE does not show',
    { ...same, uidNext: 5, exists: 4, uids: [1, 2, 3, 4] },
    true,
    ['1', '2', '3', '4'],
    [],
  ],
  [
    'an arrival under the same HIGHESTMODSEQ',
    { ...same, modseq: '100', uidNext: 5, exists: 4, uids: [1, 2, 3, 4] },
    true,
    ['1', '2', '3', '4'],
    [],
  ],
  [
    'CHANGEDSINCE that names everything',
    { ...same, changes: [1, 2, 3].map(uid => row(uid)).join('') },
    false,
    ['1', '2', '3'],
    [],
  ],
];

for (const [what, server, complete, uids, gone] of odd) {
  test(`${what} is ${complete ? 'listed anew' : 'taken as it is'}`, async t => {
    const { source } = await oddServer(t, server);
    const snapshot = await source.snapshot('INBOX', CURSOR);
    assert.deepEqual([snapshot.complete, uidsOf(snapshot), snapshot.vanished], [complete, uids, gone]);
    // Without a cursor everything is listed, whatever the server keeps.
    const full = await source.snapshot('INBOX', null);
    assert.deepEqual([full.complete, uidsOf(full)], [true, server.uids.map(String)]);
  });
}

test('a cursor whose MODSEQ is no number is not sent to the server', async t => {
  for (const highestModseq of ['x', '0', '1 (VANISHED)', null]) {
    const { server, source } = await oddServer(t, same);
    assert.equal((await source.snapshot('INBOX', { ...CURSOR, highestModseq })).complete, true);
    assert.ok(!server.commands.some(command => command.includes('CHANGEDSINCE')), 'not asked');
  }
});

const RAW = letter('one');
const lies: [what: string, exists: number, rows: string, expected: string[] | null][] = [
  ['out of order', 3, `${row(3)}${row(1)}${row(2)}`, ['3', '1', '2']],
  ['twice', 2, `${row(1)}${row(2)}${row(1, 'FLAGS (\\Seen)')}`, ['1', '2']],
  ['twice in place of another', 2, `${row(1)}${row(1)}`, null],
  ['without flags and size', 1, '* 1 FETCH (UID 1 FLAGS NIL RFC822.SIZE NIL)\r\n', ['1']],
  ['without UID', 2, `* 1 FETCH (FLAGS ())\r\n${row(2)}`, null],
  ['with UIDs that cannot be', 2, `${row(0)}${row(5_000_000_000)}`, null],
  ['beyond UIDNEXT', 2, `${row(1)}${row(2)}`.replaceAll('UID 2', 'UID 900'), null],
];

for (const [what, exists, rows, expected] of lies) {
  test(`messages that are listed ${what} are ${expected ? 'sorted out' : 'an error, never a deletion'}`, async t => {
    const messages = Array.from({ length: exists }, (_, index) => ({ uid: index + 1, raw: RAW }));
    const server = await scriptedImapServer(t, {
      messages,
      answer: ({ name, tag }) => (name === 'UID FETCH' ? `${rows}${tag} OK\r\n` : undefined),
    });
    const source = await openImap(server.settings);
    if (expected) assert.deepEqual(uidsOf(await source.snapshot('INBOX', null)), expected);
    else
      await assert.rejects(source.snapshot('INBOX', null), expectFailure('protocol', /lists \d+ messages/));
    await source.close(true);
  });
}

test('a UIDNEXT far too high hides nothing that comes later', async t => {
  const { source } = await oddServer(t, {
    ...same,
    uidNext: 4_000_000_000,
    exists: 4,
    uids: [1, 2, 3, 4],
    changes: row(4),
  });
  const snapshot = await source.snapshot('INBOX', { ...CURSOR, uidNext: 4_000_000_000 });
  assert.deepEqual([snapshot.complete, uidsOf(snapshot)], [true, ['1', '2', '3', '4']]);
});

test('bodies that come twice, out of order, split or for others are each given once', async t => {
  const messages = [1, 2, 3].map(uid => ({ uid, raw: letter(`number ${uid}`) }));
  const body = (uid: number, raw = letter(`number ${uid}`)) =>
    `* ${uid} FETCH (UID ${uid} RFC822.SIZE ${raw.length} BODY[]<0> {${raw.length}}\r\n${raw})\r\n`;
  const server = await scriptedImapServer(t, {
    messages,
    answer: ({ name, args, tag }) => {
      if (name !== 'UID FETCH' || !args.startsWith('1:3 ')) return undefined;
      const split = `* 1 FETCH (UID 1 RFC822.SIZE ${messages[0]?.raw.length})\r\n* 1 FETCH (FLAGS (\\Seen) UID 1)\r\n`;
      return `${body(9, RAW)}${body(3)}${split}${body(1)}${body(3, RAW)}* 2 FETCH (UID 2 BODY[] NIL)\r\n${tag} OK\r\n`;
    },
  });
  const source = await openImap(server.settings);
  const entries: SourceEntry[] = messages.map(({ uid, raw }) => ({
    uid: String(uid),
    size: raw.length,
    keywords: [],
  }));
  const found = [];
  for await (const message of source.fetch('INBOX', entries)) found.push(await whole(message));
  assert.deepEqual(
    found,
    messages.map(({ uid, raw }) => ({ uid: String(uid), raw })),
  );
  await source.close(true);
});

test('a listing keeps a few hundred octets a message', async t => {
  const count = 30_000;
  const answer = Buffer.from(
    Array.from({ length: count }, (_, index) =>
      row(index + 1, 'FLAGS (\\Seen $Work) RFC822.SIZE 12345 MODSEQ (7)'),
    ).join(''),
  );
  const server = await scriptedImapServer(t, {
    exists: count,
    messages: [{ uid: count, raw: RAW }],
    answer: ({ name, tag }) =>
      name === 'UID FETCH' ? Buffer.concat([answer, Buffer.from(`${tag} OK\r\n`)]) : undefined,
  });
  const source = await openImap({ ...server.settings, timeout: 300_000 });
  const before = heapInUse();
  const { entries } = await source.snapshot('INBOX', null);
  assert.equal(entries.length, count);
  const held = (heapInUse() - before) / count;
  assert.ok(held < 400, `${held} octets a message`);
  await source.close(true);
});

/** What is left after a collection of garbage, in octets. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
