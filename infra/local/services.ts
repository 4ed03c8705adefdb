import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MailAccountDiscovery, MailAccountTest } from '../../functions/jmap/types.ts';
import { readOAuthClients, withoutSecrets } from '../../functions/oauth-clients.ts';
import type { RedeemAnswer, Services, VaultKeeper } from '../../functions/services.ts';
import { tableClient } from '../../functions/store/table-client.ts';
import { blobAddresses } from './blob-addresses.ts';
import { fileBlobVersions } from './blob-versions.ts';
import { LocalCloudError } from './errors.ts';
import { fileBlobs } from './file-blobs.ts';
import { LOCAL_AWS } from './local-aws.ts';
import { type FunctionKind, TABLE_NAME, type WorkerCall, type WorkerSetup } from './messages.ts';
import { sendTogether } from './table-transport.ts';
import { fileVaultKeeper } from './vault-file.ts';

/**
 * The services of a function on one machine: the table process by the real AWS SDK, files for blobs, a key file for
 * the vault, and `call` (a message to the parent) for the queue and the tester. Every mail host may be reached,
 * loopback included: whoever runs this is at home in their own network. Only sync may open credentials, as on AWS.
 */
export function localServices(
  { kind, data, tableEndpoint, blobs }: WorkerSetup,
  call: (call: WorkerCall) => Promise<unknown>,
): Services {
  const client = sendTogether(tableClient({ endpoint: tableEndpoint, ...LOCAL_AWS }), tableEndpoint);
  return {
    table: { client, name: TABLE_NAME },
    blobs: fileBlobs(join(data, 'blobs'), blobs ? blobAddresses(blobs.origin, blobs.secret) : null),
    blobVersions: fileBlobVersions(join(data, 'blobs')),
    queue: {
      async send(requests, { delaySeconds = 0 } = {}) {
        await call({ service: 'queue', requests, delaySeconds });
      },
    },
    tester: {
      test: async request => (await call({ service: 'tester', event: { test: request } })) as MailAccountTest,
      discover: async address =>
        (await call({ service: 'tester', event: { discover: { address } } })) as MailAccountDiscovery,
      redeem: async request =>
        (await call({ service: 'tester', event: { redeem: request } })) as RedeemAnswer,
    },
    pusher: {
      async ask(request, { delaySeconds = 0 } = {}) {
        await call({ service: 'pusher', request, delaySeconds });
      },
    },
    vaultKeeper: onlySyncOpens(fileVaultKeeper(join(data, 'vault.key')), kind),
    oauthClients: localOAuthClients(kind),
    allowPrivateHosts: 'all',
    pushContact: process.env.MAILFERRY_PUSH_CONTACT ?? 'mailto:postmaster@example.org',
    now: Date.now,
  };
}

/**
 * From `MAILFERRY_OAUTH_CLIENTS`, when it is JSON, else from the file that it names; none without it. Only sync has the
 * secrets.
 */
function localOAuthClients(kind: FunctionKind): Services['oauthClients'] {
  const setting = process.env.MAILFERRY_OAUTH_CLIENTS;
  const isFile = setting !== undefined && setting !== '' && !setting.trimStart().startsWith('{');
  const clients = readOAuthClients(isFile ? readFileSync(setting, 'utf8') : setting);
  return kind === 'sync' ? clients : withoutSecrets(clients);
}

function onlySyncOpens(keeper: VaultKeeper, kind: FunctionKind): VaultKeeper {
  if (kind === 'sync') return keeper;
  return {
    generate: keeper.generate,
    async unwrap() {
      throw new LocalCloudError('function-failed', `The ${kind} function may not open credentials.`);
    },
  };
}
