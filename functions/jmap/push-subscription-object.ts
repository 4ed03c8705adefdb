import { pushUrl } from '../push/address.ts';
import { arePushKeys, type PushKeys } from '../push/encrypt.ts';
import { setError } from './errors.ts';
import { utcTimeOf } from './import-email.ts';
import type { SetError } from './types.ts';

/** Properties of a PushSubscription that a client may read; `url` and `keys` never leave again. */
export const PUSH_PROPERTIES = ['id', 'deviceClientId', 'verificationCode', 'expires', 'types'] as const;
export const PRIVATE_PROPERTIES: readonly string[] = ['url', 'keys'];

const CREATE_PROPERTIES: ReadonlySet<string> = new Set([
  ...['deviceClientId', 'url', 'keys', 'verificationCode', 'expires', 'types'],
]);
const MAX_DEVICE_ID = 255;
const MAX_TYPES = 50;
const MAX_TYPE = 100;
/**
 * Access ends with the refresh token, whose end only the issuer knows; so the longest a subscription lives without being
 * renewed is short of that, and more than the week that RFC 8620 section 7.2 asks for.
 */
const MAX_LIFE_MS = 30 * 86_400_000;

/** A PushSubscription as a client creates it, checked. */
export interface NewPushSubscription {
  deviceClientId: string;
  url: string;
  keys: PushKeys | null;
  types: string[] | null;
  /** Milliseconds since the epoch. */
  expires: number;
}

type Read<T> = { read: T } | { error: SetError };

/** Reads the object of a create, RFC 8620 section 7.2. */
export function readPushSubscription(
  object: Record<string, unknown>,
  allowPrivateHosts: 'all' | readonly string[],
  now: number,
): Read<NewPushSubscription> {
  const { deviceClientId, url, keys = null, verificationCode = null, expires = null, types = null } = object;
  const wrong = Object.keys(object).filter(name => !CREATE_PROPERTIES.has(name));
  const until = lifeOf(expires, now);
  const read = keys === null ? null : keysOf(keys);
  if (typeof deviceClientId !== 'string' || !deviceClientId || deviceClientId.length > MAX_DEVICE_ID) {
    wrong.push('deviceClientId');
  }
  if (typeof url !== 'string' || !pushUrl(url, allowPrivateHosts)) wrong.push('url');
  if (read === undefined) wrong.push('keys');
  if (verificationCode !== null) wrong.push('verificationCode');
  if (until === undefined || until <= now) wrong.push('expires');
  if (!areTypes(types)) wrong.push('types');
  if (wrong.length > 0 || until === undefined) return { error: invalid(wrong) };
  return {
    read: {
      ...{ deviceClientId: String(deviceClientId), url: String(url), keys: read ?? null, expires: until },
      types: areTypes(types) ? types : null,
    },
  };
}

/** What an update changes, RFC 8620 section 7.2.2; the verification code is given as it is in the row. */
export interface PushSubscriptionPatch {
  types?: string[] | null;
  /** Milliseconds since the epoch. */
  expires?: number;
  verified?: true;
}

/** Reads the patch of an update. What is immutable may be repeated where it can be compared. */
export function readPushPatch(
  patch: Record<string, unknown>,
  row: { id: string; deviceClientId: string; verificationCode: string },
  now: number,
): Read<PushSubscriptionPatch> {
  const read: PushSubscriptionPatch = {};
  const wrong: string[] = [];
  for (const [name, value] of Object.entries(patch)) {
    if (name === 'types' && areTypes(value)) read.types = value;
    else if (name === 'verificationCode' && value === row.verificationCode) read.verified = true;
    else if (name === 'expires') {
      const until = lifeOf(value, now);
      if (until === undefined) wrong.push(name);
      else read.expires = until;
    } else if (!((name === 'id' || name === 'deviceClientId') && value === row[name])) wrong.push(name);
  }
  return wrong.length > 0 ? { error: invalid(wrong) } : { read };
}

/** When it ends, ms since the epoch: as asked for, or as late as may be; undefined for what is no UTCDate. */
function lifeOf(expires: unknown, now: number): number | undefined {
  const longest = now + MAX_LIFE_MS;
  if (expires === null) return longest;
  const asked = utcTimeOf(expires);
  return asked === undefined ? undefined : Math.min(asked, longest);
}

function keysOf(value: unknown): PushKeys | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { p256dh, auth } = value as Record<string, unknown>;
  if (typeof p256dh !== 'string' || typeof auth !== 'string') return undefined;
  return arePushKeys({ p256dh, auth }) ? { p256dh, auth } : undefined;
}

/** Types that are not known here never change. */
function areTypes(value: unknown): value is string[] | null {
  if (value === null) return true;
  return (
    Array.isArray(value) &&
    value.length <= MAX_TYPES &&
    value.every(type => typeof type === 'string' && type !== '' && type.length <= MAX_TYPE)
  );
}

const invalid = (names: readonly string[]) =>
  setError('invalidProperties', 'These properties are missing, not valid or cannot be changed.', names);
