import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { waitUntilDownloaded } from '../support/browser.ts';
import { dropMail } from '../support/mail-drop.ts';

const app = testApp();

/** A message of the conversation about the regatta, `minutes` ago. */
function regatta(number: number, sender: string, minutes: number): string {
  const date = new Date(Date.now() - minutes * 60_000).toUTCString().replace('GMT', '+0000');
  const references = number > 1 ? 'References: <regatta-1@example.net>\n' : '';
  return `From: ${sender} <${sender.toLowerCase()}@example.net>
To: mara@example.com
Subject: ${number > 1 ? 'Re: ' : ''}Regatta on Sunday
Date: ${date}
Message-ID: <regatta-${number}@example.net>
${references}Content-Type: text/plain; charset=utf-8

This is what ${sender} has to say, number ${number}.
`;
}

let dropped = false;

/** Puts the conversation into the IMAP inbox, once. */
async function drop(): Promise<void> {
  if (dropped) return;
  dropped = true;
  const senders = ['Ilse', 'Jakob', 'Ilse', 'Nuria'];
  const messages = senders.map((sender, position) => regatta(position + 1, sender, 40 - position * 10));
  await dropMail(app.cloud.demo(), messages);
}

const row = (page: Page) => page.getByRole('listitem').filter({ hasText: 'Regatta on Sunday' });

async function inbox(options?: Parameters<typeof app.signedIn>[0]) {
  await drop();
  const device = await app.signedIn(options);
  await waitUntilDownloaded(device.page);
  await device.page.goto(`${app.cloud.url}/inbox`);
  await row(device.page).first().waitFor();
  return device;
}

test('a conversation is one row, and opens with all its messages, what is read folded', async () => {
  const { page } = await inbox();
  assert.equal(await row(page).count(), 1);
  await row(page).getByText('4 messages').waitFor();
  await row(page).getByText('Nuria, Ilse, Jakob').waitFor();
  await row(page).getByRole('link').click();
  await page.getByRole('heading', { name: 'Regatta on Sunday', level: 1 }).first().waitFor();
  for (const number of [1, 2, 3, 4]) await page.getByText(`number ${number}.`).first().waitFor();
  // Opening reads it: the row is not unread any more, and what is read is folded the next time.
  await row(page).getByText('Unread').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await row(page).getByRole('link').click();
  await page.getByRole('article').getByText('number 4.').waitFor();
  assert.equal(await page.getByRole('article').count(), 1);
  await page.getByRole('button', { name: /^Show the message from Jakob/ }).click();
  await page.getByRole('article').getByText('number 2.').waitFor();
  await page.getByRole('button', { name: /^Fold the message from Jakob/ }).click();
  await page.getByRole('article').getByText('number 2.').waitFor({ state: 'detached' });
});
