import type { Services } from '../../functions/services.ts';

/** Services of which a test sees, counts or stops what they do. */

/** What tests look at of a command to the table. */
export interface TableCommand {
  constructor: { name: string };
  input: {
    Key?: { sk: string };
    Item?: { sk?: string };
    RequestItems?: Record<string, unknown[] | { Keys?: { sk: string }[] }>;
    ExpressionAttributeValues?: Record<string, unknown>;
  };
}

const READS: ReadonlySet<string> = new Set(['GetCommand', 'QueryCommand', 'BatchGetCommand', 'ScanCommand']);

/** Whether a command leaves the table as it is. */
export const isRead = (command: TableCommand): boolean => READS.has(command.constructor.name);

/** Every command to the table goes through `around`, which has it sent once, more than once or not at all. */
export function aroundTable<S extends Services>(
  services: S,
  around: (command: TableCommand, send: () => Promise<unknown>) => Promise<unknown>,
): S {
  const { client } = services.table;
  const plain = client.send as (...args: unknown[]) => Promise<unknown>;
  const send = async (command: TableCommand, ...rest: unknown[]) =>
    around(command, () => plain.call(client, command, ...rest));
  const wrapped = new Proxy(client, {
    get: (target, name) => (name === 'send' ? send : Reflect.get(target, name)),
  });
  return { ...services, table: { ...services.table, client: wrapped } };
}

/** `before` is told of every put of a blob ahead of it, with the bytes where they are in memory; it may throw. */
export function beforePuts<S extends Services>(
  services: S,
  before: (name: 'put' | 'putFile' | 'putStream', bytes: Uint8Array | null) => void,
): S {
  const { blobs } = services;
  return {
    ...services,
    blobs: {
      ...blobs,
      async put(key, bytes, contentType) {
        before('put', bytes);
        await blobs.put(key, bytes, contentType);
      },
      async putFile(key, path, contentType) {
        before('putFile', null);
        await blobs.putFile(key, path, contentType);
      },
      async putStream(key, chunks, contentType) {
        before('putStream', null);
        return blobs.putStream(key, chunks, contentType);
      },
    },
  };
}
