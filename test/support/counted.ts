import type { TestServices } from './table.ts';

/** Services that count how many messages were fetched: each is stored as a blob, known or not. */
export function countFetched(services: TestServices): { services: TestServices; fetched: () => number } {
  let count = 0;
  const { blobs } = services;
  return {
    fetched: () => {
      const fetched = count;
      count = 0;
      return fetched;
    },
    services: {
      ...services,
      blobs: {
        ...blobs,
        async put(key, bytes, contentType) {
          count += 1;
          await blobs.put(key, bytes, contentType);
        },
        async putFile(key, path, contentType) {
          count += 1;
          await blobs.putFile(key, path, contentType);
        },
      },
    },
  };
}

/** Services that note the key of each row that is asked for by itself (Get, BatchGet), and each query, by its range. */
export function noteReads(services: TestServices): { services: TestServices; reads: string[] } {
  const reads: string[] = [];
  const { client } = services.table;
  const send = async (command: ReadCommand, ...rest: unknown[]) => {
    const { Key, RequestItems, ExpressionAttributeValues } = command.input;
    if (Key && command.constructor.name === 'GetCommand') reads.push(Key.sk);
    if (ExpressionAttributeValues && command.constructor.name === 'QueryCommand') {
      reads.push(`query ${Object.values(ExpressionAttributeValues).slice(1).join(' ')}`);
    }
    for (const { Keys } of Object.values(RequestItems ?? {})) {
      for (const { sk } of Keys ?? []) reads.push(sk);
    }
    return (client.send as (...args: unknown[]) => Promise<unknown>).call(client, command, ...rest);
  };
  const noting = new Proxy(client, {
    get: (target, name) => (name === 'send' ? send : Reflect.get(target, name)),
  });
  return { services: { ...services, table: { ...services.table, client: noting } }, reads };
}

interface ReadCommand {
  constructor: { name: string };
  input: {
    Key?: { sk: string };
    RequestItems?: Record<string, { Keys?: { sk: string }[] }>;
    ExpressionAttributeValues?: Record<string, unknown>;
  };
}
