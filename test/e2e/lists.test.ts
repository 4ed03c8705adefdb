import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { eventually, tick } from '../support/eventually.ts';
import { dropMail } from '../support/mail-drop.ts';
import { listCount } from '../support/message-list.ts';

const app = testApp();

/** A message of the conversation about a regatta, `minutes` ago. */
function regatta(subject: string, number: number, sender: string, minutes: number): string {
  const date = new Date(Date.now() - minutes * 60_000).toUTCString().replace('GMT', '+0000');
  const id = subject.replace(/\W/g, '-');
  const references = number > 1 ? `References: <${id}-1@example.net>\n` : '';
  return `From: ${sender} <${sender.toLowerCase()}@example.net>
To: mara@example.com
Subject: ${number > 1 ? 'Re: ' : ''}${subject}
Date: ${date}
Message-ID: <${id}-${number}@example.net>
${references}Content-Type: text/plain; charset=utf-8

This is what ${sender} has to say, number ${number}.
`;
}

let conversations = 0;

/**
 * Puts a conversation of four messages, which no other test has, at the top of the IMAP inbox.
 * @returns its subject, and the rows of the list that have it
 */
async function conversation(): Promise<{ subject: string; row(page: Page): Locator }> {
  conversations += 1;
  const subject = `Regatta ${conversations} on Sunday`;
  const senders = ['Ilse', 'Jakob', 'Ilse', 'Nuria'];
  const messages = senders.map((sender, position) =>
    regatta(subject, position + 1, sender, 40 - position * 10),
  );
  await dropMail(app.cloud.demo(), messages);
  return { subject, row: page => page.getByRole('listitem').filter({ hasText: subject }) };
}

test('a conversation is one row, and opens with all its messages, what is read folded', async () => {
  const { subject, row } = await conversation();
  const { page } = await app.device();
  await row(page).getByText('4 messages').waitFor();
  await eventually(() => row(page).count(), 1);
  await row(page).getByText('Nuria, Ilse, Jakob').waitFor();
  await row(page).getByRole('link').click();
  // The subject is said once, above all messages.
  await page.getByRole('heading', { name: subject, level: 1 }).waitFor();
  await page.getByRole('heading', { name: 'Nuria', level: 2 }).waitFor();
  for (const number of [1, 2, 3, 4]) await page.getByText(`number ${number}.`).first().waitFor();
  // Opening reads it: the row is not unread any more, and what is read is folded the next time.
  await row(page).getByText('Unread').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await row(page).getByRole('link').click();
  await page.getByRole('article').getByText('number 4.').waitFor();
  await eventually(() => page.getByRole('article').count(), 1);
  await page.getByRole('button', { name: /^Show the message from Jakob/ }).click();
  await page.getByRole('article').getByText('number 2.').waitFor();
  // Who opened it by a key folds it by the same key.
  await page.locator('[aria-label^="Fold the message from Jakob"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('article').getByText('number 2.').waitFor({ state: 'detached' });
});

/** A device that goes before it has told the server what was done takes that with it. */
async function allIsSent(page: Page): Promise<void> {
  await page.goto(`${app.cloud.url}/outbox`);
  await page.getByRole('heading', { name: 'Nothing is waiting' }).waitFor();
}

const count = (page: Page) => page.getByRole('status').filter({ hasText: /selected$/ });
const at = (page: Page, position: number) => page.locator(`[aria-posinset="${position}"]`);

test('several messages are selected by mouse, keys and finger, and acted on together, with one undo', async () => {
  const { row } = await conversation();
  const { page } = await app.device();
  await row(page).getByText('4 messages').waitFor();
  const before = await listCount(page);
  await page.keyboard.press('j');
  await at(page, 1).locator('.row-link:focus').waitFor();
  await page.keyboard.press('x');
  await count(page).getByText('1 selected').waitFor();
  await at(page, 4)
    .locator('.row-select')
    .click({ modifiers: ['Shift'] });
  await count(page).getByText('4 selected').waitFor();
  await at(page, 3).locator('.row-select').click();
  await count(page).getByText('3 selected').waitFor();
  await page.getByRole('toolbar').getByRole('button', { name: 'Archive' }).click();
  await page.getByText(/^\d+ messages archived\.$/).waitFor();
  await page.getByRole('heading', { name: 'All inboxes' }).waitFor();
  await eventually(async () => (await listCount(page)) < before, true);
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(() => listCount(page), before);
  await page.keyboard.press('*');
  await count(page).getByText('50 selected').waitFor();
  await page.keyboard.press('Escape');
  await count(page).waitFor({ state: 'detached' });
  await allIsSent(page);
});

test('messages move to a mailbox that is made on the way, and are deleted for good in the trash', async () => {
  const { row } = await conversation();
  const { page } = await app.device();
  await row(page).getByText('4 messages').waitFor();
  await row(page).locator('.row-select').click();
  await page.getByRole('button', { name: 'Move to…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Find a mailbox').fill('Sailing');
  await dialog.getByRole('button', { name: 'New mailbox “Sailing”' }).click();
  await page.getByText('4 messages moved to Sailing.').waitFor();
  await page.getByRole('link', { name: 'Sailing' }).click();
  await page.getByRole('heading', { name: 'Sailing', level: 1 }).waitFor();
  await row(page).getByText('4 messages').waitFor();
  await page.keyboard.press('j');
  await at(page, 1).locator('.row-link:focus').waitFor();
  await page.keyboard.press('#');
  await page.getByText('4 messages moved to trash.').waitFor();
  const account = page.getByRole('region', { name: 'Mara (IMAP)' });
  await account.getByRole('link', { name: 'Trash' }).click();
  // The conversation's own bar asks the same.
  await row(page).locator('.row-link').click();
  await page.getByRole('button', { name: 'Delete conversation for good' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Delete conversation for good' }).waitFor({ state: 'detached' });
  await row(page).locator('.row-select').click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete for good' }).click();
  await dialog.getByText('This cannot be undone.').waitFor();
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await row(page).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Change the mailbox Sailing' }).click();
  await dialog.getByLabel('Name').fill('Sails');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('link', { name: 'Sails' }).waitFor();
  await page.getByRole('button', { name: 'Change the mailbox Sails' }).click();
  await dialog.getByRole('button', { name: 'Delete mailbox' }).click();
  await dialog.getByText('There are no messages in this mailbox.').waitFor();
  await dialog.getByRole('button', { name: 'Delete mailbox' }).click();
  await page.getByRole('link', { name: 'Sails' }).waitFor({ state: 'detached' });
  await allIsSent(page);
});

/** Moves a finger over the page by steps from one point along others, and lets go. */
async function drag(page: Page, points: { x: number; y: number }[]): Promise<void> {
  const touch = await page.context().newCDPSession(page);
  const [first, ...rest] = points;
  assert.ok(first, 'a finger begins somewhere');
  let at = first;
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [first] });
  for (const point of rest) {
    for (let step = 1; step <= 6; step += 1) {
      const x = at.x + ((point.x - at.x) * step) / 6;
      const y = at.y + ((point.y - at.y) * step) / 6;
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y }] });
    }
    at = point;
  }
  // A finger that comes to rest before it leaves throws nothing. It rests for longer than a row takes to
  // its place, so that what an earlier swipe still does falls into this one.
  await page.waitForTimeout(250);
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await touch.detach();
}

