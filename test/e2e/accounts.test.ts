import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { waitUntilDownloaded } from '../support/browser.ts';
import { eventually, tick } from '../support/eventually.ts';
import { listCount, openMessage } from '../support/message-list.ts';

const app = testApp();

test('an account whose password was changed takes the new one, and keeps its mail', async () => {
  const { page } = await app.device();
  await page.goto(`${app.cloud.url}/accounts`);
  await page.getByRole('link', { name: 'Details of Mara (IMAP)' }).click();
  const save = async (password: string) => {
    await page.getByRole('main').getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Save' }).click();
  };
  await save('no longer valid');
  await page.getByText('Needs your attention').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Settings', exact: true }).click();
  await eventually(() => page.getByLabel('Mail server').inputValue(), app.cloud.demo().mail.imap.host);
  await eventually(() => page.getByLabel('Password').inputValue(), '');
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByRole('alert').getByText('The server refused the user name or the password.').waitFor();
  await page.goBack();
  await save(app.cloud.demo().mail.imap.password);
  await page.getByText('Working').waitFor();
  await page.getByText(/(\d+) of \1 messages readable offline/).waitFor();
});

test('a star given in one tab shows in another', async () => {
  const { context, page } = await app.device();
  const other = await context.newPage();
  await other.goto(app.cloud.url);
  const star = (tab: Page) => tab.getByRole('checkbox', { name: 'Starred: Udsigten lige nu' });
  await star(other).waitFor();
  await tick(star(page));
  await other.waitForFunction(() => {
    const box = document.querySelector<HTMLInputElement>('input[aria-label="Starred: Udsigten lige nu"]');
    return box?.checked === true;
  });
});

/** What the browser keeps about the sign-in. */
async function changeTokens(page: Page, change: Record<string, unknown>): Promise<string> {
  return page.evaluate(async wanted => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('mailferry');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const store = db.transaction('settings', 'readwrite').objectStore('settings');
    return new Promise<string>(resolve => {
      const request = store.get('tokens');
      request.onsuccess = () => {
        store.put({ ...request.result, ...wanted }, 'tokens');
        store.transaction.oncomplete = () => {
          db.close();
          resolve(request.result.accessToken);
        };
      };
    });
  }, change);
}

test('a token that ran out is renewed once for all tabs; without a new one mail stays readable', async () => {
  const { context, page } = await app.device();
  const renewals: string[] = [];
  context.on('request', request => {
    if (new URL(request.url()).pathname.endsWith('/token')) renewals.push(request.url());
  });
  // Where the app is not at work: a renewal that is under way would be cut off by the next page.
  await page.goto(`${app.cloud.url}/favicon.svg`);
  const old = await changeTokens(page, { expiresAt: 0 });
  const second = await context.newPage();
  await Promise.all([page.goto(app.cloud.url), second.goto(app.cloud.url)]);
  await eventually(async () => (await changeTokens(page, {})) !== old, true);
  // A second renewal would come at once.
  await page.waitForTimeout(1000);
  assert.equal(renewals.length, 1);
  assert.equal(await page.getByText('Sign in again').count(), 0);
  await second.close();

  await page.goto(`${app.cloud.url}/favicon.svg`);
  await changeTokens(page, { accessToken: 'stale', refreshToken: 'stale' });
  await page.goto(app.cloud.url);
  await page.getByText('Sign in again to receive new mail.').waitFor();
  await openMessage(page, 'Opening night');
  await page.getByText('1 change waiting until you sign in').waitFor();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Sign in again to receive new mail.').waitFor({ state: 'detached' });
  await page.getByText('waiting until you sign in').waitFor({ state: 'detached' });
});

