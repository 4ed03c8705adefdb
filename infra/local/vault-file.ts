import { createCipheriv, createDecipheriv, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { MailferryError } from '../../functions/errors.ts';
import type { VaultKeeper } from '../../functions/services.ts';
import { readOrMake } from './durable-file.ts';

const generate = promisify(generateKeyPair);
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A `VaultKeeper` that keeps its wrapping key in a file (mode 0600, made once): the stand-in for KMS on one
 * machine. A private key is wrapped with AES-256-GCM, and its context is authenticated with it, as with KMS: other
 * context, changed bytes or another key file make `unwrap` throw `MailferryError('vault')`.
 * Wrapped form: version (1 byte), nonce (12), tag (16), cipher text.
 */
export function fileVaultKeeper(path: string): VaultKeeper {
  let key: Promise<Buffer> | null = null;
  const wrappingKey = () => {
    key ??= readOrMake(path, () => randomBytes(32).toString('base64url')).then(text =>
      Buffer.from(text, 'base64url'),
    );
    return key;
  };
  return {
    async generate(context) {
      const pair = await generate('ec', {
        namedCurve: 'P-256',
        publicKeyEncoding: { type: 'spki', format: 'der' },
        privateKeyEncoding: { type: 'pkcs8', format: 'der' },
      });
      const wrapped = wrap(await wrappingKey(), pair.privateKey, authenticated(context));
      return { publicKey: pair.publicKey, wrappedPrivateKey: wrapped };
    },
    unwrap: async (wrapped, context) => unwrap(await wrappingKey(), wrapped, authenticated(context)),
  };
}

/** The context as bytes, independent of the order in which its names were written. */
function authenticated(context: Record<string, string>): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function wrap(key: Buffer, secret: Uint8Array, context: Buffer): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context);
  const text = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text]);
}

function unwrap(key: Buffer, wrapped: Uint8Array, context: Buffer): Uint8Array {
  const bytes = Buffer.from(wrapped);
  const textAt = 1 + NONCE_BYTES + TAG_BYTES;
  try {
    if (bytes[0] !== VERSION || bytes.length < textAt) throw new RangeError('unknown wrapped form');
    const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(context)
      .setAuthTag(bytes.subarray(1 + NONCE_BYTES, textAt));
    return Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]);
  } catch (cause) {
    throw new MailferryError(
      'vault',
      'A stored credential cannot be opened: the vault key file is not the one it was sealed with.',
      { cause },
    );
  }
}
