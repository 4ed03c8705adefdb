import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { dropMail, htmlMail } from '../support/mail-drop.ts';
import { type PushMessage, pushReceiver, pushService } from '../support/push-service.ts';
import { problems } from './axe.ts';

const app = testApp();

/** The browser's own push service is out of reach here: the test is it, on loopback. */
async function withPushService(page: Page, endpoint: string, keys: { p256dh: string; auth: string }) {
  // As text: what compiles the test gives functions names by a helper that the page does not have.
  await page.addInitScript(`{
    const [endpoint, keys] = ${JSON.stringify([endpoint, keys])};
    let current = null;
    PushManager.prototype.getSubscription = async () => current;
    PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
      if (applicationServerKey.length !== 65 || !userVisibleOnly) throw new TypeError('options');
      const unsubscribe = async () => Boolean((current = null)) || true;
      return (current = { endpoint, toJSON: () => ({ endpoint, keys }), unsubscribe });
    };
  }`);
}

/** The service worker as the browser drives it: what it is pushed, and what it shows. */
async function worker(context: BrowserContext, page: Page) {
  const session: CDPSession = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  const found = new Promise<string>(resolve => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(origin));
      if (own) resolve(own.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await found;
  const [sw] = context.serviceWorkers();
  if (!sw) throw new Error('There is no service worker.');
  const shown = () =>
    sw.evaluate(async () => {
      const { registration } = self as unknown as ServiceWorkerGlobalScope;
      const all = await registration.getNotifications();
      return all.map(({ title, body, tag, silent, data }) => ({ title, body, tag, silent, data }));
    });
  return {
    sw,
    async push(data: object) {
      const message = { origin, registrationId, data: JSON.stringify(data) };
      await session.send('ServiceWorker.deliverPushMessage', message);
    },
    /** What is shown, once one of them has this title. */
    async shows(title: string) {
      for (let tries = 0; tries < 150; tries += 1) {
        const all = await shown();
        if (all.some(one => one.title === title)) return all;
        await sleep(100);
      }
      throw new Error(`There is no notification ${title}, but: ${JSON.stringify(await shown())}`);
    },
    clear: () =>
      sw.evaluate(async () => {
        const { registration } = self as unknown as ServiceWorkerGlobalScope;
        for (const notification of await registration.getNotifications()) notification.close();
      }),
  };
}

/** The next message that the push service gets. */
async function next(service: Awaited<ReturnType<typeof pushService>>): Promise<PushMessage> {
  for (let tries = 0; tries < 300; tries += 1) {
    const message = service.got.shift();
    if (message) return message;
    await sleep(100);
  }
  throw new Error('Nothing was pushed.');
}

test('a person turns notifications on, new mail is told by sender and subject, and a click opens it', async t => {
  const service = await pushService(t);
  const receiver = pushReceiver();
  const { context, page } = await app.signedIn();
  await page.getByRole('link', { name: 'Notifications' }).waitFor();
  const { origin } = new URL(page.url());
  await context.grantPermissions(['notifications'], { origin });
  await withPushService(page, `${service.url}/device`, receiver.keys);
  await page.goto(`${origin}/notifications`);
  const device = await worker(context, page);
  await page.getByLabel('Tell me about new mail on this device').click();
  await page.getByText('Waiting for the first notification').waitFor();
  await device.push(receiver.read(await next(service)));
  await page.getByText('Notifications are on.').waitFor();
  await device.shows('Notifications are on');
  await device.clear();
  await page.getByLabel('Keep quiet at certain hours').waitFor();
  await page.getByRole('group').filter({ hasText: 'Mara (IMAP)' }).waitFor();
  await page.getByLabel('Keep quiet at certain hours').click();
  await page.locator('.quiet-times').waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await problems(page), []);
  }
  await page.getByLabel('Keep quiet at certain hours').click();
  // The hours go when the device has stored the choice; a page that is left before could take it along.
  await page.locator('.quiet-times').waitFor({ state: 'detached' });

  // The app is closed; mail comes to the server, and the server pushes.
  await page.goto('about:blank');
  await dropMail(app.cloud.demo(), [htmlMail('Lighthouse at noon', '<p>The lamp is lit.</p>')]);
  const pushed = receiver.read(await next(service));
  assert.equal(pushed['@type'], 'StateChange');
  assert.equal(JSON.stringify(pushed).includes('Lighthouse'), false, 'nothing readable');
  await device.push(pushed);
  const all = await device.shows('Mallory');
  const told = all.find(({ title }) => title === 'Mallory');
  assert.equal(told?.body, 'Lighthouse at noon');
  await device.clear();

  // What was told is not told again, and whoever closed the app can still be asked to look.
  await device.push(pushed);
  await device.shows('Your mail is up to date');
  await page.goto(`${origin}${told?.data.path}`);
  await page.getByRole('article', { name: 'Lighthouse at noon' }).waitFor();

  await page.goto(`${origin}/notifications`);
  await page.getByLabel('Tell me about new mail on this device').click();
  await page.getByText('Notifications are on.').waitFor({ state: 'detached' });
});
