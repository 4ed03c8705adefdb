/// <reference lib="webworker" />
import type { Id, PushVerification, StateChange } from '../../../functions/jmap/types.ts';
import { pullAccounts } from '../mailbox/accounts.ts';
import { type Database, mailbox } from '../mailbox/db.ts';
import { pullChanges } from '../mailbox/feed.ts';
import { accountLock, exclusively } from '../mailbox/locks.ts';
import { call } from '../mailbox/server.ts';
import { readSetting } from '../mailbox/settings.ts';
import { isSignedIn } from '../session/tokens.ts';
import { preferredLanguage } from '../words/language.ts';
import { speak } from '../words/words.ts';
import { showBadge } from './badge.ts';
import { readChoices } from './choices.ts';
import { takeNews } from './news.ts';
import { emptyNotice, type Notice, noticesOf, readyNotice } from './notification.ts';
import { verify } from './subscription.ts';

declare const self: ServiceWorkerGlobalScope;

/** A push has to be answered by a notification soon: what the server does not say by then is not waited for, in ms. */
const TIME = 20_000;

/** What one push asks of the service worker: RFC 8620 sections 7.1 and 7.2.2. Never throws. */
export async function receive(data: unknown): Promise<void> {
  await speak((await readSetting('language')) ?? preferredLanguage(navigator.languages)).catch(() => {});
  if (!(await isSignedIn())) return show(emptyNotice(false));
  if (isVerification(data)) {
    await verify(data.pushSubscriptionId, data.verificationCode).catch(() => {});
    return show(readyNotice());
  }
  const accounts = isStateChange(data) ? Object.keys(data.changed) : [];
  const reached = await inTime(pull(accounts));
  await showBadge().catch(() => {});
  const notices = noticesOf(await takeNews(await mailbox(), await readChoices()));
  // Who looks at the app sees the mail there.
  if ((await isLookedAt()) && !punishesSilence()) return;
  for (const notice of notices.length > 0 ? notices : [emptyNotice(reached)]) await show(notice);
}

/** Brings what the feed keeps up to date, as a look of the app does; false where the server could not be reached. */
async function pull(accountIds: readonly Id[]): Promise<boolean> {
  try {
    const db = await mailbox();
    for (const id of accountIds) await pullOne(db, id);
    return true;
  } catch {
    return false;
  }
}

async function pullOne(db: Database, id: Id): Promise<void> {
  if (!(await db.get('accounts', id))) await pullAccounts(db, call);
  if (!(await db.get('accounts', id))) return;
  await exclusively(accountLock(id), () => pullChanges(db, id, call));
}

/** False when it takes too long; what was begun goes on, as long as the browser lets it. */
function inTime(work: Promise<boolean>): Promise<boolean> {
  return Promise.race([work, new Promise<boolean>(resolve => setTimeout(resolve, TIME, false))]);
}

async function isLookedAt(): Promise<boolean> {
  const windows = await self.clients.matchAll({ type: 'window' });
  return windows.some(client => client.visibilityState === 'visible');
}

/** Safari takes the permission away from an app whose pushes show nothing, whoever looks. */
const punishesSilence = () =>
  /AppleWebKit/.test(navigator.userAgent) && !/Chrom(e|ium)\//.test(navigator.userAgent);

/** Notifications of Chromium have more than the TypeScript library knows. */
interface Options extends NotificationOptions {
  timestamp?: number;
}

function show({ title, body, tag, path, silent, at }: Notice): Promise<void> {
  const options: Options = {
    ...{ body, tag, silent, data: { path }, icon: '/icon-192.png', dir: 'auto' },
    ...(at !== undefined && { timestamp: at }),
  };
  return self.registration.showNotification(title, options);
}

/** Opens what a notification is about: in the window that is there, else in a new one. */
export async function open(notification: Notification): Promise<void> {
  notification.close();
  const { path = '/inbox' } = (notification.data ?? {}) as { path?: string };
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const [window] = windows.toSorted((a, b) => Number(b.focused) - Number(a.focused));
  if (!window) {
    await self.clients.openWindow(url.href);
    return;
  }
  await window.focus().catch(() => {});
  window.postMessage({ type: 'open', path: url.pathname });
}

function isVerification(data: unknown): data is PushVerification {
  const { pushSubscriptionId, verificationCode } = (data ?? {}) as Partial<PushVerification>;
  return typeof pushSubscriptionId === 'string' && typeof verificationCode === 'string';
}

function isStateChange(data: unknown): data is StateChange {
  const { '@type': type, changed } = (data ?? {}) as Partial<StateChange>;
  return type === 'StateChange' && typeof changed === 'object' && changed !== null;
}
