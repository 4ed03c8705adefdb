import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { waitUntilDownloaded } from '../support/browser.ts';
import { eventually, tick } from '../support/eventually.ts';
import { openMessage } from '../support/message-list.ts';
import { problems } from './axe.ts';

const app = testApp();
const SUBJECT = 'The Tide Table No. 118';

/** Runs a request on a store of the device's database, in a page of its origin. */
function inStore(page: Page, store: string, method: 'count' | 'getAll' | 'put', args: unknown[] = []) {
  return page.evaluate(
    async ([name, call, values]) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('mailferry');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const rows = db.transaction(name, 'readwrite').objectStore(name) as unknown as Record<
        string,
        (...values: unknown[]) => IDBRequest
      >;
      const request = rows[call]?.(...values) as IDBRequest;
      const answer = await new Promise(resolve => {
        request.onsuccess = () => resolve(request.result);
      });
      db.close();
      return answer;
    },
    [store, method, args] as const,
  );
}

const outboxSize = async (page: Page) => (await inStore(page, 'outbox', 'count')) as number;
const bodies = async (page: Page) => (await inStore(page, 'bodies', 'count')) as number;

async function openBudget(page: Page, account: string): Promise<void> {
  await page.goto(`${app.cloud.url}/accounts`);
  await page.getByRole('link', { name: `Details of ${account}` }).click();
  await page.getByRole('link', { name: /^On this device/ }).click();
  await page.getByRole('heading', { name: 'On this device', level: 1 }).waitFor();
}

/** How many messages the budget page says can be read. */
async function readable(page: Page): Promise<number> {
  const text = await page.getByText(/of .* messages? readable offline/).textContent();
  return Number.parseInt((text ?? '').replaceAll(',', ''), 10);
}

async function until(what: string, is: () => Promise<boolean>): Promise<void> {
  await eventually(is, true, what);
}

async function star(page: Page, subject: string): Promise<void> {
  const article = await openMessage(page, subject);
  await article.getByRole('button', { name: 'Star', exact: true }).click();
  await article.getByRole('button', { name: 'Remove star' }).waitFor();
}

