import type { Services } from '../services.ts';
import { deletePushSubscription, type PushRow } from '../store/push-subscriptions.ts';
import { open } from '../store/vault.ts';
import { type PushAddress, pushUrl, sealedFor } from './address.ts';
import type { Changed } from './changes.ts';
import { type Delivery, deliver } from './deliver.ts';
import { encryptPush } from './encrypt.ts';
import { topicOf } from './pace.ts';
import { vapidHeader } from './vapid.ts';

/** How long a push service keeps a message for a device that is off, in seconds. */
const TTL = 86_400;
/** A verification is of use while the person who asked for it waits. */
const VERIFICATION_TTL = 3_600;

/** Sends a PushVerification object, RFC 8620 section 7.2.2: once, and again never. */
export async function sendVerification(
  services: Services,
  userId: string,
  row: PushRow,
): Promise<Delivery['outcome']> {
  const { id, verificationCode } = row;
  const verification = { '@type': 'PushVerification', pushSubscriptionId: id, verificationCode };
  const headers = { ttl: String(VERIFICATION_TTL), urgency: 'high' };
  return (await send(services, userId, row, verification, headers)).outcome;
}

/** Sends a StateChange object, RFC 8620 section 7.1. A newer one about the same takes its place while the device is off. */
export function sendChange(
  services: Services,
  userId: string,
  row: PushRow,
  changed: Changed,
): Promise<Delivery> {
  const isMail = Object.values(changed).some(types => 'EmailDelivery' in types);
  const headers = { ttl: String(TTL), urgency: isMail ? 'high' : 'normal', topic: topicOf(changed) };
  return send(services, userId, row, { '@type': 'StateChange', changed }, headers);
}

async function send(
  services: Services,
  userId: string,
  row: PushRow,
  object: Record<string, unknown>,
  headers: Record<string, string>,
): Promise<Delivery> {
  const { url: text, keys } = JSON.parse(await open(services, sealedFor(row.id), row.sealed)) as PushAddress;
  const url = pushUrl(text, services.allowPrivateHosts);
  if (!url) return { outcome: 'refused' };
  const plain = Buffer.from(JSON.stringify(object));
  const authorization = await vapidHeader(services, {
    ...{ url, contact: services.pushContact, now: services.now() },
  });
  const delivery = await deliver(
    url,
    {
      headers: {
        ...headers,
        authorization,
        'content-type': 'application/json',
        ...(keys && { 'content-encoding': 'aes128gcm' }),
      },
      body: keys ? encryptPush(plain, keys) : plain,
    },
    services.allowPrivateHosts,
    services.now,
  );
  if (delivery.outcome === 'gone') await deletePushSubscription(services.table, userId, row.id);
  return delivery;
}
