import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { sha256Of } from '../../functions/mime/identity.ts';
import { summarize } from '../../functions/mime/parse.ts';
import { SourceError } from '../../functions/source/errors.ts';
import type { MailSource } from '../../functions/source/source.ts';
import { getHealth, newHealth, putHealth } from '../../functions/store/health.ts';
import { blobKeys } from '../../functions/store/keys.ts';
import { catchUp, commit } from '../../functions/store/log.ts';
import { listMailboxes, listQuarantine } from '../../functions/store/mailboxes.ts';
import { changeOnDevice, pull, testAccount } from '../support/accounts.ts';
import { person } from '../support/deletion.ts';
import { jmapClient } from '../support/jmap.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { memoryImap } from '../support/memory-imap.ts';
import { type TestServices, testServices } from '../support/table.ts';

/** An IMAP account on a server in memory; `change` makes the server odd. */
async function prepared(t: TestContext, settings: object = {}, id = 'a1', shared?: TestServices) {
  const server = memoryImap();
  let clock = Date.now();
  const services = { ...(shared ?? (await testServices(t))), now: () => clock };
  const login = { protocol: 'imap', port: 1, username: 'mara', password: 'x' } as const;
  await testAccount(services, id, { ...login, ...settings });
  const odd: { change: (source: MailSource) => Partial<MailSource> } = { change: () => ({}) };
  const open = async () => {
    const source = server.open();
    return { ...source, ...odd.change(source) };
  };
  return {
    ...{ server, services, odd, id, person: person(services, id), ...jmapClient(services) },
    run: () => pull(services, id, { open }),
    pass: (ms: number) => {
      clock += ms;
    },
    idOf: async (name: string) => {
      const found = (await listMailboxes(services.table, id)).find(mailbox => mailbox.name === name);
      return found?.id ?? assert.fail(`no mailbox ${name}`);
    },
  };
}

test('a mailbox that the server does not count is not deleted: there may be mail in it', async t => {
  const { server, odd, run, call, idOf, services } = await prepared(t);
  server.create('Work');
  assert.equal(await run(), 'done');
  await call('Mailbox/set', { accountId: 'a1', destroy: [await idOf('Work')] });
  server.deliver('Work', letter('unseen'));
  odd.change = source => ({
    mailboxes: async () =>
      (await source.mailboxes()).map(each => (each.path === 'Work' ? { ...each, status: null } : each)),
  });
  assert.equal(await run(), 'failed');
  assert.equal((await getHealth(services.table, 'a1')).code, 'refused');
  assert.equal(server.boxes.get('Work')?.messages.size, 1);
  odd.change = () => ({});
  for (let runs = 0; runs < 5; runs++) await run();
  assert.equal(server.boxes.get('Work')?.messages.size, 1, 'it is there with its mail');
  assert.deepEqual((await call('Email/query', { accountId: 'a1' })).ids.length, 1);
});

test('a message that is listed and never handed out is set aside, and keeps no removal back', async t => {
  const { server, odd, run, person, services } = await prepared(t);
  for (const subject of ['one', 'ghost', 'two']) server.deliver('INBOX', letter(subject));
  server.deliver('Trash', letter('three'));
  odd.change = source => ({
    fetch: (path, entries) =>
      source.fetch(
        path,
        entries.filter(({ uid }) => path !== 'INBOX' || uid !== '2'),
      ),
  });
  assert.equal(await run(), 'done');
  server.expunge('Trash', 1);
  for (let runs = 0; runs < 8; runs++) await run();
  assert.equal(await run(), 'idle', 'it comes to rest');
  assert.deepEqual(await person.subjects(), ['one', 'two'], 'what went at the source went here');
  const [kept, ...others] = await listQuarantine(services.table, 'a1');
  assert.deepEqual([kept?.uid, kept?.code, others.length], ['2', 'missing', 0]);
});

const DESTROYED =
  'a message that a device destroyed stays destroyed when its mailbox is rebuilt before it was deleted';

