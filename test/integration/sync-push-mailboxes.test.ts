import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openSource } from '../../functions/source/open.ts';
import { catchUp } from '../../functions/store/log.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { deliver, doveadm } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { mortal } from '../support/crash.ts';
import { jmapClient } from '../support/jmap.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { testServices } from '../support/table.ts';

const USER = TEST_USER.name;
/** An IMAP account on a Dovecot with one message, pulled once, and a device. */
async function prepared(t: TestContext) {
  const server = await testMailServer(t);
  const services = await testServices(t);
  const login = {
    protocol: 'imap',
    port: server.ports.imap,
    username: USER,
    password: TEST_USER.password,
  } as const;
  await testAccount(services, 'a1', login);
  await deliver(server, USER, 'INBOX', letter('one'));
  assert.equal(await pull(services, 'a1'), 'done');
  const { call } = jmapClient(services);
  const list = async (...args: string[]) =>
    (await doveadm(server, ['mailbox', 'list', '-u', USER, ...args])).trim().split('\n').sort();
  const idOf = async (name: string) => {
    const mailboxes = await listMailboxes(services.table, 'a1');
    return mailboxes.find(mailbox => mailbox.name === name)?.id ?? assert.fail(`no mailbox ${name}`);
  };
  const set = async (args: object) => {
    const answer = await call('Mailbox/set', { accountId: 'a1', ...args });
    assert.deepEqual([answer.notCreated, answer.notUpdated, answer.notDestroyed], [null, null, null]);
    return (answer.created ?? {}) as Record<string, { id: string }>;
  };
  /** Puts the Emails with this subject into these mailboxes. */
  const move = async (subject: string, mailboxIds: readonly string[]) => {
    const { emails } = await contentsOf(services, 'a1');
    const found = emails.find(({ summary }) => summary.subject === subject) ?? assert.fail(`no ${subject}`);
    const update = {
      [found.summary.emailId]: { mailboxIds: Object.fromEntries(mailboxIds.map(id => [id, true])) },
    };
    const answer = await call('Email/set', { accountId: 'a1', update });
    assert.equal(answer.notUpdated, null);
  };
  const lines = async () =>
    (await contentsOf(services, 'a1')).lines.map(line => line.slice(0, line.lastIndexOf(' ')));
  const settled = async () => {
    const { applied } = await catchUp(services, 'a1');
    assert.equal(await pull(services, 'a1'), 'idle');
    assert.equal((await catchUp(services, 'a1')).applied, applied, 'the run after it wrote something');
  };
  const health = async () =>
    ((await call('MailAccount/get', {})).list[0]?.status as { phase: string; message: string }) ?? {};
  return { server, services, call, list, idOf, set, move, lines, settled, health };
}

test('mailboxes that a device makes, fills, renames, moves and destroys are so at the source', async t => {
  const { server, services, list, idOf, set, move, lines, settled } = await prepared(t);
  const { p, c } = await set({
    create: { p: { name: 'Reisen' }, c: { name: 'Übersee & Co', parentId: '#p', isSubscribed: false } },
  });
  await move('one', [c?.id ?? '']);
  assert.deepEqual(await lines(), ['Übersee & Co  one']);
  assert.equal(await pull(services, 'a1'), 'done');
  assert.ok((await list()).includes('Reisen/Übersee & Co'), 'it is at the source');
  assert.equal((await list('-s')).includes('Reisen/Übersee & Co'), false, 'it is not subscribed');
  assert.equal(await idOf('Übersee & Co'), c?.id);
  assert.deepEqual(await lines(), ['Übersee & Co  one']);
  await settled();

  await set({ update: { [p?.id ?? '']: { name: 'Trips' }, [c?.id ?? '']: { isSubscribed: true } } });
  assert.equal(await pull(services, 'a1'), 'done');
  assert.ok((await list()).includes('Trips/Übersee & Co'), 'what is below goes along');
  assert.ok((await list('-s')).includes('Trips/Übersee & Co'), 'it is subscribed');
  assert.deepEqual([await idOf('Trips'), await idOf('Übersee & Co')], [p?.id, c?.id]);
  await settled();

  await set({ update: { [c?.id ?? '']: { parentId: null, name: 'Overseas' } } });
  await move('one', [await idOf('Inbox')]);
  await set({ destroy: [p?.id ?? ''] });
  assert.equal(await pull(services, 'a1'), 'done');
  assert.deepEqual(
    (await list()).filter(name => /Reisen|Trips|Over/.test(name)),
    ['Overseas'],
  );
  assert.deepEqual(await lines(), ['Inbox  one']);
  await settled();
  await deliver(server, USER, 'Overseas', letter('two'));
  assert.equal(await pull(services, 'a1'), 'done');
  assert.deepEqual(await lines(), ['Inbox  one', 'Overseas  two']);
});

