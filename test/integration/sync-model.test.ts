import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Services } from '../../functions/services.ts';
import { readLog } from '../../functions/store/log.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { type MemoryServer, memoryServer } from '../support/memory-source.ts';
import { testServices } from '../support/table.ts';
import { runs } from '../support/thorough.ts';

/** Histories that are played; more of them, to look for what these do not find. */
const RUNS = runs(3);
const PATHS = ['INBOX', 'Work', 'Play', 'Else'];
const CONTENTS = 9;

/** Of nine messages two have no Message-ID, and two share Message-ID and Date. */
function rawOf(content: number): Buffer {
  const id = content < 7 ? `Message-ID: <${content < 2 ? 'twin' : content}@example.org>\r\n` : '';
  return Buffer.from(
    `${id}Date: Mon, 2 Mar 2026 10:00:00 +0100\r\nSubject: m${content}\r\n\r\n${'x'.repeat(content)}\r\n`,
  );
}

const path = fc.constantFrom(...PATHS);
const nth = fc.nat({ max: 5 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('append' as const), path, fc.nat({ max: CONTENTS - 1 })) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('expunge' as const), path, nth) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('move' as const), path, nth, path) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('copy' as const), path, nth, path) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constant('flag' as const), path, nth, fc.constant('$seen'), fc.boolean()),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constant('reset' as const), path) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('rename' as const), path, path) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('remove' as const), path) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('pull' as const)) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(server: MemoryServer, [kind, ...rest]: Exclude<Step, ['pull']>): void {
  const isInbox = rest[0] === 'INBOX';
  if (isInbox && (kind === 'rename' || kind === 'remove')) return;
  (server[kind] as (...args: readonly unknown[]) => void)(...rest);
}

/** `<path>: <subjects>` of each mailbox that holds anything, at the source. */
function atSource({ boxes }: MemoryServer): string[] {
  return [...boxes]
    .map(([name, { messages }]) => `${name}: ${sorted(messages.map(({ content }) => `m${content}`))}`)
    .sort();
}

const sorted = (items: readonly string[]) => [...new Set(items)].sort().join(' ');

async function stored(services: Services, id: string): Promise<string[]> {
  const { emails } = await contentsOf(services, id);
  const mailboxes = await listMailboxes(services.table, id);
  return mailboxes
    .map(mailbox => {
      const inside = emails.filter(({ state }) => state.mailboxIds.includes(mailbox.id));
      return `${mailbox.path}: ${sorted(inside.map(({ summary }) => summary.subject ?? ''))}`;
    })
    .sort();
}

/** `<subject> <keywords>` of what is at the source once: of several copies each may show its own. */
function flagsAtSource({ boxes }: MemoryServer): string[] {
  const all = [...boxes.values()].flatMap(({ messages }) => messages);
  const count = (content: number) => all.filter(message => message.content === content).length;
  return all
    .filter(({ content }) => count(content) === 1)
    .map(({ content, flags }) => `m${content} ${sorted([...flags])}`)
    .sort();
}

test('whatever happens at the source, what is here in the end is what is there', async t => {
  const services = await testServices(t);
  let accounts = 0;
  const history = fc.record({
    objectIds: fc.boolean(),
    modseq: fc.boolean(),
    constantValidity: fc.boolean(),
    steps: fc.array(step, { minLength: 4, maxLength: 24 }),
  });
  await fc.assert(
    fc.asyncProperty(history, async ({ steps, ...options }) => {
      const id = `a${++accounts}`;
      let clock = Date.now();
      const now = { ...services, now: () => clock };
      // Where neither UIDVALIDITY nor OBJECTID tells one mailbox from another, nothing can.
      const constantValidity = options.constantValidity && options.objectIds;
      const server = memoryServer({ ...options, constantValidity, rawOf });
      await testAccount(now, id, { protocol: 'imap', port: 1, username: 'mara', password: 'x' });
      let known = new Set<number>();
      const pullOnce = async () => {
        clock += 16 * 60_000;
        server.fetched.length = 0;
        const outcome = await pull(now, id, { open: async () => server.source() });
        assert.ok(outcome === 'done' || outcome === 'idle', outcome);
        const twice = server.fetched.filter(content => known.has(content));
        if (options.objectIds) assert.deepEqual(twice, [], 'nothing is fetched that the source has named');
        known = new Set([...server.boxes.values()].flatMap(box => box.messages.map(m => m.content)));
      };
      for (const each of steps) {
        if (each[0] === 'pull') await pullOnce();
        else play(server, each);
      }
      for (let i = 0; i < 3; i++) await pullOnce();
      assert.deepEqual(await stored(now, id), atSource(server));
      const { lines } = await contentsOf(now, id);
      const keywords = new Set(
        lines.map(line => line.split(' ')).map(([, flags, subject]) => `${subject} ${flags}`),
      );
      for (const line of flagsAtSource(server))
        assert.ok(keywords.has(line), `${line} is not in ${lines.join('; ')}`);
    }),
    { numRuns: RUNS },
  );
});

test('a message that is moved during a run, into a mailbox made during it, is never destroyed', async t => {
  for (const modseq of [true, false]) {
    const services = await testServices(t);
    const server = memoryServer({ objectIds: false, modseq, constantValidity: false, rawOf });
    await testAccount(services, 'a1', { protocol: 'imap', port: 1, username: 'mara', password: 'x' });
    for (const content of [2, 3]) server.append('INBOX', content);
    await pull(services, 'a1', { open: async () => server.source() });
    server.append('INBOX', 4);
    const source = server.source();
    let looks = 0;
    const mailboxes = async () => {
      const seen = await source.mailboxes();
      looks += 1;
      if (looks === 1) server.move('INBOX', 0, 'Fresh');
      return seen;
    };
    await pull(services, 'a1', { open: async () => ({ ...source, mailboxes }) });
    for (let i = 0; i < 2; i++) await pull(services, 'a1', { open: async () => server.source() });
    assert.deepEqual(await stored(services, 'a1'), ['Fresh: m2', 'INBOX: m3 m4']);
    const destroyed = (await readLog(services, 'a1', 0)).flatMap(commit => commit.destroyed);
    assert.deepEqual(destroyed, []);
  }
});
