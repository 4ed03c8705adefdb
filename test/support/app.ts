import { after, afterEach, before } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { signedIn, startBrowser } from './browser.ts';
import { type LocalCloud, startLocalCloud } from './local-cloud.ts';

/** The demo and a browser, for the tests of one file. */
export interface TestApp {
  readonly cloud: LocalCloud;
  readonly browser: Browser;
  /** A new browser profile with the app in it, signed in. */
  signedIn(options?: BrowserContextOptions): ReturnType<typeof signedIn>;
}

/**
 * Starts both before the first test of the file and ends them after the last. Browser profiles end with the test
 * that opened them, so that one that failed leaves nothing at work beside the next.
 */
export function testApp(): TestApp {
  let cloud: LocalCloud | null = null;
  let browser: Browser | null = null;
  before(async () => {
    cloud = await startLocalCloud();
    browser = await startBrowser();
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
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
  };
}

function started<T>(part: T | null): T {
  if (part === null) throw new Error('The demo and the browser run only while tests do.');
  return part;
}
