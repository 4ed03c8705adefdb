import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { signedIn, startBrowser, waitUntilDownloaded } from '../test/support/browser.ts';
import { startLocalCloud } from '../test/support/local-cloud.ts';
import { dropMail } from '../test/support/mail-drop.ts';

/**
 * Takes pictures of every screen of the app with the sample mail, at the size of a phone and of a desktop, light and dark:
 * `npm run screenshots`, into docs/screenshots.
 */
const folder = new URL('../docs/screenshots/', import.meta.url);
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const SUBJECT = 'Two from the pier';
const THREAD = 'Regatta on Sunday';

/** A message of a conversation, `minutes` ago. */
function letter(number: number, sender: string, minutes: number, text: string): string {
  const date = new Date(Date.now() - minutes * 60_000).toUTCString().replace('GMT', '+0000');
  const references = number > 1 ? 'References: <regatta-1@example.net>\n' : '';
  return `From: ${sender} <${sender.toLowerCase()}@example.net>
To: mara@example.com
Subject: ${number > 1 ? 'Re: ' : ''}${THREAD}
Date: ${date}
Message-ID: <regatta-${number}@example.net>
${references}Content-Type: text/plain; charset=utf-8

${text}
`;
}

const CONVERSATION = [
  letter(1, 'Ilse', 95, 'The start is at ten, if the wind holds. Who brings the flags?'),
  letter(2, 'Jakob', 60, 'I do. And the thermos.'),
  letter(3, 'Nuria', 25, 'Then I am there at nine. The forecast says four Beaufort from the west.'),
];

async function take(page: Page, name: string): Promise<Buffer> {
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(300);
  const picture = await page.screenshot();
  await writeFile(new URL(`${name}.png`, folder), picture);
  return picture;
}

/** Pages that an address leads to, and what is there once they are. */
function pages(page: Page): [name: string, path: string, there: Locator][] {
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
  return [
    ['accounts', '/accounts', page.getByText(/readable offline/).first()],
    ['account-new', '/accounts/new', page.getByLabel('E-mail address')],
    ['search', '/search?q=pier', page.getByRole('listitem').first()],
    ['outbox', '/outbox', heading('Outbox')],
    ['notifications', '/notifications', heading('Notifications')],
    ['settings', '/settings', heading('Settings')],
  ];
}

/** Pages of one account. */
function accountPages(page: Page): [part: string, there: Locator][] {
  return [
    ['', page.getByRole('group', { name: 'Colour' })],
    ['offline', page.getByText(/^about .* for \d+ messages$/).first()],
    ['settings', page.getByLabel('Password')],
    ['deletion', page.getByRole('heading', { name: 'Removed so far' })],
    ['quarantine', page.getByRole('heading', { name: 'Nothing is set aside' })],
    ['files', page.getByRole('heading', { name: 'Export all mail' })],
  ];
}

/** The screens of one size and theme. */
async function screens(options: BrowserContextOptions, name: string) {
  const { context, page } = await signedIn(browser, cloud.url, { ...options, reducedMotion: 'reduce' });
  await waitUntilDownloaded(page);
  const details = await page
    .getByRole('link', { name: /^Details of / })
    .first()
    .getAttribute('href');
  const open = async (subject: string) => {
    await page.goto(`${cloud.url}/inbox`);
    await page.getByRole('listitem').filter({ hasText: subject }).getByRole('link').click();
  };
  await page.goto(`${cloud.url}/inbox`);
  await page.getByRole('link', { name: SUBJECT }).waitFor();
  const list = await take(page, `${name}-list`);
  await page.locator('.row-select').first().click();
  await take(page, `${name}-selection`);
  await open(THREAD);
  await page.getByRole('article').getByText('four Beaufort').waitFor();
  await take(page, `${name}-conversation`);
  await open(SUBJECT);
  await page.locator('.mail-frame').waitFor();
  const message = await take(page, `${name}-message`);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await take(page, `${name}-shortcuts`);
  for (const [screen, path, there] of pages(page)) {
    await page.goto(cloud.url + path);
    await there.waitFor();
    await take(page, `${name}-${screen}`);
  }
  for (const [part, there] of accountPages(page)) {
    await page.goto(`${cloud.url}${details}${part && `/${part}`}`);
    await there.waitFor();
    await take(page, `${name}-account${part && `-${part}`}`);
  }
  await context.close();
  return { list, message };
}

const data = (picture: Buffer) => `data:image/png;base64,${picture.toString('base64')}`;

const cloud = await startLocalCloud();
const browser = await startBrowser();
try {
  await mkdir(folder, { recursive: true });
  for (const old of await readdir(folder)) if (old.endsWith('.png')) await rm(new URL(old, folder));
  await dropMail(cloud.demo(), CONVERSATION);
  const desktop = await screens({ viewport: DESKTOP, colorScheme: 'light' }, 'desktop-light');
  await screens({ viewport: DESKTOP, colorScheme: 'dark' }, 'desktop-dark');
  await screens({ viewport: PHONE, colorScheme: 'light' }, 'phone-light');
  const phone = await screens({ viewport: PHONE, colorScheme: 'dark' }, 'phone-dark');
  const page = await browser.newPage({ viewport: { width: 1400, height: 880 } });
  await page.setContent(`<style>
    body { margin: 0; height: 880px; background: linear-gradient(160deg, #d7ebee, #7fb9c4); }
    img { position: absolute; box-shadow: 0 12px 40px rgb(5 40 50 / 35%); }
    .desktop { inset: 40px auto auto 40px; width: 1180px; border-radius: 12px; }
    .phone { inset: auto 40px 40px auto; width: 320px; border-radius: 28px; border: 6px solid #0b1a1e; }
    </style><img class="desktop" src="${data(desktop.message)}"><img class="phone" src="${data(phone.list)}">`);
  await take(page, 'mailferry');
} finally {
  await browser.close();
  await cloud.remove();
}