test('a person chooses what the device keeps, nothing kept goes when room is short, and wiped mail comes back', async () => {
  const { context, page } = await app.signedIn();
  await waitUntilDownloaded(page);
  const before = await bodies(page);
  await openBudget(page, 'Mara (IMAP)');
  const all = await readable(page);
  await page
    .getByText(/^about .* for \d+ messages$/)
    .first()
    .waitFor();
  // From its own menu, and it shows among what is kept.
  const mailboxes = page.getByRole('region', { name: 'Mara (IMAP)' });
  await mailboxes.getByRole('button', { name: 'Change the mailbox Archive' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep this mailbox offline' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kept offline' }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Archive Kept offline' }).waitFor();
  await tick(page.getByRole('radio', { name: /^The last 7 days/ }));
  await until('older messages go', async () => (await readable(page)) < all);
  const keeping = (await inStore(page, 'keeping', 'getAll')) as { pinned: { mailboxes: string[] } }[];
  const pinned = keeping[0]?.pinned.mailboxes[0] ?? '';
  const archived = async () => {
    const rows = (await inStore(page, 'emails', 'getAll')) as { mailboxIds: object; kept?: unknown }[];
    return rows.filter(row => pinned in row.mailboxIds);
  };
  assert.ok((await archived()).length > 0, 'the archive has messages');
  assert.ok(
    (await archived()).every(row => row.kept),
    'all of the archive stays',
  );

  // The page works without a network, from a cold start.
  await context.setOffline(true);
  await page.reload();
  await tick(page.getByRole('radio', { name: /^Everything/ }));
  await context.setOffline(false);
  await until('all messages come back', async () => (await readable(page)) === all);

  // The browser has little room: the oldest go, and what is kept stays.
  await page.addInitScript('navigator.storage.estimate = async () => ({ usage: 99e6, quota: 1e8 })');
  await page.reload();
  await page
    .getByText(/This device is short of room/)
    .first()
    .waitFor();
  await until('all else goes', async () => (await bodies(page)) === (await archived()).length);
  assert.ok(
    (await archived()).every(row => row.kept),
    'all of the archive stays',
  );

  // The browser removes everything.
  const cdp = await context.newCDPSession(page);
  const storageTypes = 'indexeddb,cache_storage,service_workers';
  await cdp.send('Storage.clearDataForOrigin', { origin: app.cloud.url, storageTypes });
  const fresh = await context.newPage();
  await page.close();
  await fresh.goto(app.cloud.url);
  await fresh.getByText(/The browser removed the mail that was kept on this device/).waitFor();
  await fresh.getByRole('button', { name: 'Sign in' }).click();
  await fresh.getByRole('link', { name: SUBJECT }).waitFor();
  await until('all bodies are back', async () => (await bodies(fresh)) === before);
});

test('an iPhone is offered to install first; somebody else who signs in is asked before mail and changes go', async () => {
  const { page } = await app.signedIn({
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Safari/604.1',
    viewport: { width: 390, height: 844 },
  });
  await page.getByText(/Add to Home Screen/).waitFor();
  await page.getByText(/^Only the newest messages are here/).waitFor();
  await page.getByRole('button', { name: 'Stay in the browser' }).click();
  await page.getByText(/Add to Home Screen/).waitFor({ state: 'detached' });
  const revoked = { accessToken: 'x', refreshToken: 'x', expiresAt: 0 };
  await inStore(page, 'settings', 'put', [revoked, 'tokens']);
  await inStore(page, 'settings', 'put', ['somebody-else', 'subject']);
  await star(page, SUBJECT);
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.getByText(/changes? waiting until you sign in/).waitFor();
  const pending = 2;
  await eventually(() => outboxSize(page), pending, 'that it was read and starred waits');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'This device has the mail of somebody else' }).waitFor();
  await page.getByRole('link', { name: 'Keep it as it is' }).click();
  await page.getByRole('link', { name: SUBJECT }).waitFor();
  await eventually(() => outboxSize(page), pending);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Remove it and go on' }).click();
  await page.getByRole('link', { name: SUBJECT }).waitFor();
  await eventually(() => outboxSize(page), 0);
});

test('on a metered connection only lists come until more is wanted; what is done offline is sent when the app is closed', async () => {
  const context = await app.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  await context.addInitScript(
    'Object.defineProperty(navigator, "connection", { value: Object.assign(new EventTarget(), { saveData: true }) })',
  );
  const page = await context.newPage();
  await page.goto(app.cloud.url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByText(/^Saving data: only lists are downloaded/)
    .first()
    .waitFor();
  assert.equal(await bodies(page), 0);
  await openMessage(page, SUBJECT);
  assert.ok((await bodies(page)) <= 2, 'only what was opened is here');
  await page.evaluate(`dispatchEvent(Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
    prompt: async () => {}, userChoice: Promise.resolve({ outcome: 'accepted' }) }))`);
  await page.getByRole('button', { name: 'Install', exact: true }).click();
  await page.getByRole('heading', { name: 'Install Mailferry' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Download all now' }).click();
  const emails = (await inStore(page, 'emails', 'count')) as number;
  await until('all bodies are here', async () => (await bodies(page)) === emails);

  await page.evaluate('navigator.serviceWorker.ready.then(() => null)');
  await context.setOffline(true);
  await star(page, 'Two from the pier');
  const asked = 'navigator.serviceWorker.ready.then(({ sync }) => sync.getTags())';
  await until('the browser is asked to send it later', async () => {
    // A browser that thinks it is online tries at once.
    return ((await page.evaluate(asked)) as string[]).includes('outbox') || (await outboxSize(page)) === 0;
  });
  const other = await context.newPage();
  const cdp = await context.newCDPSession(other);
  await page.close();
  await context.setOffline(false);
  await other.goto(`${app.cloud.url}/favicon.svg`);
  const registration = new Promise<string>(resolve => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [first] }) => {
      if (first) resolve(first.registrationId);
    });
  });
  await cdp.send('ServiceWorker.enable');
  const sync = { origin: app.cloud.url, registrationId: await registration, tag: 'outbox', lastChance: true };
  await cdp.send('ServiceWorker.dispatchSyncEvent', sync);
  await until('the outbox is empty', async () => (await outboxSize(other)) === 0);
});

