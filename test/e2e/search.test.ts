import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { waitUntilDownloaded } from '../support/browser.ts';

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
  const { context, page } = await app.signedIn();
  await waitUntilDownloaded(page);
  await openSearch(page);
  await context.setOffline(true);
  await page.reload();
  await page.getByText(READY).waitFor();

  // By the beginning of a word, and only in what was asked for; marked where it is.
  await field(page).pressSequentially('lowered cei');
  // What was found for fewer letters may be shown for a moment.
  await results(page).locator('mark').getByText('cei', { exact: true }).waitFor();
  assert.equal(await results(page).count(), 1);
  assert.deepEqual(await results(page).locator('mark').allTextContents(), ['lowered', 'cei']);
  await page.getByText(/^1 result in \d+ messages on this device\.$/).waitFor();
  await field(page).fill('from:lowered');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();

  // A message opens beside the results, and the way back leads to them.
  await field(page).fill('lowered from:ada');
  await results(page).getByRole('link').click();
  await page.getByRole('article', { name: /^Opening night/ }).waitFor();
  assert.match(page.url(), /\/search\/[^/]+\/[^/?]+\?q=lowered%20from%3Aada$/);
  await page.keyboard.press('Escape');
  await page.getByRole('article').waitFor({ state: 'detached' });
  assert.equal(await field(page).inputValue(), 'lowered from:ada');

  // Another tab asks the one that has the index; when that is closed it takes over.
  const other = await context.newPage();
  await other.goto(`${app.cloud.url}/search?q=lowered`);
  await results(other).first().waitFor();
  await page.close();
  await field(other).fill('subject:tide');
  await results(other).first().waitFor();

  // Suggestions narrow the search; a star that is taken here is found here.
  await results(other).first().getByRole('checkbox').check();
  await other.getByRole('button', { name: 'Starred' }).click();
  assert.equal(await field(other).inputValue(), 'subject:tide is:starred ');
  await other.waitForFunction(() => {
    const stars = [...document.querySelectorAll<HTMLInputElement>('.result .row-star input')];
    return stars.length > 0 && stars.every(star => star.checked);
  });
});

test('what is not on the device is found at the server, shown and opened', async () => {
  const { page } = await app.signedIn();
  // Nothing of the mail is on this device, as at the beginning of a first download.
  await waitUntilDownloaded(page);
  await openSearch(page);
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
  assert.deepEqual(await results(page).locator('mark').allTextContents(), ['lowered']);
  await results(page).getByRole('link').click();
  await page
    .getByRole('article', { name: /^Opening night/ })
    .locator('.mail-frame, .plain')
    .first()
    .waitFor();
});

test('without a place for the index the server searches, and signing out leaves none behind', async () => {
  const { context, page } = await app.signedIn();
  await waitUntilDownloaded(page);
  await openSearch(page);
  assert.equal(await indexIsHere(page), true);
  await page.goto(`${app.cloud.url}/accounts`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign out of Mailferry?' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  assert.equal(await indexIsHere(page), false);
  await context.close();

  const closed = await app.signedIn();
  await waitUntilDownloaded(closed.page);
  // As in a private window: the worker is refused its folder.
  await closed.context.route('**/assets/search/worker-*.js', async route => {
    const answer = await route.fetch();
    const refusal = 'StorageManager.prototype.getDirectory = () => Promise.reject(new Error("private"));\n';
    await route.fulfill({ response: answer, body: refusal + (await answer.text()) });
  });
  await closed.page.evaluate(async () => caches.delete('mailferry-search'));
  await closed.page.goto(`${app.cloud.url}/search?q=lowered`);
  await closed.page.getByText(/^This browser keeps no search index here/).waitFor();
  await results(closed.page).first().waitFor();
  assert.equal(await results(closed.page).count(), 1);
});