test(`${DESTROYED}, and is deleted at its new place`, async t => {
  const { server, run, person } = await prepared(t);
  for (const subject of ['one', 'two']) server.deliver('INBOX', letter(subject));
  assert.equal(await run(), 'done');
  await person.destroy('one');
  server.rebuild('INBOX');
  for (let runs = 0; runs < 4; runs++) await run();
  assert.deepEqual(await person.subjects(), ['two'], 'it does not come back');
  assert.equal(await run(), 'idle', 'it comes to rest while deletion is frozen');
  assert.equal(server.boxes.get('INBOX')?.messages.size, 2);
  await person.set({ deletionFrozen: false });
  for (let runs = 0; runs < 4; runs++) await run();
  assert.equal(await run(), 'idle', 'it comes to rest');
  assert.equal(server.boxes.get('INBOX')?.messages.size, 1, 'it is deleted there, too');
  assert.deepEqual(await person.subjects(), ['two']);
  server.deliver('INBOX', letter('one'));
  for (let runs = 0; runs < 4; runs++) await run();
  assert.deepEqual(await person.subjects(), ['one', 'two'], 'what somebody brings back afterwards is there');
});

test('a message that the source destroyed and another client brings back is there again', async t => {
  const { server, run, person } = await prepared(t);
  for (const subject of ['one', 'two']) server.deliver('INBOX', letter(subject));
  assert.equal(await run(), 'done');
  server.expunge('INBOX', 1);
  assert.equal(await run(), 'done');
  assert.deepEqual(await person.subjects(), ['two']);
  server.deliver('INBOX', letter('one'));
  assert.equal(await run(), 'done');
  assert.deepEqual(await person.subjects(), ['one', 'two']);
});

test('a lease from a clock that ran ahead holds nobody off', async t => {
  const { server, run, person, services } = await prepared(t);
  server.deliver('INBOX', letter('one'));
  const health = { ...newHealth, phase: 'pulling', leaseOwner: 'other' } as const;
  await putHealth(services.table, 'a1', { ...health, leaseUntil: services.now() + 20_000 });
  assert.equal(await run(), 'busy');
  await putHealth(services.table, 'a1', { ...health, leaseUntil: services.now() + 3_600_000 });
  assert.equal(await run(), 'done');
  assert.deepEqual(await person.subjects(), ['one']);
});

test('an imported message that is too large to be put at the source stays here alone, and that is said', async t => {
  const { server, run, person, services, idOf } = await prepared(t);
  assert.equal(await run(), 'done');
  const raw = letter('huge');
  const summary = { ...summarize(raw, sha256Of(raw)), size: 65 * 1024 * 1024 };
  const { emailId: id, sha256, threadId } = summary;
  await services.blobs.put(blobKeys.raw('a1', sha256), raw);
  const places = { mailboxIds: [await idOf('Inbox')], keywords: [], locations: [] };
  const created = [{ id, sha256, threadId, ...places, receivedAt: services.now() }];
  const options = { summaries: new Map([[id, summary]]), expires: false };
  await commit(services, 'a1', () => ({ by: 'device', created }), options);
  assert.equal(await run(), 'failed');
  assert.match((await person.account()).status.message, /too large to be put/);
  await run();
  assert.equal(await run(), 'idle');
  assert.equal(server.boxes.get('INBOX')?.messages.size, 0);
  assert.deepEqual(await person.subjects(), ['huge']);
});

test('what a server refuses to delete keeps nothing else back, and is not tried at every poll', async t => {
  const { server, odd, run, pass } = await prepared(t, { deletionPolicy: 'onceStored' });
  for (let i = 0; i < 1_050; i++) server.deliver('INBOX', letter(`m${i}`));
  let told = 0;
  odd.change = source => ({
    remover: {
      async remove(path, uids) {
        told += uids.length;
        const willing = uids.filter(uid => Number(uid) > 1_030);
        return (await source.remover?.remove(path, willing)) ?? [];
      },
    },
  });
  for (let runs = 0; runs < 5; runs++) {
    await run();
    pass(3_700_000);
  }
  assert.equal(server.boxes.get('INBOX')?.messages.size, 1_030, 'the others are deleted');
  const before = told;
  for (let runs = 0; runs < 3; runs++) assert.equal(await run(), runs === 0 ? 'done' : 'idle');
  assert.ok(told <= before + 500, 'it waits');
});

