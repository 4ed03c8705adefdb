import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Table } from '../services.ts';
import { keys, prefix } from './keys.ts';
import { deleteRows, parseRow, putIf, queryAll } from './table.ts';

/**
 * OAUTH#<id> beside a user's accounts: a sign-in at a provider that was begun and not come back from. Its id is the hash
 * of the state that the provider hands back, so that who reads the table cannot answer in its place.
 */
export const authorizationRow = z.object({
  id: z.string(),
  provider: z.string(),
  /** The account that it is for, or the id that a new one will have. */
  accountId: z.string(),
  /** Of a new account, what the client asked for: the properties of a create. Null for one that exists. */
  create: z.record(z.string(), z.unknown()).nullable(),
  redirectUri: z.string(),
  /** The verifier (RFC 7636), sealed for `oauth:<id>`: only sync can open it. */
  sealedVerifier: z.string(),
  /** TTL, epoch seconds: it cannot be completed after that. */
  expires: z.number(),
});

export type Authorization = z.infer<typeof authorizationRow>;

/** What a user may have begun at the same time; the oldest go before that. */
const MOST_PENDING = 10;

/** Stores a sign-in that is about to begin; those that have run out go. */
export async function putAuthorization(
  table: Table,
  userId: string,
  authorization: Authorization,
  now: number,
): Promise<void> {
  const rows = (await queryAll(table, keys.userPartition(userId), { prefix: prefix.authorization }))
    .map(row => parseRow(row, authorizationRow))
    .sort((a, b) => b.expires - a.expires);
  const gone = rows.filter((row, i) => isOver(row, now) || i >= MOST_PENDING - 1);
  await deleteRows(
    table,
    gone.map(({ id }) => keys.authorization(userId, id)),
  );
  const row = { ...keys.authorization(userId, authorization.id), ...authorization };
  await putIf(table, row, 'attribute_not_exists(pk)');
}

/** Takes a sign-in out, so that nobody completes it twice; null where there is none (any more). */
export async function takeAuthorization(
  table: Table,
  userId: string,
  id: string,
  now: number,
): Promise<Authorization | null> {
  const { Attributes } = await table.client.send(
    new DeleteCommand({
      TableName: table.name,
      Key: keys.authorization(userId, id),
      ReturnValues: 'ALL_OLD',
    }),
  );
  const row = Attributes ? parseRow(Attributes, authorizationRow) : null;
  return row && !isOver(row, now) ? row : null;
}

const isOver = ({ expires }: Authorization, now: number) => expires * 1000 <= now;
