import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../services.ts';
import type { Key } from './keys.ts';
import { whenConditionHolds } from './table.ts';

/** A projection is written where no later commit (`:n`) has written it. */
export const NEWER = 'attribute_not_exists(pk) OR c < :n';
/** Conditional writes cannot be batched: so many are under way at once. */
export const PARALLEL_WRITES = 32;

/** Deletes a row unless a later commit wrote it. */
export async function deleteOlder(table: Table, key: Key, n: number): Promise<void> {
  await whenConditionHolds(
    table.client.send(
      new DeleteCommand({
        TableName: table.name,
        Key: key,
        ConditionExpression: NEWER,
        ExpressionAttributeValues: { ':n': n },
      }),
    ),
  );
}

/** Deletes a row that is as commit `c` has left it; false when it is gone, or a later commit wrote it. */
export function deleteUnchanged(table: Table, key: Key, c: number): Promise<boolean> {
  return whenConditionHolds(
    table.client.send(
      new DeleteCommand({
        TableName: table.name,
        Key: key,
        ConditionExpression: 'c = :c',
        ExpressionAttributeValues: { ':c': c },
      }),
    ),
  );
}
