import { isDeepStrictEqual } from 'node:util';
import { setError } from './errors.ts';
import { MAX_MAILBOX_NAME } from './limits.ts';
import type { Id, Mailbox, SetError } from './types.ts';

/** What a client may set of a mailbox: RFC 8621 section 2. */
export interface MailboxSettings {
  name: string;
  parentId: Id | null;
  sortOrder: number;
  isSubscribed: boolean;
}

/** The order of a mailbox of which nobody has said one: after those with a role. */
const DEFAULTS = { parentId: null, sortOrder: 20, isSubscribed: true } as const;
const MAX_SORT_ORDER = 2 ** 31;

type Read = { settings: Partial<MailboxSettings> } | { error: SetError };

/**
 * Reads a mailbox to be created. `role` may only be null: which mailbox has a role is for the source to say.
 * @param resolve gives the id for a creation id
 */
export function readMailbox(
  object: Record<string, unknown>,
  resolve: (id: Id) => Id,
): { settings: MailboxSettings } | { error: SetError } {
  const { role = null, ...rest } = object;
  const read = readSettings(rest, resolve);
  const wrong = [...read.wrong, ...(role === null ? [] : ['role'])];
  const { name } = read.settings;
  if (name === undefined && !wrong.includes('name')) wrong.push('name');
  if (name === undefined || wrong.length > 0) return { error: invalid(wrong) };
  return { settings: { ...DEFAULTS, ...read.settings, name } };
}

/**
 * Reads an update of a mailbox (RFC 8620 section 5.3). What only the server sets may be sent back as it is.
 * @param current the mailbox as Mailbox/get answers it
 */
export function readMailboxPatch(
  patch: Record<string, unknown>,
  current: Mailbox,
  resolve: (id: Id) => Id,
): Read {
  const settable: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [path, value] of Object.entries(patch)) {
    const [property = '', member, ...deeper] = path.split('/');
    if (Object.hasOwn(DEFAULTS, property) || property === 'name') {
      if (member !== undefined) return { error: setError('invalidPatch', `${property} has nothing inside.`) };
      settable[property] = value;
      continue;
    }
    if (member !== undefined && (property !== 'myRights' || deeper.length > 0)) {
      return { error: setError('invalidPatch', 'There is nothing to be changed so deep inside.') };
    }
    if (member !== undefined && Object.hasOwn(patch, property)) {
      return { error: setError('invalidPatch', `${property} is given both whole and in part.`) };
    }
    const known: unknown = member === undefined ? current : current.myRights;
    const now = (known as Record<string, unknown>)[member ?? property];
    if (now === undefined || !isDeepStrictEqual(now, value)) wrong.push(path);
  }
  const read = readSettings(settable, resolve);
  wrong.push(...read.wrong);
  return wrong.length > 0 ? { error: invalid(wrong) } : { settings: read.settings };
}

function readSettings(object: Record<string, unknown>, resolve: (id: Id) => Id) {
  const settings: Partial<MailboxSettings> = {};
  const wrong: string[] = [];
  for (const [property, value] of Object.entries(object)) {
    if (property === 'name' && isName(value)) settings.name = value;
    else if (property === 'parentId' && value === null) settings.parentId = null;
    else if (property === 'parentId' && typeof value === 'string') settings.parentId = resolve(value);
    else if (property === 'isSubscribed' && typeof value === 'boolean') settings.isSubscribed = value;
    else if (property === 'sortOrder' && isSortOrder(value)) settings.sortOrder = value;
    else wrong.push(property);
  }
  return { settings, wrong };
}

/** A Net-Unicode string (RFC 5198): in NFC and without control characters; and without blanks that nobody sees. */
function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    Buffer.byteLength(value) <= MAX_MAILBOX_NAME &&
    !/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/u.test(value) &&
    value === value.normalize('NFC') &&
    value === value.trim()
  );
}

const isSortOrder = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < MAX_SORT_ORDER;

const invalid = (properties: readonly string[]) =>
  setError('invalidProperties', 'These properties cannot be set so.', properties);