test('signing out leaves nothing on the device and in no tab, and ends the session at the provider', async () => {
  const { context, page } = await app.device();
  const other = await context.newPage();
  await other.goto(app.cloud.url);
  await other.getByRole('link', { name: 'Opening night' }).waitFor();
  await page.goto(`${app.cloud.url}/accounts`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign out of Mailferry?' }).waitFor();
  await other.getByRole('button', { name: 'Sign in' }).waitFor();
  await other.getByText('Opening night').first().waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const left = await page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const text = await new Promise<number>(resolve => {
      const request = indexedDB.open('mailferry');
      request.onsuccess = () => {
        const db = request.result;
        if (!db.objectStoreNames.contains('emails')) return resolve(0);
        const count = db.transaction('emails').objectStore('emails').count();
        count.onsuccess = () => resolve(count.result);
      };
    });
    return { names, text, blobs: await caches.has('mailferry-blobs') };
  });
  assert.equal(left.text, 0);
  assert.equal(left.blobs, false);
  await context.close();
});

async function fillIn(page: Page): Promise<void> {
  const { host, port, username } = app.cloud.demo().mail.pop;
  await page.getByRole('radio', { name: /^POP/ }).check();
  await page.getByLabel('E-mail address').fill('mara@example.com');
  await page.getByLabel('Account name').fill('My POP mail');
  await page.getByLabel('Mail server').fill(host);
  await page.getByLabel('Security').selectOption({ label: 'None (not encrypted)' });
  await page.getByLabel('Port').fill(String(port));
  await page.getByLabel('User name').fill(username);
}

/** Rows and blobs of an account that are on the device. */
function leftOf(page: Page, accountId: string): Promise<string[]> {
  return page.evaluate(async id => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('mailferry');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const left: string[] = [];
    for (const name of db.objectStoreNames) {
      const rows = await new Promise<unknown[]>(resolve => {
        const request = db.transaction(name).objectStore(name).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      if (JSON.stringify(rows).includes(id)) left.push(name);
    }
    db.close();
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) if (url.includes(id)) left.push(url);
    }
    return left;
  }, accountId);
}

test('an account can be removed, tried with a wrong password, and added again', async () => {
  const { page } = await app.device();
  const before = await listCount(page);
  await page.goto(`${app.cloud.url}/accounts`);
  await page.getByRole('link', { name: 'Details of Mara (POP)' }).click();
  await page.getByRole('button', { name: 'Remove account…' }).click();
  const accountId = new URL(page.url()).pathname.split('/')[2] ?? '';
  assert.notDeepEqual(await leftOf(page, accountId), []);
  await page.getByRole('dialog').getByText('The mail at your mail server stays as it is.').waitFor();
  await page.getByRole('button', { name: 'Remove account', exact: true }).click();
  await page.getByText('Mara (POP) was removed, from this device too.').waitFor();
  await page.getByRole('heading', { name: 'Mara (POP)' }).first().waitFor({ state: 'detached' });
  // A download that was under way may put down one thing more, which the next look takes away.
  await eventually(() => leftOf(page, accountId), []);
  // The inbox opens with what it showed last.
  await page.goto(`${app.cloud.url}/inbox`);
  await eventually(async () => (await listCount(page)) < before, true);
  assert.ok((await listCount(page)) > 0, 'the other account is here');

  await page.goto(`${app.cloud.url}/accounts`);
  await page.getByRole('button', { name: 'Add account' }).click();
  await page.getByRole('button', { name: 'Enter the server myself' }).click();
  await fillIn(page);
  const connect = async (password: string) => {
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Connect' }).click();
  };
  await connect('wrong');
  const refused = page.getByRole('alert');
  await refused.getByText('The server refused the user name or the password.').waitFor();
  await refused.getByText(/app password/).waitFor();
  await connect(app.cloud.demo().mail.pop.password);
  const begun = Date.now();
  await page.locator('.first-row').first().waitFor();
  const waited = Date.now() - begun;
  assert.ok(waited < 10_000, `the first message came after ${waited} ms`);
  await page.getByText(/^(\d+) of \1 messages are stored$/).waitFor();
  await page.getByRole('link', { name: 'Go to the inbox' }).click();
  await page.locator('.row-link').first().waitFor();
  await waitUntilDownloaded(page);
  await page.goto(`${app.cloud.url}/inbox`);
  // The first pull of the account that was added may still go on.
  await page
    .locator('.bar-note')
    .getByText(new RegExp(`^${before} `))
    .waitFor();
});