test('a finger swipes, selects and pulls; what a swipe does is chosen, and ends by moving back', async () => {
  const { row } = await conversation();
  const { page } = await app.device({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await row(page).getByText('4 messages').waitFor();
  // Where the row is right now: what the list says above its rows comes and goes until all is here.
  await listCount(page);
  const middle = async () => {
    const box = await row(page).boundingBox();
    assert.ok(box, 'the row is on the screen');
    return { x: 190, y: box.y + box.height / 2 };
  };
  // There and back again: nothing.
  const start = await middle();
  await drag(page, [start, { ...start, x: 360 }, start]);
  assert.equal(await page.getByText('messages archived.').count(), 0);
  const again = await middle();
  await drag(page, [
    { ...again, x: 100 },
    { ...again, x: 330 },
  ]);
  await page.getByText('4 messages archived.').waitFor();
  await row(page).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await row(page).waitFor();
  // Up and down scrolls.
  await drag(page, [
    { x: 190, y: 600 },
    { x: 190, y: 200 },
  ]);
  await page.waitForFunction(() => (document.querySelector('.list')?.scrollTop ?? 0) > 100);
  await page.locator('.list').evaluate(list => list.scrollTo(0, 0));
  await drag(page, [
    { x: 190, y: 200 },
    { x: 190, y: 420 },
  ]);
  await page.getByText('Checking for new mail…').waitFor();

  await page.goto(`${app.cloud.url}/settings`);
  await page.getByLabel('To the right').selectOption('Star or remove star');
  await tick(page.getByLabel('Show conversations'), false);
  await page.getByRole('navigation', { name: 'Main places' }).getByRole('link', { name: 'Inbox' }).click();
  await eventually(() => row(page).count(), 4);
  const y = ((await at(page, 2).boundingBox())?.y ?? 0) + 40;
  await drag(page, [
    { x: 100, y },
    { x: 330, y },
  ]);
  await page.getByText(/^(1 message starred|Star removed from 1 message)\.$/).waitFor();
  // A finger that rests selects; then a tap selects, too.
  const touch = await page.context().newCDPSession(page);
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: 190, y }] });
  await count(page).getByText('1 selected').waitFor();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.touchscreen.tap(190, y + 100);
  await count(page).getByText('2 selected').waitFor();
});
