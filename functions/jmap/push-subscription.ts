import { randomBytes } from 'node:crypto';
import { sealedFor } from '../push/address.ts';
import { PAUSE_MS } from '../push/pace.ts';
import {
  addPushSubscription,
  changePushSubscription,
  countPushSubscription,
  deletePushSubscription,
  listPushSubscriptions,
  type PushRow,
} from '../store/push-subscriptions.ts';
import { seal } from '../store/vault.ts';
import { utcDate } from './email-properties.ts';
import { MethodError, setError } from './errors.ts';
import { getArguments, listAndNotFound, wantedIds, wantedProperties } from './get.ts';
import { type Context, resolveId, userMethod } from './methods.ts';
import {
  type NewPushSubscription,
  PRIVATE_PROPERTIES,
  PUSH_PROPERTIES,
  readPushPatch,
  readPushSubscription,
} from './push-subscription-object.ts';
import { randomId } from './random-id.ts';
import { checkSetSize, emptyResult, type SetResult, setAnswer, setArguments } from './set.ts';
import { CORE, type Id, type PushSubscription } from './types.ts';

/** Subscriptions of one user, and how many may be made in an hour: each sends a request to an address of theirs. */
const MAX_SUBSCRIPTIONS = 20;
const MAX_MADE_IN_AN_HOUR = 30;

/** PushSubscription/get, RFC 8620 section 7.2.1: without accountId and state. */
export const pushSubscriptionGet = userMethod(
  'PushSubscription/get',
  CORE,
  getArguments,
  async (context, args) => {
    if (args.properties?.some(name => PRIVATE_PROPERTIES.includes(name))) {
      throw new MethodError('forbidden', 'The address and the keys of a subscription are never told.');
    }
    const properties = wantedProperties(args.properties, PUSH_PROPERTIES);
    const rows = await rowsOf(context);
    return listAndNotFound(rows.map(objectOf), wantedIds(context, args.ids), properties);
  },
);

const { ifInState: _, ...arguments_ } = setArguments;

/** PushSubscription/set, RFC 8620 section 7.2.2: without accountId and states. */
export const pushSubscriptionSet = userMethod(
  'PushSubscription/set',
  CORE,
  arguments_,
  async (context, args) => {
    checkSetSize({ ...args, ifInState: null });
    const result = emptyResult();
    const rows = new Map((await rowsOf(context)).map(row => [row.id, row]));
    const destroy = new Set((args.destroy ?? []).map(id => resolveId(context, id)));
    for (const [creationId, object] of Object.entries(args.create ?? {})) {
      const row = await create(context, creationId, object, rows.size, result);
      if (row) rows.set(row.id, row);
    }
    for (const [key, patch] of Object.entries(args.update ?? {})) {
      const id = resolveId(context, key);
      if (destroy.has(id) && rows.has(id)) {
        result.notUpdated[id] = setError('willDestroy', 'The same call destroys this subscription.');
      } else await update(context, id, patch, rows.get(id), result);
    }
    for (const id of destroy) {
      if (rows.has(id)) {
        await deletePushSubscription(context.services.table, context.userId, id);
        result.destroyed.push(id);
      } else result.notDestroyed[id] = notFound();
    }
    const { oldState: _old, newState: _new, ...answer } = setAnswer('', '', result);
    return answer;
  },
);

async function create(
  context: Context,
  creationId: Id,
  object: Record<string, unknown>,
  count: number,
  result: SetResult,
): Promise<PushRow | null> {
  const { services, userId } = context;
  const now = services.now();
  const checked = readPushSubscription(object, services.allowPrivateHosts, now);
  if ('error' in checked) {
    result.notCreated[creationId] = checked.error;
    return null;
  }
  if (count >= MAX_SUBSCRIPTIONS) {
    const text = `There may be ${MAX_SUBSCRIPTIONS} subscriptions. Destroy one that is no longer used.`;
    result.notCreated[creationId] = setError('overQuota', text);
    return null;
  }
  if (!(await countPushSubscription(services.table, userId, MAX_MADE_IN_AN_HOUR, now))) {
    result.notCreated[creationId] = setError(
      'rateLimit',
      'Too many subscriptions were made. Try again later.',
    );
    return null;
  }
  const row = await newRow(context, checked.read, now);
  await addPushSubscription(services.table, userId, row);
  try {
    await services.pusher.ask({ userId, verify: row.id });
  } catch (error) {
    // Without its verification nobody can ever use it.
    await deletePushSubscription(services.table, userId, row.id);
    throw error;
  }
  context.createdIds.set(creationId, row.id);
  const defaults = { keys: null, types: null, verificationCode: null };
  const omitted = Object.entries(defaults).filter(([name]) => !Object.hasOwn(object, name));
  result.created[creationId] = {
    id: row.id,
    ...Object.fromEntries(omitted),
    expires: utcDate(row.expires * 1000),
  };
  return row;
}

async function newRow(context: Context, read: NewPushSubscription, now: number): Promise<PushRow> {
  const { deviceClientId, url, keys, types, expires } = read;
  const id = randomId('p');
  const sealed = await seal(context.services, sealedFor(id), JSON.stringify({ url, keys }));
  return {
    ...{ id, deviceClientId, sealed, types, createdAt: now, expires: Math.floor(expires / 1000) },
    ...{ verificationCode: randomBytes(16).toString('hex'), verified: false },
    ...{ version: 0, nextAt: 0, pause: PAUSE_MS, failures: 0, pending: null, flushAt: 0 },
  };
}

async function update(
  { services, userId }: Context,
  id: Id,
  patch: Record<string, unknown>,
  row: PushRow | undefined,
  result: SetResult,
): Promise<void> {
  const checked = row ? readPushPatch(patch, row, services.now()) : { error: notFound() };
  if ('error' in checked) {
    result.notUpdated[id] = checked.error;
    return;
  }
  const { expires, ...rest } = checked.read;
  const change = { ...rest, ...(expires !== undefined && { expires: Math.floor(expires / 1000) }) };
  if (await changePushSubscription(services.table, userId, id, change)) {
    const changed = change.expires === undefined ? null : utcDate(change.expires * 1000);
    result.updated[id] = changed === null || changed === patch.expires ? null : { expires: changed };
  } else result.notUpdated[id] = notFound();
}

const rowsOf = ({ services, userId }: Context) =>
  listPushSubscriptions(services.table, userId, services.now());

/** The code is told once the client has shown that it knows it. */
function objectOf({
  id,
  deviceClientId,
  verified,
  verificationCode,
  expires,
  types,
}: PushRow): PushSubscription {
  return {
    ...{ id, deviceClientId, types, expires: utcDate(expires * 1000) },
    verificationCode: verified ? verificationCode : null,
  };
}

const notFound = () => setError('notFound', 'There is no subscription with this id.');
