import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import type { Table } from '../services.ts';
import { StoreError } from './errors.ts';
import type { Key } from './keys.ts';

/** A row as DynamoDB gives it, before its schema has seen it. */
export type Item = Record<string, unknown>;

const BATCH_GET_LIMIT = 100;
const BATCH_WRITE_LIMIT = 25;
const PARALLEL_BATCHES = 8;
/** With the pauses between them five seconds at the most. */
const MOST_VAIN_ROUNDS = 8;

/** Reads one row by key, strongly consistent; null when there is none. */
export async function getRow<T>(table: Table, key: Key, schema: z.ZodType<T>): Promise<T | null> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
  );
  return Item ? parseRow(Item, schema) : null;
}

/** Checks a stored row against its schema; throws StoreError `damaged-row` naming the row, not its content. */
export function parseRow<T>(item: Item, schema: z.ZodType<T>): T {
  const result = schema.safeParse(item);
  if (result.success) return result.data;
  const where = result.error.issues.map(issue => issue.path.join('.')).join(', ');
  throw new StoreError('damaged-row', `The stored row ${item.pk} ${item.sk} is damaged at: ${where}.`);
}

/**
 * Reads rows by key in batches, strongly consistent, each once, in any order; missing ones are left out. Throws
 * StoreError `overloaded`.
 */
export async function getRows(table: Table, wanted: readonly Key[]): Promise<Item[]> {
  const found: Item[] = [];
  // DynamoDB refuses a batch that names a key twice.
  const distinct = [...new Map(wanted.map(key => [`${key.pk}\n${key.sk}`, key])).values()];
  await inParallel(chunk(distinct, BATCH_GET_LIMIT), batch =>
    untilNoneIsLeft(batch, async pending => {
      const answer = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.name]: { Keys: pending, ConsistentRead: true } } }),
      );
      found.push(...(answer.Responses?.[table.name] ?? []));
      return (answer.UnprocessedKeys?.[table.name]?.Keys ?? []) as Key[];
    }),
  );
  return found;
}

export interface RangeOptions {
  /** What sort keys begin with; without prefix and bounds, the whole partition. */
  prefix?: string;
  /** Inclusive bounds instead of a prefix, both together. */
  from?: string;
  to?: string;
  descending?: boolean;
  /** Rows a page; a hint for how much to read at once. */
  pageSize?: number;
  /** Attributes to read; all when left out. */
  attributes?: readonly string[];
}

/** Every row of a partition whose sort key lies in a range, strongly consistent, page by page. */
export async function* queryRange(table: Table, pk: string, range: RangeOptions): AsyncGenerator<Item[]> {
  const [condition, values] = keyCondition(range);
  let start: Item | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        KeyConditionExpression: condition,
        ExpressionAttributeValues: { ':pk': pk, ...values },
        ...(range.attributes && projection(range.attributes)),
        ScanIndexForward: !range.descending,
        ...(range.pageSize && { Limit: range.pageSize }),
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    yield page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start);
}

/** DynamoDB refuses empty key values, so a whole partition is asked for without a word about `sk`. */
function keyCondition(range: RangeOptions): [condition: string, values: Item] {
  if (range.prefix !== undefined) return ['pk = :pk AND begins_with(sk, :from)', { ':from': range.prefix }];
  if (range.from !== undefined && range.to !== undefined) {
    return ['pk = :pk AND sk BETWEEN :from AND :to', { ':from': range.from, ':to': range.to }];
  }
  return ['pk = :pk', {}];
}

/** All rows of a range at once. */
export async function queryAll(table: Table, pk: string, range: RangeOptions): Promise<Item[]> {
  const rows: Item[] = [];
  for await (const page of queryRange(table, pk, range)) rows.push(...page);
  return rows;
}

/**
 * Writes rows in unconditional batches: only for rows that are the same however often they are written. Throws
 * StoreError `overloaded`, with some of them written.
 */
export async function putRows(table: Table, rows: readonly Item[]): Promise<void> {
  await writeBatches(
    table,
    rows.map(Item => ({ PutRequest: { Item } })),
  );
}

/** Deletes rows in batches; a missing one is no error. */
export async function deleteRows(table: Table, gone: readonly Key[]): Promise<void> {
  await writeBatches(
    table,
    gone.map(Key => ({ DeleteRequest: { Key } })),
  );
}

/** Puts a row when the condition holds; false when it does not. */
export async function putIf(
  table: Table,
  row: Item,
  condition: string,
  values: Record<string, unknown> = {},
): Promise<boolean> {
  return whenConditionHolds(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: row,
        ConditionExpression: condition,
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      }),
    ),
  );
}

/**
 * Sets these attributes of a row when the condition holds; false when it does not. Nothing to set is true. In the
 * condition, `#name` is one of the attributes that are set.
 */
export async function setIf(
  table: Table,
  key: Key,
  changes: object,
  condition: string,
  values: Record<string, unknown> = {},
): Promise<boolean> {
  const entries = Object.entries(changes);
  if (entries.length === 0) return true;
  return whenConditionHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: key,
        ConditionExpression: condition,
        UpdateExpression: `SET ${entries.map(([name]) => `#${name} = :set_${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ...values,
          ...Object.fromEntries(entries.map(([name, value]) => [`:set_${name}`, value])),
        },
      }),
    ),
  );
}

/** Deletes one row; a missing one is no error. */
export async function deleteRow(table: Table, key: Key): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: key }));
}

/** True when a conditional write went through, false when its condition did not hold; other errors pass. */
export async function whenConditionHolds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** Runs `work` over all items, at most `limit` at a time. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  limit = PARALLEL_BATCHES,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) await work(items[i] as T);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

/** Cuts a list into lists of at most `size`. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size));
  return chunks;
}

type WriteRequest = { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Key } };

async function writeBatches(table: Table, requests: readonly WriteRequest[]): Promise<void> {
  await inParallel(chunk(requests, BATCH_WRITE_LIMIT), batch =>
    untilNoneIsLeft(batch, async pending => {
      const answer = await table.client.send(
        new BatchWriteCommand({ RequestItems: { [table.name]: pending } }),
      );
      return (answer.UnprocessedItems?.[table.name] ?? []) as WriteRequest[];
    }),
  );
}

/**
 * Sends a batch, and again what DynamoDB hands back of it. Throws StoreError `overloaded` when it takes nothing in
 * several rounds, which is some seconds.
 */
async function untilNoneIsLeft<T>(batch: T[], send: (pending: T[]) => Promise<T[]>): Promise<void> {
  let pending = batch;
  let vain = 0;
  for (let round = 0; pending.length > 0; round++) {
    if (round > 0) await pause(round - 1);
    const left = await send(pending);
    vain = left.length < pending.length ? 0 : vain + 1;
    if (vain === MOST_VAIN_ROUNDS) throw overloaded();
    pending = left;
  }
}

const overloaded = () =>
  new StoreError('overloaded', 'The database takes no more just now. It is tried again in a few minutes.');

function projection(attributes: readonly string[]) {
  return {
    ProjectionExpression: attributes.map((_, i) => `#a${i}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name, i) => [`#a${i}`, name])),
  };
}

/** Exponential backoff with full jitter, 25 ms to 2 s: DynamoDB hands throttled items back. */
function pause(attempt: number): Promise<void> {
  const ceiling = Math.min(2_000, 25 * 2 ** attempt);
  return new Promise(resolve => setTimeout(resolve, ceiling * Math.random()));
}
