import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHandler } from '../../functions/api.ts';
import type { Services } from '../../functions/services.ts';
import { getAllStates, getEmails } from '../../functions/store/emails.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { pull, testAccount } from '../support/accounts.ts';
import { Killed, mortal } from '../support/crash.ts';
import { httpEvent, jmapClient, message } from '../support/jmap.ts';
import { type MemoryImap, memoryImap } from '../support/memory-imap.ts';
import { type TestServices, testServices } from '../support/table.ts';
import { runs } from '../support/thorough.ts';

/** Numbers choose among what is there: mailboxes, Emails, names. */
const numbers = { a: fc.nat(7), b: fc.nat(7), c: fc.nat(7) };
const command = fc.oneof(
  fc.record({ kind: fc.constant('keyword' as const), ...numbers }),
  fc.record({ kind: fc.constant('put' as const), ...numbers }),
  fc.record({ kind: fc.constant('import' as const), ...numbers }),
  fc.record({ kind: fc.constant('create' as const), ...numbers }),
  fc.record({ kind: fc.constant('rename' as const), ...numbers }),
  fc.record({ kind: fc.constant('destroy' as const), ...numbers }),
  fc.record({ kind: fc.constant('their-mail' as const), ...numbers }),
  fc.record({ kind: fc.constant('their-flag' as const), ...numbers }),
  fc.record({ kind: fc.constant('their-move' as const), ...numbers }),
  fc.record({ kind: fc.constant('their-folder' as const), ...numbers }),
  fc.record({ kind: fc.constant('their-rename' as const), ...numbers }),
  fc.record({ kind: fc.constant('their-expunge' as const), ...numbers }),
  fc.record({
    kind: fc.constant('run' as const),
    writes: fc.option(fc.nat(40)),
    steps: fc.option(fc.nat(12)),
  }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;
type Numbers = { a: number; b: number; c: number };

const KEYWORDS = ['$seen', '$flagged', 'ferry', 'unkept'];
const NAMES = ['North', 'South', 'East', 'West'];

interface World {
  services: TestServices;
  source: MemoryImap;
  id: string;
  call: ReturnType<typeof jmapClient>['call'];
  /** Messages that came from anywhere. */
  count: number;
  clock: number;
}

const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(1, items.length)];

async function device(world: World, kind: Command['kind'], { a, b, c }: Numbers): Promise<void> {
  const { services, id: accountId, call } = world;
  // In an order that is the same in every run of the test, which ids are not.
  const mailboxes = (await listMailboxes(services.table, accountId)).sort((x, y) =>
    keyOf(x) < keyOf(y) ? -1 : 1,
  );
  const some = (n: number) => pick(mailboxes, n)?.id ?? '';
  if (kind === 'import') return importOne(world, some(a));
  if (kind === 'create') {
    const parentId = c < 4 ? null : some(b);
    await call('Mailbox/set', { accountId, create: { x: { name: pick(NAMES, a), parentId } } });
  }
  if (kind === 'rename') {
    const update = { [some(a)]: { name: pick(NAMES, b), parentId: c < 4 ? null : some(c) } };
    await call('Mailbox/set', { accountId, update });
  }
  if (kind === 'destroy') {
    await call('Mailbox/set', { accountId, destroy: [some(a)], onDestroyRemoveEmails: b < 4 });
  }
  const emails = [...(await getAllStates(services.table, accountId)).values()];
  const email = pick(emails, a);
  if (!email) return;
  if (kind === 'keyword') {
    const update = { [email.id]: { [`keywords/${pick(KEYWORDS, b)}`]: c < 6 ? true : null } };
    await call('Email/set', { accountId, update });
  }
  if (kind === 'put') {
    const mailboxIds = { [some(b)]: true, ...(c < 4 && { [some(c)]: true }) };
    await call('Email/set', { accountId, update: { [email.id]: { mailboxIds } } });
  }
}

const keyOf = ({ path, name }: { path: string | null; name: string }) => `${path ?? '~'} ${name}`;

async function importOne({ services, id: accountId, call, count }: World, mailboxId: string): Promise<void> {
  const body = message({ subject: `imported ${count}` }).toString('base64');
  const event = { ...httpEvent('POST', `/jmap/upload/${accountId}/`, { body }), isBase64Encoded: true };
  const { blobId } = JSON.parse((await createHandler(services)(event)).body ?? '');
  const emails = { x: { blobId, mailboxIds: { [mailboxId]: true } } };
  await call('Email/import', { accountId, emails });
}

function otherClient({ source, count }: World, kind: Command['kind'], { a, b, c }: Numbers): void {
  const path = pick([...source.boxes.keys()], a) ?? 'INBOX';
  const target = pick([...source.boxes.keys()], b) ?? 'INBOX';
  const uid = pick([...(source.boxes.get(path)?.messages.keys() ?? [])], c);
  if (kind === 'their-mail') source.deliver(path, message({ subject: `theirs ${count}` }));
  if (kind === 'their-folder' && !source.boxes.has(pick(NAMES, a) ?? '')) source.create(pick(NAMES, a) ?? '');
  // What is there twice was never put there by the other client.
  const moves = kind === 'their-move' && uid !== undefined && !has(source, target, path, uid);
  if (moves) source.move(path, uid, target);
  if (kind === 'their-expunge' && uid !== undefined) source.expunge(path, uid);
  if (kind === 'their-rename' && !['INBOX', 'Trash'].includes(path)) {
    const newPath = `${c < 4 ? '' : `${target}/`}${pick(NAMES, b)}`;
    if (!source.boxes.has(newPath) && !newPath.startsWith(path)) source.rename(path, newPath);
  }
  if (kind !== 'their-flag' || uid === undefined) return;
  // A flag of a message, wherever it is.
  const sha = shaOf(source.boxes.get(path)?.messages.get(uid)?.raw ?? Buffer.alloc(0));
  for (const [each, { messages }] of source.boxes) {
    for (const [other, { raw }] of messages) {
      if (shaOf(raw) === sha) source.flag(each, other, pick(KEYWORDS.slice(0, 3), b) ?? '', c < 4);
    }
  }
}

/** Whether a mailbox has the same octets as this message. */
function has({ boxes }: MemoryImap, target: string, path: string, uid: number): boolean {
  const sha = shaOf(boxes.get(path)?.messages.get(uid)?.raw ?? Buffer.alloc(0));
  return [...(boxes.get(target)?.messages.values() ?? [])].some(({ raw }) => shaOf(raw) === sha);
}

const shaOf = (raw: Uint8Array) => createHash('sha256').update(raw).digest('hex');

/** One run; it dies after so many writes, or at one of its commands to the source. */
async function run(world: World, writes: number, steps: number): Promise<string> {
  world.clock += 60_000;
  let taken = 0;
  const step = () => {
    if (taken++ >= steps) throw new Killed('killed');
  };
  const services: Services = { ...mortal(world.services, writes).services, now: () => world.clock };
  const open = async () => world.source.open(step);
  return pull(services, world.id, { reason: 'asked', open }).catch((error: unknown) => {
    if (error instanceof Killed) return 'killed';
    throw error;
  });
}

/** What the source has: `<folder> <flags> <sha256>` of each message. */
function theirs({ boxes }: MemoryImap): string[] {
  const lines = [...boxes].flatMap(([path, { messages }]) =>
    [...messages.values()].map(({ raw, flags }) => `${path} ${[...flags].sort().join('+')} ${shaOf(raw)}`),
  );
  return lines.sort();
}

/** The same of what is here. */
async function ours({ services, id }: World): Promise<string[]> {
  const mailboxes = new Map(
    (await listMailboxes(services.table, id)).map(mailbox => [mailbox.id, mailbox.path]),
  );
  const states = await getAllStates(services.table, id);
  const emails = await getEmails(services.table, id, [...states.keys()]);
  const lines = [...emails.values()].flatMap(({ summary, state }) =>
    state.mailboxIds.map(mailboxId => {
      return `${mailboxes.get(mailboxId)} ${[...state.keywords].sort().join('+')} ${summary.sha256}`;
    }),
  );
  return lines.sort();
}

async function settle(world: World): Promise<void> {
  let idle = 0;
  for (let runs = 0; runs < 20 && idle < 2; runs++) {
    const outcome = await run(world, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    idle = outcome === 'idle' ? idle + 1 : 0;
  }
  assert.equal(idle, 2, 'the account does not settle');
}

test('devices and other clients, in any order and whatever is killed, end with the same on both sides', async t => {
  const services = await testServices(t);
  let accounts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 4, maxLength: 14 }),
      fc.boolean(),
      async (commands, isQuiet) => {
        const id = `a${accounts++}`;
        const source = memoryImap(isQuiet);
        for (const subject of ['one', 'two', 'three']) source.deliver('INBOX', message({ subject }));
        await testAccount(services, id, { protocol: 'imap', port: 1, username: 'mara', password: 'x' });
        const world: World = {
          services,
          source,
          id,
          call: jmapClient(services).call,
          count: 0,
          clock: Date.now(),
        };
        await settle(world);
        for (const each of commands) {
          world.count++;
          if (each.kind === 'run') {
            await run(world, each.writes ?? Number.POSITIVE_INFINITY, each.steps ?? Number.POSITIVE_INFINITY);
          } else if (each.kind.startsWith('their')) {
            // Without COPYUID and APPENDUID nobody knows what became of a copy that is gone before it was pulled.
            const isHidden = each.kind === 'their-move' || each.kind === 'their-expunge';
            if (!isQuiet || !isHidden) otherClient(world, each.kind, each);
          } else await device(world, each.kind, each);
        }
        await settle(world);
        assert.deepEqual(await ours(world), theirs(source));
        const paths = (await listMailboxes(services.table, id)).map(({ path }) => path).sort();
        assert.deepEqual(paths, [...source.boxes.keys()].sort());
      },
    ),
    { numRuns: runs(8), endOnFailure: true },
  );
});
