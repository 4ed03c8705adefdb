import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { listCount, openMessage } from '../support/message-list.ts';
import { BY_LOOKS, problems } from './axe.ts';

const app = testApp();

async function onEachScreen(page: Page, check: (screen: string) => Promise<void>): Promise<void> {
  const narrow = (page.viewportSize()?.width ?? 0) < 800;
  await page.locator('.row-link').first().waitFor();
  await check('list');
  await page.locator('.row-select').first().click();
  await page.getByRole('button', { name: 'Move to…' }).click();
  await page.getByRole('dialog').getByRole('searchbox').waitFor();
  await check('move');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'End the selection' }).click();
  if (narrow) {
    await page.getByRole('button', { name: 'Open mailboxes' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Accounts' }).waitFor();
    await check('drawer');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  for (const subject of ['The Tide Table No. 118', 'Opening night', 'Two from the pier']) {
    const article = await openMessage(page, subject);
    await check(`message ${subject}`);
    if (!narrow) continue;
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await article.waitFor({ state: 'detached' });
  }
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await check('shortcuts');
  const details = page.getByRole('link', { name: /^Details of / }).first();
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
  for (const [path, content] of [
    ['/accounts', details],
    ['/accounts/new', page.getByLabel('E-mail address')],
    ['/accounts/authorized', page.getByRole('alert')],
    ['/outbox', heading('Outbox')],
    ['/settings', heading('Settings')],
    ['/nothing', heading('There is no such page')],
  ] as const) {
    await page.goto(app.cloud.url + path);
    await content.waitFor();
    await check(path);
  }
  await onAccountPages(page, check);
}

async function onAccountPages(page: Page, check: (screen: string) => Promise<void>): Promise<void> {
  await page.goto(`${app.cloud.url}/accounts/new`);
  await page.getByRole('button', { name: 'Enter the server myself' }).click();
  await page.getByLabel('Password').waitFor();
  await check('a new server');
  await page.goto(`${app.cloud.url}/accounts`);
  await page
    .getByRole('link', { name: /^Details of / })
    .first()
    .click();
  await page.getByRole('group', { name: 'Colour' }).waitFor();
  await check('account');
  const address = page.url();
  for (const [part, content] of [
    ['offline', page.getByText(/^about .* for \d+ messages$/).first()],
    ['settings', page.getByLabel('Password')],
    ['deletion', page.getByRole('heading', { name: 'Removed so far' })],
    ['quarantine', page.getByRole('heading', { name: 'Nothing is set aside' })],
    ['files', page.getByRole('heading', { name: 'Export all mail' })],
    ['first', page.getByRole('heading', { name: 'All your mail is here' })],
  ] as const) {
    await page.goto(`${address}/${part}`);
    await content.waitFor();
    await check(part);
  }
  await page.goto(address);
  await page.getByRole('button', { name: 'Remove account…' }).click();
  await page.getByRole('dialog').waitFor();
  await check('removal');
}

const DESKTOP = { width: 1280, height: 800 };
const SMALL = { width: 320, height: 568 };

/** Has each page begin with text of twice the usual size. */
async function enlargeText(page: Page): Promise<void> {
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('html { font-size: 32px }');
      document.adoptedStyleSheets.push(sheet);
    });
  });
  await page.reload();
}

/** Gives the text of the page that is shown its usual size, or twice that again. */
async function setLarge(page: Page, large: boolean): Promise<void> {
  await page.evaluate(wanted => {
    for (const sheet of document.adoptedStyleSheets) sheet.disabled = !wanted;
  }, large);
}

const LIGHT = { colour: 'light', large: false } as const;
const DARK = { colour: 'dark', large: false } as const;

// Every screen is checked at both widths, in both colours and at both sizes of text. Nothing of the style sheets lies
// between 320 px and the width of other phones. What the colours and the size of text cannot change is checked once.
for (const [name, viewport, first, others] of [
  ['desktop', DESKTOP, LIGHT, [DARK]],
  ['320 px, text at 200 %', SMALL, { colour: 'dark', large: true }, [LIGHT, DARK]],
] as const) {
  test(`every screen can be used by everybody: ${name}`, async () => {
    const { page } = await app.device();
    await page.setViewportSize(viewport);
    const look = async ({ colour, large }: { colour: 'light' | 'dark'; large: boolean }) => {
      await page.emulateMedia({ colorScheme: colour, reducedMotion: 'reduce' });
      if (first.large) await setLarge(page, large);
    };
    await look(first);
    if (first.large) await enlargeText(page);
    const found: string[] = [];
    await onEachScreen(page, async screen => {
      for (const problem of await problems(page)) found.push(`${screen}, ${first.colour}: ${problem}`);
      for (const other of others) {
        await look(other);
        for (const problem of await problems(page, BY_LOOKS)) {
          found.push(`${screen}, ${other.colour}: ${problem}`);
        }
      }
      await look(first);
    });
    assert.deepEqual(found, []);
  });
}

