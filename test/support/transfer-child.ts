/**
 * A process that imports a file of 200 MB, which is made as it is read, and exports it again. Says how
 * much memory it took. Arguments: endpoint of the table, account id, import id, export id.
 */
import { open } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Services } from '../../functions/services.ts';
import { runJob } from '../../functions/transfer/run-job.ts';
import { LOCAL_AWS } from '../../infra/local/local-aws.ts';
import { largeMbox } from './large-mbox.ts';

const [endpoint = '', accountId = '', importId = '', exportId = ''] = process.argv.slice(2);
const file = largeMbox();
const messages = new Map<string, number>();
const plain = new DynamoDBClient({ endpoint, ...LOCAL_AWS });
const client = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });

const shaOf = (key: string) => /([0-9a-f]{64})/.exec(key)?.[1] ?? '';
const note = (key: string, bytes: Uint8Array) => {
  const nth = Number(/^X-Nth: (\d+)$/m.exec(Buffer.from(bytes.subarray(0, 200)).toString())?.[1]);
  messages.set(shaOf(key), nth);
};

/** Keeps of a message which one it was, and makes it again when it is read. */
const blobs: Services['blobs'] = {
  async put(key, bytes) {
    note(key, bytes);
  },
  async putFile(key, path) {
    const opened = await open(path);
    const { buffer } = await opened.read({ buffer: Buffer.alloc(200) });
    await opened.close();
    note(key, buffer);
  },
  async putStream(_key, chunks) {
    let size = 0;
    for await (const chunk of chunks) size += chunk.length;
    return { size };
  },
  async get(key, range) {
    if (/0{64}/.test(key)) return file.read(range?.start ?? 0, range?.end ?? file.size);
    return file.message(messages.get(shaOf(key)) ?? 0, range);
  },
  head: async () => ({ size: file.size }),
  verify: async () => true,
  delete: async () => {},
  async *list() {},
  address: async () => null,
  uploadAddress: async () => '',
};

const unused = new Proxy({}, { get: () => () => undefined });
const services = {
  ...{ table: { client, name: 'mailferry' }, blobs, now: Date.now, oauthClients: {}, allowPrivateHosts: [] },
  ...{ queue: { send: async () => {} }, tester: unused, vaultKeeper: unused },
} as unknown as Services;

const deadline = Date.now() + 600_000;
const outcomes = [
  await runJob(services, { kind: 'import', accountId, id: importId }, { deadline }),
  await runJob(services, { kind: 'export', accountId, id: exportId }, { deadline }),
];
plain.destroy();
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ outcomes, megabytes }));
