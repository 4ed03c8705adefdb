import assert from 'node:assert/strict';
import { createHandler } from '../../functions/api.ts';
import type { Services } from '../../functions/services.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { deliver, type MailServer } from '../../infra/local/mail-server.ts';
import { contentsOf, pull } from '../support/accounts.ts';
import { type FaultEnd, type FaultWorld, testFaults } from '../support/fault-scenario.ts';
import { hideExtensions } from '../support/imap-source.ts';
import { httpEvent, jmapClient } from '../support/jmap.ts';
import { letter } from '../support/letters.ts';

/** A device of the user, by names instead of ids. */
async function deviceOf(services: Services, accountId: string) {
  const { call } = jmapClient(services);
  const ids = new Map((await listMailboxes(services.table, accountId)).map(({ name, id }) => [name, id]));
  const emails = new Map(
    (await contentsOf(services, accountId)).emails.map(({ summary }) => [summary.subject, summary.emailId]),
  );
  const all = (names: readonly string[]) =>
    Object.fromEntries(names.map(name => [ids.get(name) ?? '', true]));
  const done = (answer: Record<string, unknown>) => {
    const { notCreated = null, notUpdated = null, notDestroyed = null } = answer;
    assert.deepEqual([notCreated, notUpdated, notDestroyed], [null, null, null]);
    return answer;
  };
  return {
    async mailboxes(args: object) {
      const { created } = done(await call('Mailbox/set', { accountId, ...args }));
      const made = (created ?? {}) as Record<string, { id: string }>;
      for (const [name, { id }] of Object.entries(made)) ids.set(name, id);
    },
    id: (name: string) => ids.get(name) ?? assert.fail(`no mailbox ${name}`),
    async put(subject: string, ...names: string[]) {
      const update = { [emails.get(subject) ?? '']: { mailboxIds: all(names) } };
      done(await call('Email/set', { accountId, update }));
    },
    async mark(subject: string, keyword: string) {
      const update = { [emails.get(subject) ?? '']: { [`keywords/${keyword}`]: true } };
      done(await call('Email/set', { accountId, update }));
    },
    async load(subject: string, ...names: string[]) {
      const body = letter(subject).toString('base64');
      const event = { ...httpEvent('POST', `/jmap/upload/${accountId}/`, { body }), isBase64Encoded: true };
      const { blobId } = JSON.parse((await createHandler(services)(event)).body ?? '');
      const email = { blobId, mailboxIds: all(names), keywords: { $seen: true } };
      done(await call('Email/import', { accountId, emails: { x: email } }));
    },
  };
}

async function prepare({ services, server }: FaultWorld, user: string): Promise<void> {
  const places = ['INBOX copied', 'INBOX moved', 'INBOX flagged', 'INBOX left', 'Archive left', 'Old old'];
  for (const place of places) {
    const [mailbox = '', subject = ''] = place.split(' ');
    await deliver(server, user, mailbox, letter(subject));
  }
  await deliver(server, user, 'Gone', letter('out'));
  assert.equal(await pull(services, user), 'done');
  const device = await deviceOf(services, user);
  await device.mailboxes({ create: { New: { name: 'New' } } });
  await device.put('copied', 'Inbox', 'New');
  await device.put('moved', 'New');
  await device.mark('flagged', '$flagged');
  await device.mark('flagged', 'ferry');
  await device.put('left', 'Archive');
  await device.put('out', 'Inbox');
  await device.load('loaded', 'Inbox', 'New');
  await device.mailboxes({
    update: { [device.id('Old')]: { name: 'Renamed' } },
    destroy: [device.id('Gone')],
  });
}

function expect({ lines, atSource }: FaultEnd): void {
  assert.deepEqual(atSource, [
    'Archive left',
    'INBOX copied',
    'INBOX flagged \\Flagged ferry',
    'INBOX loaded \\Seen',
    'INBOX out',
    'New copied',
    'New loaded \\Seen',
    'New moved',
    'Renamed old',
  ]);
  assert.deepEqual(
    lines.map(line => line.slice(0, line.lastIndexOf(' '))),
    [
      'Archive  left',
      'Inbox $flagged+ferry flagged',
      'Inbox  out',
      'Inbox+New $seen loaded',
      'Inbox+New  copied',
      'New  moved',
      'Renamed  old',
    ].sort(),
  );
}

testFaults({ name: 'what devices did, told over IMAP', protocol: 'imap', prepare, expect });

const hidden = new WeakSet<MailServer>();

/** Copies, marks and expunges where others move: each of the three may be the last thing that a run does. */
testFaults({
  name: 'what devices did, told over IMAP without MOVE',
  protocol: 'imap',
  async prepare(world, user) {
    if (!hidden.has(world.server))
      await hideExtensions(world.server, ['MOVE'], { username: user, password: 'secret' });
    hidden.add(world.server);
    await prepare(world, user);
  },
  expect,
});
