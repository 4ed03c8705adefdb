import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { SourceAccount } from '../store/accounts.ts';
import { CREDENTIAL, type Credential, credentialProblems, isGiven } from './account-credential.ts';
import { setError } from './errors.ts';
import type { SetError } from './types.ts';

/** The settings of a MailAccount as clients write them, checked. Pure. */

const HOST = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?$/;
const HOST_HELP = 'The server has to be a host name such as imap.example.org, or an IP address.';

const oneLine = (what: string, max: number) =>
  z
    .string(`${what} has to be text.`)
    .min(1, `${what} is missing.`)
    .max(max, `${what} may have at most ${max} characters.`)
    .refine(text => !/\p{Cc}/u.test(text), `${what} must not have line breaks or control characters.`);

const host = z
  .string(HOST_HELP)
  // domainToASCII reads as a URL does, which skips line breaks and stops at a slash.
  .refine(text => isIP(text) > 0 || /^[^\s\p{Cc}/\\?#@:[\]]+$/u.test(text), HOST_HELP)
  .transform(text => (isIP(text) ? text : domainToASCII(text.toLowerCase())))
  .refine(text => isIP(text) > 0 || HOST.test(text), HOST_HELP);

const DAYS_HELP = 'The days after which mail is deleted are a number from 1 to 3650.';

/** Every property that a client may write, alone. */
export const PROPERTIES = {
  name: oneLine('The name', 255),
  protocol: z.enum(['imap', 'pop'], 'The protocol is imap, pop or archive.'),
  address: oneLine('The e-mail address', 320).regex(/^[^\s@]+@[^\s@]+$/, 'This is no e-mail address.'),
  host,
  port: z.int('The port is a number from 1 to 65535.').min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none'], 'The security is tls, starttls or none.'),
  username: oneLine('The user name', 320),
  ...CREDENTIAL,
  deletionPolicy: z.enum(
    ['keep', 'afterDays', 'onceStored', 'whenDestroyed'],
    'The deletion policy is keep, afterDays, onceStored or whenDestroyed.',
  ),
  deletionDays: z.int(DAYS_HELP).min(1, DAYS_HELP).max(3_650, DAYS_HELP).nullable(),
  paused: z.boolean('Whether an account is paused is true or false.'),
};

/** What a test takes: the properties of a create, each optional; those that do not reach the server are ignored. */
export const testArguments = {
  name: PROPERTIES.name.optional(),
  protocol: PROPERTIES.protocol.optional(),
  address: PROPERTIES.address.optional(),
  host: PROPERTIES.host.optional(),
  port: PROPERTIES.port.optional(),
  security: PROPERTIES.security.optional(),
  username: PROPERTIES.username.optional(),
  authentication: PROPERTIES.authentication.optional(),
  password: PROPERTIES.password.optional(),
  oauthProvider: PROPERTIES.oauthProvider.optional(),
  refreshToken: PROPERTIES.refreshToken.optional(),
  deletionPolicy: PROPERTIES.deletionPolicy.optional(),
  deletionDays: PROPERTIES.deletionDays.optional(),
  paused: PROPERTIES.paused.optional(),
};

type Writable = { [K in keyof typeof PROPERTIES]: z.output<(typeof PROPERTIES)[K]> };

/** Complete settings, with the credential still in the clear. */
export type Settings = Omit<Writable, keyof Credential> & Credential;

const REQUIRED = ['protocol', 'address', 'host', 'security'] as const;

/** The port that a protocol has by default (RFC 8314, RFC 9051, RFC 1939). */
export function defaultPort(
  protocol: SourceAccount['protocol'],
  security: SourceAccount['security'],
): number {
  if (protocol === 'imap') return security === 'tls' ? 993 : 143;
  return security === 'tls' ? 995 : 110;
}

/**
 * Reads the properties of a create. `name` and `username` default to the address, `port` to the protocol's,
 * `deletionPolicy` to keep, `deletionDays` to null, `paused` to false.
 */
export function readCreate(object: Record<string, unknown>): { settings: Settings } | { error: SetError } {
  const read = readWritable(object);
  const missing = REQUIRED.filter(name => !Object.hasOwn(object, name));
  const problems = [...read.problems, ...missing.map(name => ({ name, message: `The ${name} is missing.` }))];
  problems.push(...credentialProblems(read.values, null), ...problemsWithDays(read.values));
  if (problems.length > 0) return { error: toSetError(problems) };
  const given = read.values as Partial<Settings> & Pick<Settings, (typeof REQUIRED)[number]>;
  return {
    settings: {
      ...{ name: given.address, username: given.address },
      ...{ deletionPolicy: 'keep' as const, deletionDays: null, paused: false },
      port: defaultPort(given.protocol, given.security),
      ...given,
    },
  };
}

/**
 * Reads a PatchObject of an account. Null sets a property to its default where it has one. A new host, or giving up
 * encryption, needs the password again: who has only borrowed a session must not have it sent elsewhere.
 */
export function readUpdate(
  account: SourceAccount,
  patch: Record<string, unknown>,
): { changed: Partial<Settings> } | { error: SetError } {
  if (Object.keys(patch).some(path => path.includes('/') || path.includes('~'))) {
    return { error: setError('invalidPatch', 'No property of an account has parts to patch.') };
  }
  const filled = Object.entries(patch).map(([name, value]) => [
    name,
    value === null ? defaultOf(account, patch, name) : value,
  ]);
  const { values, problems } = readWritable(Object.fromEntries(filled));
  if (values.protocol !== undefined && values.protocol !== account.protocol) {
    const message = 'The protocol of an account cannot change. Add the account again instead.';
    problems.push({ name: 'protocol', message });
  }
  problems.push(...credentialProblems(values, account));
  if (!isGiven(values) && needsCredential(account, values)) problems.push(credentialNeeded(account));
  // Days belong to one policy, and go with it.
  if (values.deletionPolicy !== undefined && values.deletionPolicy !== 'afterDays')
    values.deletionDays ??= null;
  problems.push(...problemsWithDays({ ...account, ...values }));
  return problems.length > 0 ? { error: toSetError(problems) } : { changed: values };
}

function problemsWithDays({
  deletionPolicy,
  deletionDays,
}: {
  deletionPolicy?: Settings['deletionPolicy'] | undefined;
  deletionDays?: number | null | undefined;
}): ReadProblem[] {
  const isByDays = deletionPolicy === 'afterDays';
  const hasDays = deletionDays !== undefined && deletionDays !== null;
  if (isByDays === hasDays) return [];
  const message = isByDays ? 'Say after how many days mail is deleted.' : 'Only afterDays counts in days.';
  return [{ name: 'deletionDays', message }];
}

/** What is said where the stored credential may not be used with other settings. */
export function credentialNeeded(account: SourceAccount): ReadProblem {
  return account.authentication === 'oauth'
    ? { name: 'refreshToken', message: 'Sign in at the provider again to use this with another server.' }
    : { name: 'password', message: 'Enter the password again to use it with this server.' };
}

/** Whether the stored credential would go to another server, or in the clear, with these settings. */
export function needsCredential(
  account: SourceAccount,
  changed: { host?: string | undefined; security?: string | undefined },
): boolean {
  const otherHost = changed.host !== undefined && changed.host !== account.host;
  return otherHost || (changed.security === 'none' && account.security !== 'none');
}

export interface ReadProblem {
  name: string;
  message: string;
}

function readWritable(object: Record<string, unknown>): {
  values: Partial<Settings>;
  problems: ReadProblem[];
} {
  const values: Record<string, unknown> = {};
  const problems: ReadProblem[] = [];
  for (const [name, value] of Object.entries(object)) {
    // No provider is what a client is told of an account with a password.
    if (name === 'oauthProvider' && value === null) continue;
    if (!Object.hasOwn(PROPERTIES, name)) {
      problems.push({ name, message: `The property ${name.slice(0, 50)} cannot be set.` });
      continue;
    }
    const read = PROPERTIES[name as keyof typeof PROPERTIES].safeParse(value);
    if (read.success) values[name] = read.data;
    else problems.push({ name, message: read.error.issues[0]?.message ?? 'This is not valid.' });
  }
  return { values: values as Partial<Settings>, problems };
}

function defaultOf(account: SourceAccount, patch: Record<string, unknown>, name: string): unknown {
  if (name === 'name' || name === 'username') return patch.address ?? account.address;
  if (name === 'deletionPolicy') return 'keep';
  if (name === 'paused') return false;
  if (name !== 'port') return null;
  const security = patch.security === undefined ? account.security : patch.security;
  return defaultPort(account.protocol, security === 'tls' ? 'tls' : 'none');
}

/** Each property once: what is not valid may be missing, too, but that is no second problem. */
/** The SetError that names what is wrong, and says why. */
export function toSetError(found: readonly ReadProblem[]): SetError {
  const problems = [
    ...new Map(found.toReversed().map(problem => [problem.name, problem])).values(),
  ].reverse();
  return setError(
    'invalidProperties',
    problems.map(({ message }) => message).join(' '),
    problems.map(({ name }) => name),
  );
}
