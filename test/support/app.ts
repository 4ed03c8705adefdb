import { after, afterEach, before } from 'node:test';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { signedIn, startBrowser, waitUntilDownloaded } from './browser.ts';
import { type LocalCloud, startLocalCloud } from './local-cloud.ts';

/** A browser profile that is signed in, and the app in it. */
interface Device {
  context: BrowserContext;
  page: Page;
}

/** The demo and a browser, for the tests of one file. */
export interface TestApp {
  readonly cloud: LocalCloud;
  readonly browser: Browser;
  /** A new browser profile with the app in it, signed in, for this test alone. */
  signedIn(options?: BrowserContextOptions): Promise<Device>;
  /**
   * A browser profile that the tests of the file share, because a first download costs more than most of them: signed
   * in, with all mail of the first test that asked for it, in a new page at the inbox. One for each set of options.
   * A test that fails, or that closes the profile, leaves a new one to the next.
   */
  device(options?: BrowserContextOptions): Promise<Device>;
}

/**
 * Starts both before the first test of the file and ends them after the last. Pages end with the test that opened
 * them, and so do browser profiles that are not shared, so that nothing is left at work beside the next.
 */
export function testApp(): TestApp {
  let cloud: LocalCloud | null = null;
  let browser: Browser | null = null;
  const shared = new Map<string, BrowserContext>();
  before(async () => {
    cloud = await startLocalCloud();
    browser = await startBrowser();
  });
  afterEach(async test => {
    // The types of Node 20 leave it out.
    const { passed } = test as unknown as { passed: boolean };
    for (const context of browser?.contexts() ?? []) {
      if (passed && [...shared.values()].includes(context)) await leave(context);
      else await context.close();
    }
  });
  after(async () => {
    await browser?.close();
    await cloud?.remove();
  });
  return {
    get cloud() {
      return started(cloud);
    },
    get browser() {
      return started(browser);
    },
    signedIn(options) {
      return signedIn(this.browser, this.cloud.url, options);
    },
    async device(options = {}) {
      const key = JSON.stringify(options);
      const known = shared.get(key);
      if (known) return atInbox({ context: known, page: await known.newPage() }, this.cloud.url);
      const made = await this.signedIn(options);
      await waitUntilDownloaded(made.page);
      shared.set(key, made.context);
      made.context.once('close', () => shared.delete(key));
      return atInbox(made, this.cloud.url);
    },
  };
}

/** Takes back what the test that ends did to a shared profile. */
async function leave(context: BrowserContext): Promise<void> {
  await Promise.all(context.pages().map(page => page.close()));
  await context.unrouteAll();
  await context.setOffline(false);
}

async function atInbox(device: Device, url: string): Promise<Device> {
  await device.page.goto(`${url}/inbox`);
  await device.page.locator('.row-link').first().waitFor();
  return device;
}

function started<T>(part: T | null): T {
  if (part === null) throw new Error('The demo and the browser run only while tests do.');
  return part;
}