test('a run that lost its lease without knowing does not have old changes told once more', async t => {
  const { server, services } = await prepared(t);
  server.deliver('INBOX', letter('one'));
  assert.equal(await pull(services, 'a1', { open: async () => server.open() }), 'done');
  await changeOnDevice(services, 'a1', 'one', { keywords: { $flagged: true } });
  let steps = 0;
  let pushed = 0;
  const overtaken = async () => {
    const source = server.open();
    const storeKeywords: NonNullable<typeof source.writer>['storeKeywords'] = async (...args) => {
      const answer = (await source.writer?.storeKeywords(...args)) ?? [];
      if (steps++ > 0) return answer;
      await putHealth(services.table, 'a1', newHealth);
      await changeOnDevice(services, 'a1', 'one', { keywords: { $seen: true } });
      assert.equal(await pull(services, 'a1', { open: async () => server.open() }), 'done');
      pushed = (await catchUp(services, 'a1')).pushed;
      return answer;
    };
    return { ...source, writer: source.writer && { ...source.writer, storeKeywords } };
  };
  await pull(services, 'a1', { open: overtaken });
  assert.ok((await catchUp(services, 'a1')).pushed >= pushed, 'what was told stays told');
});

test('a copy that the server does not delete says nothing of the keywords of its Email any more', async t => {
  const { server, odd, run, pass, call, idOf, services } = await prepared(t);
  server.deliver('INBOX', letter('one'));
  server.create('Work');
  server.deliver('Work', letter('one'));
  assert.equal(await run(), 'done');
  odd.change = () => ({ remover: { remove: async () => [] } });
  await changeOnDevice(services, 'a1', 'one', { mailboxIds: { [await idOf('Work')]: false } });
  await run();
  server.flag('INBOX', 1, '$seen', true);
  for (let runs = 0; runs < 3; runs++) {
    await run();
    pass(25 * 3_600_000);
  }
  const { ids } = await call('Email/query', { accountId: 'a1' });
  const { list } = await call('Email/get', { accountId: 'a1', ids, properties: ['keywords'] });
  assert.deepEqual(list[0]?.keywords, { $seen: true });
});

for (const [how, refuse] of [
  ['leaves', async () => []],
  ['refuses with NO', () => Promise.reject(new SourceError('refused', 'The server refused to delete it.'))],
] as const) {
  test(`a folder of which the server ${how} one message when it is destroyed comes back, and then there is peace`, async t => {
    const { server, odd, run, pass, call, idOf, services, person } = await prepared(t);
    server.create('Work');
    for (const subject of ['one', 'stays', 'two']) server.deliver('Work', letter(subject));
    assert.equal(await run(), 'done');
    odd.change = source => ({
      remover: {
        remove: async (path, uids) =>
          uids.includes('2') && uids.length === 1
            ? refuse()
            : how === 'leaves'
              ? ((await source.remover?.remove(
                  path,
                  uids.filter(uid => uid !== '2'),
                )) ?? [])
              : uids.includes('2')
                ? refuse()
                : ((await source.remover?.remove(path, uids)) ?? []),
      },
    });
    const destroy = [await idOf('Work')];
    await call('Mailbox/set', { accountId: 'a1', destroy, onDestroyRemoveEmails: true });
    const words = new Set<string>();
    for (let runs = 0; runs < 8 && (await run()) !== 'idle'; runs++) {
      words.add((await getHealth(services.table, 'a1')).message);
      pass(300_000);
    }
    assert.ok(
      [...words].some(each => /“Work” was not deleted/.test(each)),
      [...words].join('\n'),
    );
    assert.equal(await idOf('Work'), destroy[0], 'it is back');
    assert.deepEqual(await person.subjects(), ['stays'], 'with what the server did not delete');
    const { applied } = await catchUp(services, 'a1');
    const health = await getHealth(services.table, 'a1');
    assert.equal(health.phase, 'ok');
    assert.equal(await run(), 'idle');
    assert.deepEqual(await getHealth(services.table, 'a1'), health, 'an idle poll writes nothing');
    assert.equal((await catchUp(services, 'a1')).applied, applied);
  });
}

