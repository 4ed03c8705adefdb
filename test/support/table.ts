import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import dynalite from 'dynalite';
import { type PushRequest, push } from '../../functions/push/tell.ts';
import type { PullRequest, Services, Table } from '../../functions/services.ts';
import { discover } from '../../functions/source/discover.ts';
import { tableClient } from '../../functions/store/table-client.ts';
import { redeemCode } from '../../functions/sync/redeem.ts';
import { testSource } from '../../functions/sync/test-source.ts';
import { fileBlobVersions } from '../../infra/local/blob-versions.ts';
import { createTable } from '../../infra/local/create-table.ts';
import { fileBlobs } from '../../infra/local/file-blobs.ts';
import { LOCAL_AWS } from '../../infra/local/local-aws.ts';
import { tableEndpoint, takeOperations } from '../../infra/local/table-operations.ts';
import { sendTogether } from '../../infra/local/table-transport.ts';
import { fileVaultKeeper } from '../../infra/local/vault-file.ts';

type Cleanup = Pick<TestContext, 'after'>;

const SECRET = 'test';

/** A new empty table in a dynalite of its own, in memory, on a free loopback port; gone when the test ends. */
export async function testTable(t: Cleanup): Promise<Table & { endpoint: string }> {
  const server = dynalite({ createTableMs: 0 });
  takeOperations(server, SECRET);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = tableEndpoint(port, SECRET);
  const client = sendTogether(tableClient({ endpoint, ...LOCAL_AWS }), endpoint);
  t.after(() => {
    client.destroy();
    server.close();
    server.closeAllConnections();
  });
  const maker = tableClient({ endpoint, ...LOCAL_AWS });
  await createTable(maker, 'mailferry');
  maker.destroy();
  return { client, name: 'mailferry', endpoint };
}

/** Services on a table of its own, files in a temporary folder, and a queue that only remembers. */
export interface TestServices extends Services {
  /** Every pull that was asked for. */
  asked: PullRequest[];
  /** Every push that was asked for with a delay; the others are done at once. */
  delayed: { request: PushRequest; delaySeconds: number }[];
}

/** Everything a handler needs, real but for the queue; `changes` replaces parts. */
export async function testServices(t: Cleanup, changes: Partial<Services> = {}): Promise<TestServices> {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const asked: PullRequest[] = [];
  const delayed: TestServices['delayed'] = [];
  const services: TestServices = {
    table: changes.table ?? (await testTable(t)),
    blobs: fileBlobs(join(folder, 'blobs')),
    blobVersions: fileBlobVersions(join(folder, 'blobs')),
    queue: {
      async send(requests) {
        asked.push(...requests);
      },
    },
    tester: {
      test: request => testSource(services, request),
      discover: address => discover(address, { allowPrivateHosts: services.allowPrivateHosts }),
      redeem: request => redeemCode(services, request),
    },
    pusher: {
      async ask(request, { delaySeconds = 0 } = {}) {
        if (delaySeconds > 0) delayed.push({ request, delaySeconds });
        else await push(services, request);
      },
    },
    vaultKeeper: fileVaultKeeper(join(folder, 'vault.key')),
    oauthClients: {},
    allowPrivateHosts: 'all',
    pushContact: 'mailto:postmaster@example.org',
    now: Date.now,
    asked,
    delayed,
    ...changes,
  };
  return services;
}
