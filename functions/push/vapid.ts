import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { type KeyPairs, privateKeyOf, publicKeyOf } from '../store/key-pairs.ts';

/** How long a push service may take a token for ours, in seconds; RFC 8292 section 2 allows a day. */
const TOKEN_SECONDS = 12 * 3600;
const POINT_BYTES = 65;

/**
 * The public key by which browsers let only this stack push (RFC 8292 section 3.2, RFC 9749 `applicationServerKey`): an
 * uncompressed point in URL-safe base64.
 */
export async function applicationServerKey(pairs: KeyPairs): Promise<string> {
  const der = Buffer.from(await publicKeyOf(pairs, 'push'));
  // The point is what SPKI of P-256 ends with, unless somebody wrote it compressed.
  const { x, y } = createPublicKey({ key: der, format: 'der', type: 'spki' }).export({ format: 'jwk' });
  const point = Buffer.concat([
    Buffer.of(4),
    Buffer.from(x ?? '', 'base64url'),
    Buffer.from(y ?? '', 'base64url'),
  ]);
  if (point.length !== POINT_BYTES) throw new RangeError('The key that signs pushes is not on P-256.');
  return point.toString('base64url');
}

/**
 * The Authorization header for a push service, RFC 8292 section 3: a token for its origin alone, signed with a key that
 * only the sync function may unwrap.
 * @param contact whom the push service may turn to, a `mailto:` or `https:` address
 * @param now milliseconds since the epoch
 */
export async function vapidHeader(
  pairs: KeyPairs,
  { url, contact, now }: { url: URL; contact: string; now: number },
): Promise<string> {
  const [pkcs8, publicKey] = await Promise.all([privateKeyOf(pairs, 'push'), applicationServerKey(pairs)]);
  const claims = { aud: url.origin, exp: Math.floor(now / 1000) + TOKEN_SECONDS, sub: contact };
  const text = [{ typ: 'JWT', alg: 'ES256' }, claims].map(encoded).join('.');
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `vapid t=${text}.${signature.toString('base64url')}, k=${publicKey}`;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
