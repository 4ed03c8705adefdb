import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { eventually, tick } from '../support/eventually.ts';

const app = testApp();

const field = (page: Page) => page.getByRole('searchbox', { name: 'Search all mail' });
const results = (page: Page) => page.getByRole('list', { name: 'Search results' }).getByRole('listitem');
const READY = /^All \d+ messages on this device can be found\.$/;

/** Opens the search page by its key, and waits until all that is on the device can be found. */
async function openSearch(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.keyboard.press('/');
  await field(page).waitFor();
  await page.getByText(READY).waitFor();
}

/** Whether the file of the index lies on this device. */
const indexIsHere = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle('.mailferry-search').then(
      () => true,
      () => false,
    );
  });

test('finds what is on the device as it is typed, in every tab, offline and from a cold start', async () => {
  const { context, page } = await app.device();
  await openSearch(page);
  await context.setOffline(true);
  await page.reload();
  await page.getByText(READY).waitFor();

  // By the beginning of a word, and only in what was asked for; marked where it is.
  await field(page).pressSequentially('lowered cei');
  // What was found for fewer letters may be shown for a moment.
  await eventually(() => results(page).locator('mark').allTextContents(), ['lowered', 'cei']);
  await eventually(() => results(page).count(), 1);
  await page.getByText(/^1 result in \d+ messages on this device\.$/).waitFor();
  await field(page).fill('from:lowered');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();

  // A message opens beside the results, and the way back leads to them.
  await field(page).fill('lowered from:ada');
  await results(page).getByRole('link').click();
  await page.getByRole('article', { name: /^Opening night/ }).waitFor();
  await page.waitForURL(/\/search\/[^/]+\/[^/?]+\?q=lowered%20from%3Aada$/);
  await page.keyboard.press('Escape');
  await page.getByRole('article').waitFor({ state: 'detached' });
  await eventually(() => field(page).inputValue(), 'lowered from:ada');

  // Another tab asks the one that has the index; when that is closed it takes over.
  const other = await context.newPage();
  await other.goto(`${app.cloud.url}/search?q=lowered`);
  await results(other).first().waitFor();
  await page.close();
  await field(other).fill('subject:tide');
  const found = results(other).filter({ hasText: 'Tide' }).first();
  await found.waitFor();

  // Suggestions narrow the search; a star that is taken here is found here.
  await tick(found.getByRole('checkbox'));
  await other.getByRole('button', { name: 'Starred' }).click();
  await eventually(() => field(other).inputValue(), 'subject:tide is:starred ');
  await other.waitForFunction(() => {
    const stars = [...document.querySelectorAll<HTMLInputElement>('.result .row-star input')];
    return stars.length > 0 && stars.every(star => star.checked);
  });
});

test('signing out leaves no index behind', async () => {
  const { context, page } = await app.device();
  await openSearch(page);
  await eventually(() => indexIsHere(page), true);
  await page.goto(`${app.cloud.url}/accounts`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign out of Mailferry?' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await eventually(() => indexIsHere(page), false);
  await context.close();
});

test('without a place for the index the server searches', async () => {
  const { context, page } = await app.device();
  // As in a private window: the worker is refused its folder.
  await context.route('**/assets/search/worker-*.js', async route => {
    const answer = await route.fetch();
    const refusal = 'StorageManager.prototype.getDirectory = () => Promise.reject(new Error("private"));\n';
    await route.fulfill({ response: answer, body: refusal + (await answer.text()) });
  });
  await page.evaluate(async () => caches.delete('mailferry-search'));
  await page.goto(`${app.cloud.url}/search?q=lowered`);
  await page.getByText(/^This browser keeps no search index here/).waitFor();
  await results(page).first().waitFor();
  await eventually(() => results(page).count(), 1);
  // The service worker may have kept the worker that is refused.
  await page.evaluate(async () => caches.delete('mailferry-search'));
});

test('what is not on the device is found at the server, shown and opened', async () => {
  const { context, page } = await app.device();
  await openSearch(page);
  // Nothing of the mail is on this device, as at the beginning of a first download.
  await page.evaluate(async () => {
    const request = indexedDB.open('mailferry');
    await new Promise(resolve => {
      request.onsuccess = resolve;
    });
    const transaction = request.result.transaction(['emails', 'bodies', 'feeds', 'unindexed'], 'readwrite');
    const keys = transaction.objectStore('emails').getAllKeys();
    await new Promise(resolve => {
      keys.onsuccess = resolve;
    });
    const feeds = transaction.objectStore('feeds').getAll();
    await new Promise(resolve => {
      feeds.onsuccess = resolve;
    });
    for (const feed of feeds.result) {
      transaction.objectStore('feeds').put({ ...feed, listing: { anchor: null, fetched: 0, total: null } });
    }
    for (const [accountId, id] of keys.result as [string, string][]) {
      transaction.objectStore('emails').delete([accountId, id]);
      transaction.objectStore('bodies').delete([accountId, id]);
      transaction.objectStore('unindexed').put({ accountId, id, at: '', mark: 1 });
    }
    await new Promise(resolve => {
      transaction.oncomplete = resolve;
    });
    request.result.close();
  });
  // Nothing of the feed comes in between: only what is asked for by the search.
  await page.route('**/jmap/api', async route => {
    const body = route.request().postData() ?? '';
    await (body.includes('SearchSnippet/get') || !body.includes('Email/query')
      ? route.continue()
      : route.abort());
  });
  await page.reload();
  await field(page).fill('lowered');
  await page.getByText(/… and at the server\.$/).waitFor();
  await eventually(() => results(page).locator('mark').allTextContents(), ['lowered']);
  await results(page).getByRole('link').click();
  await page
    .getByRole('article', { name: /^Opening night/ })
    .locator('.mail-frame, .plain')
    .first()
    .waitFor();
  // The device is of no use to others.
  await context.close();
});
