import {
  type Id,
  type PushSubscription as JmapSubscription,
  type SetError,
  WEBPUSH_VAPID,
} from '../../../functions/jmap/types.ts';
import { AppError } from '../errors.ts';
import { MethodRefused } from '../jmap/errors.ts';
import { exclusively } from '../mailbox/locks.ts';
import { announce } from '../mailbox/observe.ts';
import { call, renewSession } from '../mailbox/server.ts';
import { readSetting, writeSetting } from '../mailbox/settings.ts';

/** How this device is told of new mail. */
export interface PushState {
  /** Of the PushSubscription at the server (RFC 8620 section 7.2). */
  id: Id;
  /** Where the browser is reached. */
  endpoint: string;
  /** Whether the server's first push has come back to it. */
  verified: boolean;
  /** milliseconds since the epoch */
  expires: number;
  /** When the person turned it on, milliseconds since the epoch: mail from before is no news. */
  since: number;
}

/** Only mail that arrives: nobody is woken because a message was read elsewhere. */
const TYPES = ['EmailDelivery'];
/** A subscription is prolonged when it has less than this left, in milliseconds. */
const RENEW_BEFORE = 20 * 86_400_000;

export type PushProblem = 'unsupported' | 'denied' | 'no-service' | 'server-key';

/** Notifications cannot be had on this device as it is; `code` says what would have to change. */
export class PushUnavailable extends AppError {
  override name = 'PushUnavailable';
  declare readonly code: PushProblem;

  constructor(code: PushProblem, cause?: unknown) {
    super(code, `Notifications cannot be had: ${code}.`, { cause });
  }
}

/** Whether this browser can be pushed to at all. On an iPhone it can once the app is on the Home Screen. */
export function canPush(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in self && 'Notification' in self;
}

/**
 * Makes this device one that is told of new mail, once the person has allowed it. Mail from before `since` is not told.
 * The server's first push completes it; see `verify`.
 * @throws PushUnavailable, Unreachable, SignInNeeded, MethodRefused
 */
export async function turnOn(registration: ServiceWorkerRegistration, since = Date.now()): Promise<void> {
  await exclusively('push', async () => {
    const key = (await renewSession()).capabilities[WEBPUSH_VAPID] as
      | { applicationServerKey?: string }
      | undefined;
    if (!key?.applicationServerKey) throw new PushUnavailable('server-key');
    await forget();
    await subscribe(registration, key.applicationServerKey, since);
  });
}

/** Ends it, at the server as far as that can be reached, and in the browser. */
export async function turnOff(registration: ServiceWorkerRegistration | undefined): Promise<void> {
  await exclusively('push', async () => {
    await forget();
    await (await registration?.pushManager?.getSubscription())?.unsubscribe().catch(() => {});
  });
}

/** Completes a subscription with the code that was pushed to it, RFC 8620 section 7.2.2. */
export async function verify(id: Id, verificationCode: string): Promise<void> {
  const answers = await call([['PushSubscription/set', { update: { [id]: { verificationCode } } }, 'v']]);
  const { notUpdated } = answers.of<{ notUpdated: Record<Id, SetError> | null }>('v');
  if (notUpdated?.[id]) throw new MethodRefused(notUpdated[id].type, notUpdated[id].description ?? '');
  // The push may be quicker than the answer that names the subscription: whoever makes it has the lock.
  await exclusively('push', async () => {
    const state = await readSetting('push');
    if (state?.id === id) await store({ ...state, verified: true });
  });
}

/**
 * Keeps the subscription alive: prolongs it in time, and makes it anew where the browser or the server has dropped it.
 * Does nothing where the person does not want to be told.
 */
export async function keepSubscribed(
  registration: ServiceWorkerRegistration,
  now = Date.now(),
): Promise<void> {
  const state = await readSetting('push');
  if (!state) return;
  const current = await registration.pushManager.getSubscription();
  if (Notification.permission !== 'granted') return turnOff(registration);
  if (current?.endpoint !== state.endpoint) return turnOn(registration, state.since);
  if (state.expires - now > RENEW_BEFORE && state.verified) return;
  const answers = await call([
    ['PushSubscription/set', { update: { [state.id]: { expires: null } } }, 'k'],
    ['PushSubscription/get', { ids: [state.id] }, 'g'],
  ]);
  const [known] = answers.of<{ list: JmapSubscription[] }>('g').list;
  if (!known) return turnOn(registration, state.since);
  const verified = known.verificationCode !== null;
  await store({ ...state, expires: Date.parse(known.expires), verified });
}

async function subscribe(
  registration: ServiceWorkerRegistration,
  serverKey: string,
  since: number,
): Promise<void> {
  const subscription = await inBrowser(registration, serverKey);
  const { endpoint = '', keys } = subscription.toJSON();
  const create = { deviceClientId: await deviceClientId(), url: endpoint, keys, types: TYPES };
  const answers = await call([['PushSubscription/set', { create: { s: create } }, 's']]);
  const set = answers.of<{
    created: Record<string, { id: Id; expires: string }> | null;
    notCreated: Record<string, SetError> | null;
  }>('s');
  const made = set.created?.s;
  if (!made) {
    const error = set.notCreated?.s;
    throw new MethodRefused(error?.type ?? 'serverFail', error?.description ?? '');
  }
  await store({ id: made.id, endpoint, verified: false, expires: Date.parse(made.expires), since });
}

/** The browser's subscription for this server's key; one for another key is given up. */
async function inBrowser(
  registration: ServiceWorkerRegistration,
  serverKey: string,
): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: octetsOf(serverKey) };
  try {
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    const denied = error instanceof DOMException && error.name === 'NotAllowedError';
    throw new PushUnavailable(denied ? 'denied' : 'no-service', error);
  }
}

/** Takes the subscription from the server, if there is one; it ends by itself where that cannot be reached. */
async function forget(): Promise<void> {
  const state = await readSetting('push');
  if (!state) return;
  await call([['PushSubscription/set', { destroy: [state.id] }, 'f']]).catch(() => {});
  await store(null);
}

async function store(state: PushState | null): Promise<void> {
  await writeSetting('push', state);
  announce('status');
}

/** Names this install of the app, and tells nothing of the device. */
async function deviceClientId(): Promise<string> {
  const known = await readSetting('deviceClientId');
  if (known) return known;
  const made = `mailferry-${crypto.randomUUID()}`;
  await writeSetting('deviceClientId', made);
  return made;
}

function octetsOf(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, character => character.charCodeAt(0));
}
