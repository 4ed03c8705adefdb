import type { TestServices } from './table.ts';
import { aroundTable, beforePuts } from './wrapped.ts';

/** Services that count how many messages were fetched: each is stored as a blob, known or not. */
export function countFetched(services: TestServices): { services: TestServices; fetched: () => number } {
  let count = 0;
  return {
    fetched: () => {
      const fetched = count;
      count = 0;
      return fetched;
    },
    services: beforePuts(services, () => {
      count += 1;
    }),
  };
}

/** Services that note the key of each row that is asked for by itself (Get, BatchGet), and each query, by its range. */
export function noteReads(services: TestServices): { services: TestServices; reads: string[] } {
  const reads: string[] = [];
  const noting = aroundTable(services, ({ constructor: { name }, input }, send) => {
    const { Key, RequestItems, ExpressionAttributeValues } = input;
    if (Key && name === 'GetCommand') reads.push(Key.sk);
    if (ExpressionAttributeValues && name === 'QueryCommand') {
      reads.push(`query ${Object.values(ExpressionAttributeValues).slice(1).join(' ')}`);
    }
    for (const batch of Object.values(RequestItems ?? {})) {
      if (!Array.isArray(batch)) for (const { sk } of batch.Keys ?? []) reads.push(sk);
    }
    return send();
  });
  return { services: noting, reads };
}