test('keys act on the row with the focus, and closing a message goes back to its row', async () => {
  const { page } = await app.device();
  const row = (position: number) => page.locator(`[aria-posinset="${position}"]`);
  const hasFocus = (position: number) => row(position).locator('.row-link:focus').waitFor();
  await row(4).waitFor();
  await page.keyboard.press('j');
  await hasFocus(1);
  // From the first row to its star, to the box that selects the second row, to that row.
  for (let tabs = 0; tabs < 3; tabs += 1) await page.keyboard.press('Tab');
  await hasFocus(2);
  const star = { name: /^Starred/ };
  await row(2)
    .getByRole('checkbox', { ...star, checked: false })
    .waitFor();
  await page.keyboard.press('s');
  await row(2)
    .getByRole('checkbox', { ...star, checked: true })
    .waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove star' }).waitFor();
  await page.keyboard.press('j');
  await row(3).locator('[aria-current=true]').waitFor();
  await page.getByRole('article').locator('.reader-subject').click();
  await page.keyboard.press('Escape');
  await hasFocus(3);
});

/** Moves the list to and fro by a pixel without end, as something that scrolls or takes new measure does. */
async function keepMoving(page: Page): Promise<void> {
  await page.locator('.list').evaluate(list => {
    setInterval(() => list.scrollTo(0, list.scrollTop === 1 ? 2 : 1), 10);
  });
}

test('a press opens a message and gives a star while the list still moves', async () => {
  const { page } = await app.device();
  // What the list says above its rows comes and goes until all is here.
  await listCount(page);
  const row = page.locator('[aria-posinset="3"]');
  const link = await row.locator('.row-link').boundingBox();
  const star = await row.locator('.row-star').boundingBox();
  assert.ok(link && star, 'the row is on the screen');
  const starred = await row.getByRole('checkbox', { name: /^Starred/ }).isChecked();
  await keepMoving(page);
  await page.mouse.click(star.x + star.width / 2, star.y + star.height / 2);
  await row.getByRole('checkbox', { name: /^Starred/, checked: !starred }).waitFor();
  await page.mouse.click(link.x + link.width / 2, link.y + link.height / 2);
  await row.locator('[aria-current=true]').waitFor();
});

test('the page of somebody who is not signed in can be used by everybody', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await app.browser.newContext({ viewport: SMALL, colorScheme });
    const page = await context.newPage();
    await page.goto(app.cloud.url);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    assert.deepEqual(await problems(page), []);
  }
});

test('in Arabic everything is the other way round, and the server speaks it too', async () => {
  const options = { viewport: SMALL, locale: 'ar-EG', bypassCSP: true, reducedMotion: 'reduce' } as const;
  const context = await app.browser.newContext(options);
  const page = await context.newPage();
  await page.goto(app.cloud.url);
  await page.getByRole('button', { name: 'تسجيل الدخول' }).click();
  await page.getByRole('heading', { name: 'كل صناديق الوارد' }).waitFor();
  const root = page.locator('html');
  assert.deepEqual([await root.getAttribute('lang'), await root.getAttribute('dir')], ['ar', 'rtl']);
  const found: string[] = [];
  const check = async (screen: string) => {
    for (const problem of await problems(page)) found.push(`${screen}: ${problem}`);
  };
  await page.locator('.row-link').first().waitFor();
  await check('list');
  await openMessage(page, 'Two from the pier');
  await check('message');
  await page.goto(`${app.cloud.url}/settings`);
  await page.getByRole('heading', { name: 'الإعدادات', level: 1 }).waitFor();
  await check('settings');
  await page.goto(`${app.cloud.url}/accounts`);
  await page.getByText('كل شيء محدَّث.').first().waitFor();
  await check('accounts');
  assert.deepEqual(found, []);
});
