/** What a person waits for on the device itself, measured in Chromium without a network. */
import { build } from 'esbuild';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { startProfile } from '../support/browser.ts';

const PHONE = { viewport: { width: 390, height: 844 }, locale: 'en-GB', hasTouch: true, isMobile: true };
/** A file of the precache that is no page of the app: there nothing of it runs. */
const APPLESS = '/favicon.svg';
/** Between two messages that are opened, in pixels of the list. */
const APART_ROWS = 500;
/** Longest time in which a page may come to its first row, in milliseconds. */
const LIMIT = 60_000;

/** A profile of a phone's size, on the disk: in memory the database would be quicker than any device has it. */
export async function startPhone(folder: string): Promise<BrowserContext> {
  const context = await startProfile(folder, PHONE);
  context.setDefaultTimeout(LIMIT);
  // What the loader of this file puts around named functions.
  await context.addInitScript('globalThis.__name = own => own');
  return context;
}

/** Puts messages `from` to `to` (exclusive) onto the device, by the app's own modules. Gives the seconds it took. */
export async function grow(
  context: BrowserContext,
  url: string,
  from: number,
  to: number,
  newest: number,
): Promise<number> {
  const entryPoints = [new URL('./pwa-rows.ts', import.meta.url).pathname];
  const options = { bundle: true, write: false, format: 'iife', globalName: 'rows' } as const;
  const [file] = (await build({ ...options, entryPoints })).outputFiles;
  const startedAt = performance.now();
  const page = await context.newPage();
  await page.goto(url + APPLESS);
  await page.evaluate(`${file?.text ?? ''}\nrows.addMessages(${from}, ${to}, ${newest})`);
  await page.close();
  return (performance.now() - startedAt) / 1000;
}

/** Notes when the first frame was drawn after `selector` is there, in milliseconds from the start of the navigation. */
function watchFor(selector: string): void {
  const shown = new Promise<number>(resolve => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  Object.assign(globalThis, { shown });
}

/**
 * Starts the app where nothing of it runs: a new page in a process of its own, no service worker. Gives the page and
 * the milliseconds from the start of the navigation to the first frame with `selector`.
 * @param slowed how many times the processor of the page is slowed
 */
export async function coldStart(
  context: BrowserContext,
  address: string,
  selector: string,
  slowed = 1,
): Promise<{ page: Page; ms: number }> {
  const page = await context.newPage();
  await page.addInitScript(watchFor, selector);
  const session = await context.newCDPSession(page);
  await stopServiceWorkers(session);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowed });
  await page.goto(address, { waitUntil: 'commit' });
  const ms = await page.evaluate(() => (globalThis as unknown as { shown: Promise<number> }).shown);
  return { page, ms };
}

async function stopServiceWorkers(session: CDPSession): Promise<void> {
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.send('ServiceWorker.disable');
}

/** Several cold starts, one after the other. */
export async function coldStarts(
  context: BrowserContext,
  address: string,
  selector: string,
  { runs, slowed }: { runs: number; slowed: number },
): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { page, ms } = await coldStart(context, address, selector, slowed);
    times.push(ms);
    await page.close();
  }
  return times;
}

/**
 * Calls `work` while the app's own script in the precache is an empty one that writes a single element: the same
 * page, style and service worker, and nothing else. Whatever the app does comes on top of that.
 */
export async function withEmptyApp<T>(
  context: BrowserContext,
  url: string,
  work: () => Promise<T>,
): Promise<T> {
  const replace = async (text: string | null): Promise<string> => {
    const page = await context.newPage();
    await page.goto(url + APPLESS);
    const before = await page.evaluate(replaceEntry, text);
    await page.close();
    return before;
  };
  const script = await replace(
    "const shell = document.createElement('main'); shell.id = 'empty'; shell.textContent = 'Mail';" +
      "document.getElementById('app').append(shell);",
  );
  try {
    return await work();
  } finally {
    await replace(script);
  }
}

