import { isDeepStrictEqual } from 'node:util';
import type { StoredEmail } from '../store/emails.ts';
import type { EmailState } from '../store/state.ts';
import { fromRows, isEmailProperty } from './email-properties.ts';
import { setError } from './errors.ts';
import { MAX_KEYWORDS_PER_EMAIL, MAX_MAILBOXES_PER_EMAIL } from './limits.ts';
import type { Id, SetError } from './types.ts';

/** RFC 8621 section 4.1.1. */
const KEYWORD = /^[\x21-\x7e]{1,255}$/;
const NO_KEYWORD_CHARACTER = /[(){\]%*"\\]/;

/** What an update wants of a set-valued property: to replace it, or to add and remove members. */
interface SetPatch {
  whole: ReadonlySet<string> | null;
  members: ReadonlyMap<string, boolean>;
}

/** An update of an Email, understood but not yet compared with the Email. */
export interface EmailPatch {
  keywords: SetPatch;
  mailboxIds: SetPatch;
  /** Properties that cannot change, with the value that the client takes them to have. */
  unchangeable: ReadonlyMap<string, unknown>;
}

type Property = 'keywords' | 'mailboxIds';

/**
 * Reads a PatchObject for an Email: RFC 8620 section 5.3, RFC 8621 section 4.6.
 * @param resolve gives the id for a creation id
 */
export function parsePatch(
  patch: Record<string, unknown>,
  resolve: (id: Id) => Id,
): { patch: EmailPatch } | { error: SetError } {
  const invalid = new Set<string>();
  const unchangeable = new Map<string, unknown>();
  const whole: Record<Property, ReadonlySet<string> | null> = { keywords: null, mailboxIds: null };
  const members = { keywords: new Map<string, boolean>(), mailboxIds: new Map<string, boolean>() };
  const normal = (property: Property, name: string) =>
    property === 'keywords' ? normalKeyword(name) : resolve(name);
  for (const [path, value] of Object.entries(patch)) {
    const [property = '', member, ...deeper] = path.split('/').map(unescapeToken);
    if (deeper.length > 0) return { error: invalidPatch(`${property} has nothing that deep inside.`) };
    if (property !== 'keywords' && property !== 'mailboxIds') {
      if (member !== undefined || !isEmailProperty(property)) invalid.add(property);
      else unchangeable.set(property, value);
    } else if (member === undefined) {
      whole[property] = wholeSet(value, name => normal(property, name));
      if (whole[property] === null || (value === null && property === 'mailboxIds')) invalid.add(property);
    } else {
      if (Object.hasOwn(patch, property)) {
        return { error: invalidPatch(`${property} is given both whole and in part.`) };
      }
      const name = normal(property, member);
      if (name === null || (value !== true && value !== null)) invalid.add(path);
      else members[property].set(name, value === true);
    }
  }
  if (invalid.size > 0) return { error: invalidProperties([...invalid]) };
  return {
    patch: {
      keywords: { whole: whole.keywords, members: members.keywords },
      mailboxIds: { whole: whole.mailboxIds, members: members.mailboxIds },
      unchangeable,
    },
  };
}

/** The changes that an update makes to an Email, as deltas; null for a property that stays as it is. */
export interface EmailDeltas {
  keywords: Record<string, boolean> | null;
  mailboxIds: Record<Id, boolean> | null;
}

/**
 * Compares an update with the Email as it is.
 * @param mailboxes the account's mailboxes that mail may be put into and taken from
 */
export function deltasOf(
  email: StoredEmail,
  patch: EmailPatch,
  mailboxes: ReadonlySet<Id>,
): { deltas: EmailDeltas } | { error: SetError } {
  const { state } = email;
  const { known } = fromRows(email, [...patch.unchangeable.keys()]);
  const wrong = [...patch.unchangeable]
    .filter(([name, value]) => !Object.hasOwn(known, name) || !isDeepStrictEqual(known[name], value))
    .map(([name]) => name);
  if (wrong.length > 0) return { error: invalidProperties(wrong) };
  const keywords = target(state.keywords, patch.keywords);
  const mailboxIds = target(state.mailboxIds, patch.mailboxIds);
  const deltas = {
    keywords: difference(state.keywords, keywords),
    mailboxIds: difference(state.mailboxIds, mailboxIds),
  };
  const error = problemWith(state, keywords, mailboxIds, deltas, mailboxes);
  return error ? { error } : { deltas };
}

function problemWith(
  state: EmailState,
  keywords: ReadonlySet<string>,
  mailboxIds: ReadonlySet<string>,
  deltas: EmailDeltas,
  mailboxes: ReadonlySet<Id>,
): SetError | null {
  if (mailboxIds.size === 0) {
    return setError('invalidProperties', 'An Email has to be in at least one mailbox.', ['mailboxIds']);
  }
  const unusable = Object.entries(deltas.mailboxIds ?? {}).filter(([id, adds]) => adds && !mailboxes.has(id));
  if (unusable.length > 0) {
    return setError('invalidProperties', 'There is no such mailbox to put mail into.', ['mailboxIds']);
  }
  if (mailboxIds.size > Math.max(MAX_MAILBOXES_PER_EMAIL, state.mailboxIds.length)) {
    return setError('tooManyMailboxes', `An Email may be in ${MAX_MAILBOXES_PER_EMAIL} mailboxes.`);
  }
  if (keywords.size > Math.max(MAX_KEYWORDS_PER_EMAIL, state.keywords.length)) {
    return setError('tooManyKeywords', `An Email may have ${MAX_KEYWORDS_PER_EMAIL} keywords.`);
  }
  return null;
}

function target(current: readonly string[], { whole, members }: SetPatch): Set<string> {
  const result = new Set(whole ?? current);
  for (const [name, present] of members) {
    if (present) result.add(name);
    else result.delete(name);
  }
  return result;
}

function difference(before: readonly string[], after: ReadonlySet<string>): Record<string, boolean> | null {
  const changed: [string, boolean][] = [];
  for (const name of before) if (!after.has(name)) changed.push([name, false]);
  for (const name of after) if (!before.includes(name)) changed.push([name, true]);
  return changed.length > 0 ? Object.fromEntries(changed) : null;
}

/** A map whose values are all true, as a set; null when it is not one. Null stands for the default: nothing. */
function wholeSet(value: unknown, normal: (name: string) => string | null): Set<string> | null {
  if (value === null) return new Set();
  if (typeof value !== 'object' || Array.isArray(value)) return null;
  const set = new Set<string>();
  for (const [name, present] of Object.entries(value)) {
    const member = normal(name);
    if (present !== true || member === null) return null;
    set.add(member);
  }
  return set;
}

/** Lower-cased, because keywords are case-insensitive; null when it is no keyword. */
export function normalKeyword(name: string): string | null {
  return KEYWORD.test(name) && !NO_KEYWORD_CHARACTER.test(name) ? name.toLowerCase() : null;
}

const unescapeToken = (token: string) => token.replaceAll('~1', '/').replaceAll('~0', '~');

const invalidPatch = (description: string) => setError('invalidPatch', description);

const invalidProperties = (properties: readonly string[]) =>
  setError('invalidProperties', 'Only keywords and mailboxIds can be changed, to valid values.', properties);