test('a mailbox that the source has already is joined, not made twice', async t => {
  const { server, services, list, idOf, set, move, lines, settled } = await prepared(t);
  const { b } = await set({ create: { b: { name: 'Boat' } } });
  await deliver(server, USER, 'Boat', letter('two'));
  await move('one', [b?.id ?? '']);
  assert.equal(await pull(services, 'a1'), 'done');
  assert.deepEqual(
    (await list()).filter(name => name === 'Boat'),
    ['Boat'],
  );
  assert.equal(await idOf('Boat'), b?.id);
  assert.deepEqual(await lines(), ['Boat  one', 'Boat  two']);
  await settled();
});

test('what the server does not take is said, and undone when it refuses twice', async t => {
  const { services, set, move, lines, health, settled } = await prepared(t);
  const { x } = await set({ create: { x: { name: 'with/slash' }, y: { name: 'Below', parentId: '#x' } } });
  await move('one', [x?.id ?? '']);
  assert.equal(await pull(services, 'a1'), 'failed');
  assert.match((await health()).message, /with\/slash/);
  assert.deepEqual(await lines(), ['with/slash  one']);
  assert.equal(await pull(services, 'a1', { reason: 'asked' }), 'failed');
  assert.deepEqual(await lines(), ['Inbox  one']);
  const names = (await listMailboxes(services.table, 'a1')).map(mailbox => mailbox.name);
  assert.ok(!names.includes('with/slash') && !names.includes('Below'), names.join());
  assert.equal(await pull(services, 'a1', { reason: 'asked' }), 'idle');
  assert.equal((await health()).phase, 'ok');
  await settled();
});

test('a mailbox that got mail meanwhile is not deleted, and comes back with all of it', async t => {
  const { server, services, set, idOf, lines, list, health, settled } = await prepared(t);
  await set({ create: { b: { name: 'Boat' } } });
  assert.equal(await pull(services, 'a1'), 'done');
  const id = await idOf('Boat');
  await set({ destroy: [id] });
  await deliver(server, USER, 'Boat', letter('late'));
  assert.equal(await pull(services, 'a1'), 'failed');
  assert.match((await health()).message, /“Boat” was not deleted/);
  assert.equal(await pull(services, 'a1', { reason: 'asked' }), 'failed');
  assert.ok((await list()).includes('Boat'), 'it is still there');
  assert.equal(await idOf('Boat'), id);
  assert.deepEqual(await lines(), ['Boat  late', 'Inbox  one']);
  assert.equal(await pull(services, 'a1', { reason: 'asked' }), 'idle');
  await settled();
});

test('a mailbox destroyed with its mail is gone at the source, what is elsewhere stays', async t => {
  const { server, services, set, idOf, move, lines, list, settled } = await prepared(t);
  await deliver(server, USER, 'Boat', letter('only here'));
  await deliver(server, USER, 'Boat', letter('both'));
  await deliver(server, USER, 'INBOX', letter('both'));
  await deliver(server, USER, 'Boat', letter('moved'));
  assert.equal(await pull(services, 'a1'), 'done');
  assert.deepEqual(
    await lines(),
    ['Boat  moved', 'Boat  only here', 'Boat+Inbox  both', 'Inbox  one'].sort(),
  );
  await move('moved', [await idOf('Inbox')]);
  await set({ destroy: [await idOf('Boat')], onDestroyRemoveEmails: true });
  for (let runs = 0; runs < 4 && (await pull(services, 'a1')) !== 'idle'; runs++);
  assert.equal((await list()).includes('Boat'), false);
  assert.deepEqual(await lines(), ['Inbox  both', 'Inbox  moved', 'Inbox  one']);
  const inbox = await doveadm(server, ['fetch', '-u', USER, 'hdr.subject', 'mailbox', 'INBOX']);
  assert.deepEqual(inbox.match(/: \w+/g)?.sort(), [': both', ': moved', ': one']);
  await settled();
});

