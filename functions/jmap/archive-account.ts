import { z } from 'zod';
import type { ArchiveAccount } from '../store/accounts.ts';
import { PROPERTIES, type ReadProblem, toSetError } from './account-settings.ts';
import type { SetError } from './types.ts';

/** The settings of an archive as clients write them, checked. Pure. */

const DEFAULT_NAME = 'Archive';

/** What only an account with a server has. A client may send back the null (`keep`, false) that it was told. */
const CONNECTION: ReadonlySet<string> = new Set([
  ...(['host', 'port', 'security', 'username', 'password'] as const),
  ...(['authentication', 'oauthProvider', 'refreshToken'] as const),
  ...(['deletionPolicy', 'deletionDays', 'paused'] as const),
]);

const NOTHING: Readonly<Record<string, unknown>> = { deletionPolicy: 'keep', paused: false };

/** What a client may write of an archive. No address is an empty one. */
const WRITABLE = {
  name: PROPERTIES.name,
  address: z.union([z.literal(''), PROPERTIES.address]),
};

export type ArchiveSettings = Pick<ArchiveAccount, 'name' | 'address'>;

type Read<T> = { settings: T } | { error: SetError };

/** Reads the properties of a create. The name defaults to the address, else to `Archive`; the address to none. */
export function readArchive({ protocol: _, ...object }: Record<string, unknown>): Read<ArchiveSettings> {
  const read = readWritable(object);
  if ('error' in read) return read;
  const { address = '', name = address || DEFAULT_NAME } = read.settings;
  return { settings: { name, address } };
}

/** Reads a PatchObject of an archive; null sets a property to its default. */
export function readArchivePatch(
  account: ArchiveAccount,
  { protocol = account.protocol, ...patch }: Record<string, unknown>,
): Read<Partial<ArchiveSettings>> {
  if (protocol !== account.protocol) {
    const message = 'The protocol of an account cannot change. Add the account again instead.';
    return { error: toSetError([{ name: 'protocol', message }]) };
  }
  const filled = { ...patch };
  if (filled.address === null) filled.address = '';
  if (filled.name === null) filled.name = filled.address || account.address || DEFAULT_NAME;
  return readWritable(filled);
}

function readWritable(object: Record<string, unknown>): Read<Partial<ArchiveSettings>> {
  const settings: Partial<ArchiveSettings> = {};
  const problems: ReadProblem[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (CONNECTION.has(name)) {
      const isNone = value === null || value === NOTHING[name];
      if (!isNone) problems.push({ name, message: `An archive has no server, and no ${name}.` });
    } else if (name === 'name' || name === 'address') {
      const read = WRITABLE[name].safeParse(value);
      if (read.success) settings[name] = read.data;
      else problems.push({ name, message: read.error.issues[0]?.message ?? 'This is not valid.' });
    } else problems.push({ name, message: `The property ${name.slice(0, 50)} cannot be set.` });
  }
  return problems.length > 0 ? { error: toSetError(problems) } : { settings };
}