/** Puts another text into the precache where the page's script lies; gives the one before. */
async function replaceEntry(text: string | null): Promise<string> {
  for (const name of await caches.keys()) {
    if (!name.includes('precache')) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!new URL(request.url).pathname.endsWith('/index.html')) continue;
      const html = (await (await cache.match(request))?.text()) ?? '';
      const path = /<script[^>]+src="([^"]+)"/.exec(html)?.[1] ?? '';
      const entry = (await cache.keys()).find(one => new URL(one.url).pathname === path);
      const kept = entry && (await cache.match(entry));
      if (!entry || !kept || text === null) break;
      const before = await kept.clone().text();
      await cache.put(entry, new Response(text, { headers: kept.headers }));
      return before;
    }
  }
  throw new Error('The precache has no page.');
}

/** Opens messages one after the other down the list: milliseconds from the press to the frame with its text. */
export async function openMessages(page: Page, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let opened = 0; opened < count; opened += 1) {
    await page.locator('.list').evaluate((list, top) => {
      list.scrollTop = top;
    }, opened * APART_ROWS);
    // The list stands still, and so does whatever the last message left to be done.
    await page.waitForTimeout(300);
    await page.waitForFunction(isRowInTheMiddle);
    times.push(await page.evaluate(openRow));
    await page.evaluate(() => history.back());
    await page.locator('.row-link').first().waitFor();
  }
  return times;
}

/** Where the thumb presses, in pixels from the corner of the screen. */
const isRowInTheMiddle = () => document.elementFromPoint(150, 450)?.closest('.row-link') != null;

/** Presses the row there and waits until its message is drawn. */
function openRow(): Promise<number> {
  const row = document.elementFromPoint(150, 450)?.closest<HTMLElement>('.row-link');
  return new Promise(resolve => {
    const startedAt = performance.now();
    const isShown = () => {
      const frame = document.querySelector<HTMLIFrameElement>('.reader .mail-frame');
      const inside = frame?.contentDocument?.getElementById('mail');
      return document.querySelector('.reader .plain') !== null || (inside?.childNodes.length ?? 0) > 0;
    };
    const done = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startedAt)));
    const channel = new MessageChannel();
    channel.port1.onmessage = () => (isShown() ? done() : channel.port2.postMessage(null));
    row?.click();
    channel.port2.postMessage(null);
  });
}

/** Frames of a scrolling list. */
export interface Scrolled {
  /** frames a second, in the mean */
  fps: number;
  /** frames that took more than 50 ms */
  late: number;
  /** the longest one, in milliseconds */
  longest: number;
  /** The part of all frames in which a row on the screen had nothing to show yet, 0 to 1. */
  pending: number;
}

/** Scrolls the list: `steps` pixels each frame for so many milliseconds, or from its top to its end with null. */
export function scrollList(page: Page, step: number | null, duration: number): Promise<Scrolled> {
  return page.evaluate(scroll, { step, duration });
}

function scroll({ step, duration }: { step: number | null; duration: number }): Promise<Scrolled> {
  const list = document.querySelector<HTMLElement>('.list');
  if (!list) throw new Error('There is no list.');
  list.scrollTop = 0;
  const whole = list.scrollHeight - list.clientHeight;
  return new Promise(resolve => {
    const frames: number[] = [];
    let pending = 0;
    let startedAt: number | null = null;
    let before = 0;
    const frame = (now: number) => {
      if (startedAt === null) startedAt = now;
      else {
        frames.push(now - before);
        if (document.querySelector('.row-pending')) pending += 1;
      }
      before = now;
      const passed = now - startedAt;
      if (passed > duration) {
        resolve({
          fps: frames.length / (passed / 1000),
          late: frames.filter(ms => ms > 50).length,
          longest: Math.max(...frames),
          pending: pending / frames.length,
        });
        return;
      }
      list.scrollTop = step === null ? (whole * passed) / duration : list.scrollTop + step;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
