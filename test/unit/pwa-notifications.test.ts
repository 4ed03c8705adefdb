import '../support/device.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredEmail } from '../../pwa/src/mailbox/db.ts';
import { mailbox } from '../../pwa/src/mailbox/db.ts';
import { pullChanges } from '../../pwa/src/mailbox/feed.ts';
import { listStep } from '../../pwa/src/mailbox/first-download.ts';
import {
  isQuiet,
  quietHoursOf,
  toldMailboxes,
  USUAL,
  withAccount,
  withMailbox,
  withQuiet,
} from '../../pwa/src/push/choices.ts';
import { takeNews, unreadInInboxes } from '../../pwa/src/push/news.ts';
import { emptyNotice, noticesOf } from '../../pwa/src/push/notification.ts';
import { jmapModel } from '../support/jmap-model.ts';

const at = (time: string) => new Date(`2026-03-01T${time}:00`);

test('quiet hours may last past midnight, and are none where they are not set or never end', () => {
  const night = { from: '22:00', to: '07:00' };
  const is = (time: string) => isQuiet(night, at(time));
  assert.deepEqual(['21:59', '22:00', '23:59', '00:00', '06:59', '07:00'].map(is), [
    ...[false, true, true, true, true, false],
  ]);
  const noon = { from: '12:00', to: '13:00' };
  assert.deepEqual(
    ['11:59', '12:00', '13:00'].map(time => isQuiet(noon, at(time))),
    [false, true, false],
  );
  assert.equal(isQuiet(null, at('23:00')), false);
  assert.equal(isQuiet({ from: '08:00', to: '08:00' }, at('08:00')), false);
  assert.equal(isQuiet({ from: '99:00', to: 'x' }, at('08:00')), false);
});

test('an account and a mailbox may have quiet hours of their own, or none', () => {
  const night = { from: '22:00', to: '07:00' };
  const work = { from: '17:00', to: '09:00' };
  const device = { ...USUAL, quiet: night };
  const inbox = { accountId: 'a', id: 'i' };
  const alarms = { accountId: 'a', id: 'l' };
  const other = { accountId: 'b', id: 'i' };
  const own = withQuiet(withQuiet(device, 'a', work), 'a/l', null);
  assert.deepEqual(
    [inbox, alarms, other].map(one => quietHoursOf(own, one)),
    [work, null, night],
  );
  const back = withQuiet(withQuiet(own, 'a/l', undefined), 'a', undefined);
  assert.deepEqual(
    [inbox, alarms, other].map(one => quietHoursOf(back, one)),
    [night, night, night],
  );
});

test('the inbox is told and no other mailbox, unless the person says otherwise', () => {
  const inbox = { accountId: 'a', id: 'i', role: 'inbox' };
  const lists = { accountId: 'a', id: 'l', role: null };
  const other = { accountId: 'b', id: 'i', role: 'inbox' };
  const told = (choices: typeof USUAL) =>
    toldMailboxes(choices, [inbox, lists, other]).map(({ accountId, id }) => accountId + id);
  assert.deepEqual(told(USUAL), ['ai', 'bi']);
  const both = withMailbox(USUAL, lists, true);
  assert.deepEqual(told(both), ['ai', 'al', 'bi']);
  assert.deepEqual(withMailbox(both, lists, false), USUAL, 'as usual is not kept');
  assert.deepEqual(told(withMailbox(USUAL, inbox, false)), ['bi']);
  const silent = withAccount(both, 'a', false);
  assert.deepEqual(told(silent), ['bi']);
  assert.deepEqual(withAccount(silent, 'a', true), both);
});

test('unread mail of late is news once, and old, read and drafted mail never', async () => {
  const db = await mailbox();
  const model = jmapModel();
  model.addMailbox('inbox', 'inbox');
  model.addMailbox('lists', null);
  const now = Date.UTC(2026, 2, 1);
  const add = (id: string, hours: number, keywords: string[] = [], mailboxIds = ['inbox']) => {
    const receivedAt = new Date(now - hours * 3_600_000).toISOString();
    const flags = (names: string[]) => Object.fromEntries(names.map(name => [name, true as const]));
    model.addEmail({ id, receivedAt, keywords: flags(keywords), mailboxIds: flags(mailboxIds) });
  };
  add('new', 1);
  add('newer', 0.5);
  add('read', 1, ['$seen']);
  add('draft', 1, ['$draft']);
  add('old', 72);
  add('elsewhere', 1, [], ['lists']);
  await pullChanges(db, model.accountId, model.call);
  while (await listStep(db, model.accountId, model.call));
  const ids = async () => (await takeNews(db, USUAL, now)).map(({ email }) => email.id);
  assert.deepEqual(await ids(), ['newer', 'new']);
  assert.deepEqual(await ids(), []);
  add('newest', 0.1);
  await pullChanges(db, model.accountId, model.call);
  assert.deepEqual(await ids(), ['newest']);
  // Told by a mailbox with quiet hours, and by one without.
  const hour = new Date(now).getHours();
  const time = (hours: number) => `${String((hours + 24) % 24).padStart(2, '0')}:00`;
  const quiet = withMailbox(
    { ...USUAL, quiet: { from: time(hour - 1), to: time(hour + 1) } },
    { accountId: model.accountId, id: 'lists', role: null },
    true,
  );
  add('silent', 0.1);
  add('heard', 0.1, [], ['inbox', 'lists']);
  await pullChanges(db, model.accountId, model.call);
  const told = await takeNews(db, withQuiet(quiet, `${model.accountId}/lists`, null), now);
  assert.deepEqual(Object.fromEntries(told.map(one => [one.email.id, one.quiet])), {
    elsewhere: false,
    silent: true,
    heard: false,
  });
  const unread = (await db.getAll('mailboxes')).find(({ id }) => id === 'inbox')?.unreadEmails;
  assert.equal(await unreadInInboxes(db), unread);
});

test('a few messages are told one by one, many together, and at quiet hours without a sound', () => {
  const email = (id: string, name: string, subject: string) =>
    ({
      accountId: 'a',
      id,
      subject,
      receivedAt: '2026-03-01T00:00:00Z',
      from: [{ name, email: 'x@y' }],
    }) as StoredEmail;
  const loud = (all: StoredEmail[]) => noticesOf(all.map(one => ({ email: one, quiet: false })));
  const [one] = loud([email('e1', 'Ada\u202e\n', 'Tea')]);
  assert.deepEqual(one, {
    ...{ title: 'Ada', body: 'Tea', tag: 'a/e1', path: '/inbox/a/e1', silent: false },
    at: Date.UTC(2026, 2, 1),
  });
  const [nameless] = loud([{ ...email('e1', '', ''), from: [] }]);
  assert.deepEqual([nameless?.title, nameless?.body], ['Unknown sender', 'No subject']);
  const many = ['Ada', 'Bo', 'Ada', 'Cy'].map((name, i) => email(`e${i}`, name, 's'));
  const together = loud(many);
  assert.deepEqual(
    [together.length, together[0]?.title, together[0]?.body],
    [1, '4 new messages', 'Ada, Bo, Cy'],
  );
  const some = many.slice(0, 3).map((one, i) => ({ email: one, quiet: i > 0 }));
  assert.deepEqual(
    noticesOf(some).map(({ title, silent, path }) => [title, silent, path]),
    [
      ['Ada', false, '/inbox/a/e0'],
      ['2 new messages', true, '/inbox'],
    ],
  );
  assert.deepEqual(noticesOf([]), []);
  assert.deepEqual([emptyNotice(true).silent, emptyNotice(false).silent], [true, false]);
});
