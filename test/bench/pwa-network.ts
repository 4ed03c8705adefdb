/** What comes over the network: the app itself at the first load, and the first download of all mail. */
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page, Response } from 'playwright-core';
import { signedIn, signIn, startBrowser } from '../support/browser.ts';
import type { BenchServer } from './pwa-server.ts';

/**
 * Octets of all JavaScript, gzipped, that a browser without anything of the app fetches until the inbox is on the
 * screen. The service worker, which keeps the app for the next time, comes after that.
 */
export async function firstLoad(url: string): Promise<number> {
  const browser = await startBrowser();
  try {
    const { page } = await signedIn(browser, url, { serviceWorkers: 'block' });
    await page.locator('.row-link').first().waitFor();
    const scripts: Response[] = [];
    page.on('response', response => {
      if (new URL(response.url()).pathname.endsWith('.js')) scripts.push(response);
    });
    await page.goto(`${url}/inbox`, { waitUntil: 'commit' });
    await page.locator('.row-link').first().waitFor();
    const sizes = await Promise.all(
      [...scripts].map(async script => gzipSync(await script.body()).byteLength),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } finally {
    await browser.close();
  }
}

/** A first download. */
export interface Downloaded {
  /** seconds from the inbox's heading until all lists and bodies are on the device */
  seconds: number;
  /** seconds until the whole list was */
  listed: number;
  /** octets of the answers, and the seconds that the same requests take one after the other when nobody keeps them */
  octets: number;
  plain: number;
}

/** Signs in with a new profile and waits until everything of the account is on the device. */
export async function firstDownload(
  context: BrowserContext,
  { url, token }: BenchServer,
  count: number,
): Promise<Downloaded> {
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', request => {
    const body = request.postData();
    if (new URL(request.url()).pathname === '/jmap/api' && body?.includes('Email/')) asked.push(body);
  });
  await signIn(page, url);
  const startedAt = performance.now();
  let listed = 0;
  for (;;) {
    const here = await countOnDevice(page);
    if (!listed && here.complete) listed = (performance.now() - startedAt) / 1000;
    if (here.complete && here.bodies >= count) break;
    // To count is to walk along all bodies, while which none is stored.
    await page.waitForTimeout(Math.max(50, count / 20));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await page.close();
  return { seconds, listed, ...(await replay(url, token, asked)) };
}

/** Waits until the lists of all accounts and so many bodies are on the device. */
export async function waitForBodies(page: Page, count: number): Promise<void> {
  for (;;) {
    const { complete, bodies } = await countOnDevice(page);
    if (complete && bodies >= count) return;
    await page.waitForTimeout(200);
  }
}

/** How many bodies are on the device, and whether the list of all messages is. */
async function countOnDevice(page: Page): Promise<{ complete: boolean; bodies: number }> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await settled(indexedDB.open('mailferry'));
    const transaction = db.transaction(['feeds', 'bodies']);
    const feeds = await settled<{ listing: unknown }[]>(transaction.objectStore('feeds').getAll());
    const bodies = await settled(transaction.objectStore('bodies').count());
    db.close();
    return { complete: feeds.length > 0 && feeds.every(feed => feed.listing === null), bodies };
  });
}

async function replay(
  url: string,
  token: string,
  asked: readonly string[],
): Promise<{ octets: number; plain: number }> {
  const startedAt = performance.now();
  let octets = 0;
  for (const body of asked) {
    const response = await fetch(`${url}/jmap/api`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
    octets += (await response.arrayBuffer()).byteLength;
  }
  return { octets, plain: (performance.now() - startedAt) / 1000 };
}