/** Opens the database as a newer version would, and leaves it so. */
const UPGRADE = `new Promise((resolve, reject) => {
  const request = indexedDB.open('mailferry', 99);
  request.onsuccess = () => resolve(request.result.close());
  request.onerror = () => reject(request.error);
})`;

test('a new version takes over with what waits, in every tab; what cannot be opened is said, and rebuilt', async () => {
  const { context, page } = await app.signedIn();
  await waitUntilDownloaded(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const settings = async (tab: Page) => {
    await tab.getByRole('link', { name: 'Settings' }).click();
    return tab.getByRole('heading', { name: 'Settings', level: 1 });
  };
  // A part of the app that does not come says so, and is tried again.
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.setBypassServiceWorker', { bypass: true });
  await page.route('**/assets/settings-*.js', route => route.abort());
  await settings(page);
  await page.getByRole('heading', { name: 'This page could not be loaded' }).waitFor();
  await page.unroute('**/assets/settings-*.js');
  await page.getByRole('button', { name: 'Try again' }).click();
  await (await settings(page)).waitFor();
  await cdp.send('Network.setBypassServiceWorker', { bypass: false });

  const other = await context.newPage();
  await other.goto(app.cloud.url);
  await other.getByRole('heading', { name: 'All inboxes' }).waitFor();
  // A tab at which nobody looks.
  const hidden = await context.newPage();
  await hidden.addInitScript(`Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })`);
  await hidden.goto(app.cloud.url);
  await hidden.getByRole('heading', { name: 'All inboxes' }).waitFor();
  await page.goto(app.cloud.url);
  await inStore(page, 'settings', 'put', [{ accessToken: 'x', refreshToken: 'x', expiresAt: 0 }, 'tokens']);
  await star(page, SUBJECT);
  const pending = await outboxSize(page);
  assert.ok(pending > 0, 'a change waits');
  await app.cloud.release();
  await page.evaluate(
    'navigator.serviceWorker.getRegistration().then(found => found.update()).then(() => null)',
  );
  await page.getByText('A new version of Mailferry is ready.').first().waitFor();
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Update', exact: true }).first().click();
  const isNext = () => document.querySelector('script[src*="-next"]') !== null;
  await page.waitForFunction(isNext);
  await hidden.waitForFunction(isNext);
  await hidden.close();
  await page.getByRole('article', { name: SUBJECT }).getByRole('button', { name: 'Remove star' }).waitFor();
  assert.equal(await outboxSize(page), pending, 'nothing that waits is lost');
  // The other tab has the old version still, whose files are gone, and there is no network.
  await cdp.send('Network.clearBrowserCache');
  await (await settings(other)).waitFor();
  await other.waitForFunction(isNext);
  await other.close();
  await context.setOffline(false);

  await page.evaluate(UPGRADE);
  await page.getByRole('heading', { name: 'A newer version stored this mail' }).waitFor();
  await page
    .getByText(/changes? that (has|have) not reached the server can be read, and (is|are) kept/)
    .waitFor();
  assert.deepEqual(await problems(page), []);
  await page.getByRole('button', { name: 'Rebuild from the server' }).click();
  await page.getByRole('button', { name: 'Sign in' }).click();
  const again = await openMessage(page, SUBJECT);
  await again.getByRole('button', { name: 'Remove star' }).waitFor();
  await until('what waited is sent', async () => (await outboxSize(page)) === 0);

  await page.addInitScript(`indexedDB.open = () => { throw new DOMException('damaged', 'UnknownError'); }`);
  await page.reload();
  await page.getByRole('heading', { name: 'The mail on this device cannot be opened' }).waitFor();
  await page.getByText('You will have to sign in again.').waitFor();
});
