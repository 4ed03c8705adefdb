import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { StoreError } from './errors.ts';
import { type KeyPairs, privateKeyOf, publicKeyOf } from './key-pairs.ts';

/**
 * Credentials are sealed to the public half of a key pair whose private half only the keeper (KMS) can unwrap:
 * whoever seals cannot open. Ephemeral ECDH on P-256, HKDF-SHA256, AES-256-GCM, as in ECIES; the account id is
 * authenticated, so that a sealed credential cannot be moved to another account.
 */

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals a credential for one account: text safe to store, which names nothing of what it holds. */
export async function seal(vault: KeyPairs, accountId: string, secret: string): Promise<string> {
  const publicKey = await publicKeyOf(vault, 'vault');
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const recipient = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  const point = ephemeral.publicKey.export({ format: 'der', type: 'spki' });
  const key = deriveKey(diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient }), point);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(accountId));
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return [VERSION, point, iv, Buffer.concat([body, cipher.getAuthTag()])]
    .map(part => (typeof part === 'string' ? part : part.toString('base64url')))
    .join('.');
}

/**
 * Opens a sealed credential. Throws StoreError `sealed` when it was sealed for another account or damaged; what
 * the keeper or the table throws passes through, because it says nothing about the credential.
 */
export async function open(vault: KeyPairs, accountId: string, sealed: string): Promise<string> {
  const pkcs8 = await privateKeyOf(vault, 'vault');
  try {
    return decipher(pkcs8, accountId, sealed);
  } catch (cause) {
    const message = 'The stored password cannot be opened. Enter it again in the account settings.';
    throw new StoreError('sealed', message, { cause });
  }
}

function decipher(pkcs8: Uint8Array, accountId: string, sealed: string): string {
  const [version, point, iv, body] = sealed.split('.');
  if (version !== VERSION || !point || !iv || !body) throw new Error('not a sealed credential');
  const ephemeral = Buffer.from(point, 'base64url');
  const shared = diffieHellman({
    privateKey: createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }),
    publicKey: createPublicKey({ key: ephemeral, format: 'der', type: 'spki' }),
  });
  const bytes = Buffer.from(body, 'base64url');
  const gcm = createDecipheriv('aes-256-gcm', deriveKey(shared, ephemeral), Buffer.from(iv, 'base64url'))
    .setAAD(Buffer.from(accountId))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([gcm.update(bytes.subarray(0, -TAG_BYTES)), gcm.final()]).toString('utf8');
}

function deriveKey(shared: Buffer, ephemeralPublicKey: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', shared, ephemeralPublicKey, 'mailferry credential', 32));
}
