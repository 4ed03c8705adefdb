import { mkdir, writeFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { signedIn, startBrowser, waitUntilDownloaded } from '../test/support/browser.ts';
import { startLocalCloud } from '../test/support/local-cloud.ts';

/** Takes the pictures of the app for the README, with the sample mail: `npm run screenshots`. */
const folder = new URL('../docs/screenshots/', import.meta.url);
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const SUBJECT = 'Two from the pier';

async function take(page: Page, name: string): Promise<Buffer> {
  await page.waitForTimeout(500);
  const picture = await page.screenshot();
  await writeFile(new URL(`${name}.png`, folder), picture);
  return picture;
}

/** The screens of one size and theme. */
async function screens(
  options: BrowserContextOptions,
  name: string,
): Promise<{ list: Buffer; message: Buffer }> {
  const { context, page } = await signedIn(browser, cloud.url, options);
  await waitUntilDownloaded(page);
  await take(page, `${name}-accounts`);
  await page.goto(`${cloud.url}/inbox`);
  await page.getByRole('link', { name: SUBJECT }).waitFor();
  const list = await take(page, `${name}-list`);
  await page.getByRole('link', { name: SUBJECT }).click();
  await page.locator('.mail-frame').waitFor();
  const message = await take(page, `${name}-message`);
  await context.close();
  return { list, message };
}

const data = (picture: Buffer) => `data:image/png;base64,${picture.toString('base64')}`;

const cloud = await startLocalCloud();
const browser = await startBrowser();
try {
  await mkdir(folder, { recursive: true });
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
