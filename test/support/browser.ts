import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Page,
} from 'playwright-core';

const LAUNCH: LaunchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** Starts the installed Chromium. Its profiles are in memory. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch(LAUNCH);
}

/** Starts the installed Chromium with one profile on the disk, as people have it. */
export function startProfile(folder: string, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { ...LAUNCH, ...options });
}

/** A new browser profile with the app in it, signed in. */
export async function signedIn(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await signIn(page, url);
  return { context, page };
}

/** Opens the app in a profile where nobody is signed in yet, and signs in. */
export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'All inboxes' }).waitFor();
}

/** Waits until everything is on the device: each of two accounts says how much of its mail can be read offline. */
export async function waitUntilDownloaded(page: Page): Promise<void> {
  await page.goto(new URL('/accounts', page.url()).href);
  await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
  await page.waitForFunction(
    () => {
      const found = [
        ...(document.body.textContent ?? '').matchAll(/(\d+) of (\d+) messages readable offline/g),
      ];
      return found.length === 2 && found.every(([, here, all]) => Number(all) > 0 && here === all);
    },
    null,
    { timeout: 60_000, polling: 200 },
  );
}
