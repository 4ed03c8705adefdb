import { createCipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto';

/** What a browser gives with a push subscription (RFC 8291 section 2.1), both in URL-safe base64. */
export interface PushKeys {
  /** Its P-256 public key, an uncompressed point. */
  p256dh: string;
  /** The secret of 16 octets that it shares with the application. */
  auth: string;
}

const POINT_BYTES = 65;
const AUTH_BYTES = 16;
const SALT_BYTES = 16;
const TAG_BYTES = 16;
/** Every push service takes this many octets (RFC 8030 section 7.2), so one record of this size always does. */
const RECORD_BYTES = 4096;
/** The header of RFC 8188: salt, record size, length of the key id, and the key id, which is a point. */
const HEADER_BYTES = SALT_BYTES + 4 + 1 + POINT_BYTES;

/** The longest plain text, in octets, that becomes a message which every push service takes. */
export const MAX_PLAIN_TEXT = RECORD_BYTES - HEADER_BYTES - TAG_BYTES - 1;

/**
 * Encrypts for one subscription: Web Push (RFC 8291) in one record of `aes128gcm` (RFC 8188).
 * @param fixed replaces what is random, for the example of the RFC
 * @returns the body of the request, header included
 * Throws RangeError for keys that are none (see `arePushKeys`) and for more than `MAX_PLAIN_TEXT` octets.
 */
export function encryptPush(plain: Uint8Array, keys: PushKeys, fixed?: { salt: Buffer; own: ECDH }): Buffer {
  if (plain.length > MAX_PLAIN_TEXT) throw new RangeError('This is too long for one push message.');
  const receiver = decoded(keys.p256dh, POINT_BYTES);
  const auth = decoded(keys.auth, AUTH_BYTES);
  if (!receiver || !auth) throw new RangeError('These are no keys of a push subscription.');
  const own = fixed?.own ?? generated();
  const salt = fixed?.salt ?? randomBytes(SALT_BYTES);
  const sender = own.getPublicKey();
  const shared = own.computeSecret(receiver);
  const about = Buffer.concat([Buffer.from('WebPush: info\0'), receiver, sender]);
  const input = derive(shared, auth, about, 32);
  const key = derive(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  // The octet 2 ends the last record.
  const text = Buffer.concat([cipher.update(plain), cipher.update(Buffer.of(2)), cipher.final()]);
  const size = Buffer.alloc(5);
  size.writeUInt32BE(RECORD_BYTES);
  size.writeUInt8(sender.length, 4);
  return Buffer.concat([salt, size, sender, text, cipher.getAuthTag()]);
}

/** Whether these are a point on P-256 and a secret of the right length. */
export function arePushKeys({ p256dh, auth }: PushKeys): boolean {
  const point = decoded(p256dh, POINT_BYTES);
  if (!point || !decoded(auth, AUTH_BYTES)) return false;
  try {
    generated().computeSecret(point);
    return true;
  } catch {
    return false;
  }
}

function generated(): ECDH {
  const own = createECDH('prime256v1');
  own.generateKeys();
  return own;
}

/** Browsers leave the padding out; other clients may not. */
function decoded(text: string, length: number): Buffer | null {
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === length ? bytes : null;
}

function derive(input: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', input, salt, info, length));
}
