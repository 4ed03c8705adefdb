import { z } from 'zod';
import { isBodyPartProperty, truncateValue } from '../mime/body.ts';
import { getEmails, listEmails, type StoredEmail } from '../store/emails.ts';
import { StoreError } from '../store/errors.ts';
import { blobKeys } from '../store/keys.ts';
import { catchUp } from '../store/log.ts';
import { inParallel } from '../store/table.ts';
import { stateOf } from './changes.ts';
import { tooLarge } from './core.ts';
import {
  type BodyArguments,
  bodyValuesOf,
  DEFAULT_EMAIL_PROPERTIES,
  fromMessage,
  fromRows,
  isEmailProperty,
} from './email-properties.ts';
import { MethodError } from './errors.ts';
import { checkCount, getArguments, wantedIds, wantedProperties } from './get.ts';
import { type AccountContext, accountMethod } from './methods.ts';
import { type EmailBodyValue, type Id, MAIL } from './types.ts';

/** Messages that are in memory at once. */
const PARALLEL_MESSAGES = 8;
/** Octets of the answer that are the frame around the list. */
export const FRAME = 2_000;

export const bodyArguments = {
  bodyProperties: z.array(z.string()).optional(),
  fetchTextBodyValues: z.boolean().default(false),
  fetchHTMLBodyValues: z.boolean().default(false),
  fetchAllBodyValues: z.boolean().default(false),
  maxBodyValueBytes: z.int().nonnegative().default(0),
};

/**
 * Email/get, RFC 8621 section 4.2. What the rows tell is served without touching a message. An answer has to fit into
 * what Lambda can carry: when the body values are what is too large, the longest are truncated, and say so by
 * `isTruncated`; when the rest is, the call is `requestTooLarge`, and fewer Emails can be asked for.
 */
export const emailGet = accountMethod(
  'Email/get',
  MAIL,
  { ...getArguments, ...bodyArguments },
  async (context, args) => {
    const { services, account } = context;
    const properties = wantedProperties(args.properties, DEFAULT_EMAIL_PROPERTIES, isEmailProperty);
    const unknown = args.bodyProperties?.find(name => !isBodyPartProperty(name));
    if (unknown !== undefined) {
      throw new MethodError('invalidArguments', `There is no body property ${unknown.slice(0, 100)}.`);
    }
    const ids = wantedIds(context, args.ids);
    const head = await catchUp(services, account.id);
    if (ids === null) checkCount(head.emails);
    const emails = ids
      ? await getEmails(services.table, account.id, ids)
      : await readAllEmails(context, head.emails);
    const found = ids ? ids.filter(id => emails.has(id)) : [...emails.keys()];
    const list = await readProperties(context, found, emails, properties, args);
    const notFound = ids?.filter(id => !emails.has(id)) ?? [];
    return { state: stateOf(head), list: fitted(list, context.room - FRAME), notFound };
  },
);

async function readAllEmails(
  { services, account }: AccountContext,
  count: number,
): Promise<Map<Id, StoredEmail>> {
  const all = new Map<Id, StoredEmail>();
  if (count === 0) return all;
  for await (const page of listEmails(services.table, account.id)) {
    for (const email of page) all.set(email.summary.emailId, email);
    checkCount(all.size);
  }
  return all;
}

async function readProperties(
  context: AccountContext,
  ids: readonly Id[],
  emails: ReadonlyMap<Id, StoredEmail>,
  properties: readonly string[],
  args: BodyArguments,
): Promise<Record<string, unknown>[]> {
  const read = new Map<Id, Record<string, unknown>>();
  // A value longer than the whole answer may be is never needed whole.
  const maxBodyValueBytes = Math.min(args.maxBodyValueBytes || context.room, Math.max(1, context.room));
  const hold = valuesInMemory(context);
  await inParallel(
    ids,
    async id => {
      const email = emails.get(id);
      if (!email) return;
      const { known, missing } = fromRows(email, properties);
      const more =
        missing.length > 0 ? await readMessage(context, email, missing, { ...args, maxBodyValueBytes }) : {};
      const all = { ...known, ...more };
      hold(all);
      read.set(id, all);
    },
    PARALLEL_MESSAGES,
  );
  return ids.map(id => read.get(id)).filter(email => email !== undefined);
}

async function readMessage(
  { services, account }: AccountContext,
  { summary }: StoredEmail,
  properties: readonly string[],
  args: BodyArguments,
): Promise<Record<string, unknown>> {
  const raw = await services.blobs.get(blobKeys.raw(account.id, summary.sha256));
  if (!raw) {
    throw new StoreError('missing-blob', `The raw message of Email ${summary.emailId} is missing.`);
  }
  return fromMessage(raw, summary.sha256, properties, args);
}

/** Told of each Email that is read; throws MethodError where the body values of all are far more than any answer holds. */
export function valuesInMemory({ room }: Pick<AccountContext, 'room'>) {
  let length = 0;
  return (email: Record<string, unknown>): void => {
    for (const { value } of bodyValuesOf(email)) length += value.length;
    if (length > 16 * room) throw tooLarge();
  };
}

/** The list with its longest body values truncated until it has at most `room` octets of JSON. */
export function fitted(list: Record<string, unknown>[], room: number): Record<string, unknown>[] {
  const total = jsonSize(list);
  if (total <= room) return list;
  const values = list.flatMap(bodyValuesOf).map(value => ({ value, size: jsonSize(value.value) }));
  const inValues = values.reduce((sum, { size }) => sum + size, 0);
  const share = fairShare(
    values.map(({ size }) => size),
    room - (total - inValues),
  );
  if (share <= 0) throw tooLarge();
  for (const { value, size } of values) if (size > share) truncate(value, share, size);
  if (jsonSize(list) > room) throw tooLarge();
  return list;
}

/** The greatest length to which all are cut so that together they have at most `room`. */
function fairShare(sizes: readonly number[], room: number): number {
  const ascending = [...sizes].sort((a, b) => a - b);
  let left = room;
  for (const [i, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - i));
    if (size > share) return share;
    left -= size;
  }
  return room;
}

/** `size` is that of the value as JSON, which may be longer than the text: cut in proportion, and a little more. */
function truncate(value: EmailBodyValue, share: number, size: number): void {
  const octets = Math.floor(Buffer.byteLength(value.value) * (share / size) * 0.98) - 2;
  const isHtml = /^\s*</.test(value.value);
  let cut = truncateValue(value.value, Math.max(0, octets), isHtml);
  while (jsonSize(cut.value) > share && cut.value !== '') {
    cut = truncateValue(cut.value, Math.floor(Buffer.byteLength(cut.value) / 2), isHtml);
  }
  value.value = cut.value;
  value.isTruncated = true;
}

const jsonSize = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
