import { z } from 'zod';
import type { Table, VaultKeeper } from '../services.ts';
import { StoreError } from './errors.ts';
import { keys } from './keys.ts';
import { getRow, putIf } from './table.ts';

/**
 * The stack's P-256 key pairs, each made once by whoever needs it first: the public half lies in the table, the private
 * half is there wrapped by the keeper (KMS), under an encryption context that names what it is for.
 * `vault` opens credentials; `push` signs what is sent to push services (VAPID, RFC 8292).
 */
export type KeyPairName = 'vault' | 'push';

/** Where key pairs are, and who wraps them. */
export interface KeyPairs {
  table: Table;
  vaultKeeper: VaultKeeper;
}

const keyPairRow = z.object({
  publicKey: z.instanceof(Uint8Array),
  wrappedPrivateKey: z.instanceof(Uint8Array),
});

type Known = Partial<Record<KeyPairName, Promise<Uint8Array>>>;

/** What this process has read and unwrapped: one KMS call a cold start, not one a use. */
const unwrapped = new WeakMap<VaultKeeper, Known>();
const read = new WeakMap<Table['client'], Known>();

/** The public half, as SPKI DER. */
export function publicKeyOf(pairs: KeyPairs, name: KeyPairName): Promise<Uint8Array> {
  return remembered(read, pairs.table.client, name, async () => (await keyPair(pairs, name)).publicKey);
}

/** The private half, as PKCS #8 DER. Only the sync function may. */
export function privateKeyOf(pairs: KeyPairs, name: KeyPairName): Promise<Uint8Array> {
  return remembered(unwrapped, pairs.vaultKeeper, name, async () => {
    const { wrappedPrivateKey } = await keyPair(pairs, name);
    return pairs.vaultKeeper.unwrap(wrappedPrivateKey, contextOf(name));
  });
}

/** The encryption context under which a pair is wrapped. */
const contextOf = (name: KeyPairName) => ({ mailferry: name });

function remembered<Owner extends object>(
  where: WeakMap<Owner, Known>,
  owner: Owner,
  name: KeyPairName,
  get: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const known = where.get(owner) ?? {};
  where.set(owner, known);
  const found = known[name];
  if (found) return found;
  const getting = get();
  known[name] = getting;
  getting.catch(() => delete known[name]);
  return getting;
}

async function keyPair(
  { table, vaultKeeper }: KeyPairs,
  name: KeyPairName,
): Promise<z.infer<typeof keyPairRow>> {
  const key = keys.keyPair(name);
  const found = await getRow(table, key, keyPairRow);
  if (found) return found;
  const pair = await vaultKeeper.generate(contextOf(name));
  await putIf(table, { ...key, ...pair }, 'attribute_not_exists(pk)');
  const row = await getRow(table, key, keyPairRow);
  if (!row) throw new StoreError('sealed', 'The vault has no key. Try again in a moment.');
  return row;
}