/** What the account shows and the server has. */
const both = async ({ server, services, id }: Awaited<ReturnType<typeof prepared>>) => [
  (await listMailboxes(services.table, id)).map(({ path }) => path ?? '').sort(),
  [...server.boxes.keys()].sort(),
];

test('mail that comes while its folder is deleted is not lost, wherever the run is killed', async t => {
  const shared = await testServices(t);
  for (const hasMail of [false, true]) {
    for (let killAt = 1, killed = true; killed; killAt++) {
      assert.ok(killAt < 30, 'it never came to an end');
      const id = `a${killAt}${hasMail}`;
      const world = await prepared(t, {}, id, shared);
      const { server, services, call, idOf, pass, person } = world;
      server.create('Work');
      await world.run();
      await call('Mailbox/set', { accountId: id, destroy: [await idOf('Work')] });
      let steps = 0;
      const dying = server.open(() => {
        steps += 1;
        if (steps > killAt) throw new SourceError('disconnected', 'Killed.');
        // Just before the first command that is to take the folder away.
        if (hasMail && steps === 1) server.deliver('Work', letter('late'));
      });
      const outcome = await pull(services, id, { open: async () => dying });
      killed = steps > killAt;
      assert.ok(!killed || outcome === 'failed', outcome);
      assert.deepEqual(
        (await both(world))[0]?.filter(path => !['INBOX', 'Trash', 'Work'].includes(path)),
        [],
        'nothing is shown that nobody made',
      );
      for (let runs = 0; runs < 5; runs++) {
        pass(60_000);
        await world.run();
      }
      const expected = ['INBOX', 'Trash', ...(hasMail ? ['Work'] : [])];
      assert.deepEqual(await both(world), [expected, expected], `killed at ${killAt}`);
      assert.deepEqual(await person.subjects(), hasMail ? ['late'] : []);
      assert.equal(await world.run(), 'idle');
    }
  }
});

test('a folder is deleted as it is where the server does not let it be renamed', async t => {
  const world = await prepared(t);
  const { server, odd, run, call, idOf } = world;
  server.create('Work');
  await run();
  odd.change = source => ({
    writer: source.writer && {
      ...source.writer,
      renameMailbox: () => Promise.reject(new SourceError('refused', 'No.')),
    },
  });
  await call('Mailbox/set', { accountId: 'a1', destroy: [await idOf('Work')] });
  assert.equal(await run(), 'done');
  assert.deepEqual(await both(world), [
    ['INBOX', 'Trash'],
    ['INBOX', 'Trash'],
  ]);
  assert.equal(await run(), 'idle');
});

test('a folder that cannot get its name back, because another has it, keeps its mail', async t => {
  const world = await prepared(t);
  const { server, odd, run, call, idOf, person } = world;
  server.create('Work');
  await run();
  odd.change = source => ({
    writer: source.writer && {
      ...source.writer,
      async renameMailbox(path, newPath) {
        server.deliver(path, letter('late'));
        await source.writer?.renameMailbox(path, newPath);
        server.create('Work');
        server.deliver('Work', letter('later'));
        odd.change = () => ({});
      },
    },
  });
  await call('Mailbox/set', { accountId: 'a1', destroy: [await idOf('Work')] });
  for (let runs = 0; runs < 6; runs++) await run();
  assert.deepEqual(await person.subjects(), ['late', 'later']);
  assert.equal(await run(), 'idle');
});