test('a run that is killed while it makes, renames or deletes mailboxes is no different from one that was not', async t => {
  const { services, set, idOf, list, settled } = await prepared(t);
  const live = async () =>
    (await listMailboxes(services.table, 'a1')).map(({ name, id }) => `${name} ${id}`).sort();
  const runs = async () => {
    for (let effects = 1, killed = true; killed; effects += 2) {
      const dying = mortal(services, effects);
      killed = await pull(dying.services, 'a1', { reason: 'asked' }).then(
        outcome => outcome === 'failed' || outcome === 'busy',
        () => true,
      );
      // The lease of a killed run is over at once.
      const now = services.now;
      services.now = () => now() + 60_000;
      assert.ok(effects < 60, 'it never came to an end');
    }
  };
  const { p, c } = await set({ create: { p: { name: 'P' }, c: { name: 'C', parentId: '#p' } } });
  const expected = await live();
  await runs();
  assert.deepEqual(await live(), expected);
  assert.ok((await list()).includes('P/C'), 'it was made');
  await set({ update: { [p?.id ?? '']: { name: 'Q' } } });
  await runs();
  assert.deepEqual([await idOf('Q'), await idOf('C')], [p?.id, c?.id]);
  assert.ok((await list()).includes('Q/C'), 'it was renamed');
  await set({ destroy: [c?.id ?? '', p?.id ?? ''] });
  await runs();
  assert.deepEqual(
    (await list()).filter(name => /^[PQ]/.test(name)),
    [],
  );
  assert.equal(
    (await live()).some(line => /^[CPQ] /.test(line)),
    false,
  );
  await settled();
});

test('mail that comes between the count and the deletion of its folder is not lost', async t => {
  const { server, services, set, idOf, lines, list, settled } = await prepared(t);
  await set({ create: { b: { name: 'Boat' } } });
  assert.equal(await pull(services, 'a1'), 'done');
  const id = await idOf('Boat');
  await set({ destroy: [id] });
  let isLate = true;
  const late = async () => {
    if (isLate) await deliver(server, USER, 'Boat', letter('late'));
    isLate = false;
  };
  const open = async (settings: Parameters<typeof openSource>[0]) => {
    const source = await openSource(settings);
    const { writer } = source;
    assert.ok(writer, 'it can be written to');
    return {
      ...source,
      writer: {
        ...writer,
        renameMailbox: (path: string, newPath: string) =>
          late().then(() => writer.renameMailbox(path, newPath)),
        deleteMailbox: (path: string) => late().then(() => writer.deleteMailbox(path)),
      },
    };
  };
  assert.equal(await pull(services, 'a1', { open }), 'failed');
  assert.ok((await list()).includes('Boat'), 'it is there with its mail');
  assert.equal(await pull(services, 'a1', { open, reason: 'asked' }), 'failed');
  assert.equal(await idOf('Boat'), id);
  assert.deepEqual(await lines(), ['Boat  late', 'Inbox  one']);
  assert.deepEqual(
    (await list()).filter(name => /Boat|mailferry/.test(name)),
    ['Boat'],
  );
  assert.ok((await list('-s')).includes('Boat'), 'and it is subscribed');
  assert.equal(await pull(services, 'a1', { reason: 'asked' }), 'idle');
  await settled();
});

test('UIDs that are void since the run first looked are not used to change anything', async t => {
  const { server, services, call, idOf, set, lines } = await prepared(t);
  const { emails } = await contentsOf(services, 'a1');
  const id = emails[0]?.summary.emailId ?? '';
  const update = { [id]: { 'keywords/$flagged': true, mailboxIds: { [await idOf('Trash')]: true } } };
  assert.equal((await call('Email/set', { accountId: 'a1', update })).notUpdated, null);
  // The run that makes it looks at the mailboxes again, and its session knows the new UIDVALIDITY then.
  await set({ create: { n: { name: 'New' } } });
  const open = async (settings: Parameters<typeof openSource>[0]) => {
    const source = await openSource(settings);
    const createMailbox = async (path: string) => {
      await source.writer?.createMailbox(path);
      await doveadm(server, ['mailbox', 'update', '-u', USER, '--uid-validity', '4242', 'INBOX']);
    };
    return { ...source, writer: source.writer && { ...source.writer, createMailbox } };
  };
  assert.equal(await pull(services, 'a1', { open }), 'failed');
  const flags = await doveadm(server, ['fetch', '-u', USER, 'flags', 'mailbox', 'INBOX', 'all']);
  assert.match(flags, /flags:/, 'it is where it was');
  assert.doesNotMatch(flags, /Flagged/);
  for (let runs = 0; runs < 4; runs++) await pull(services, 'a1', { reason: 'asked' });
  assert.deepEqual(await lines(), ['Trash $flagged one'], 'it is told under the new ones');
  assert.match(await doveadm(server, ['fetch', '-u', USER, 'flags', 'mailbox', 'Trash', 'all']), /Flagged/);
});
