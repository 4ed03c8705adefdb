/**
 * The sync function in a process of its own, as `npm start` runs it, with everything that it does to table and blobs
 * counted. Arguments: the data folder and the table's endpoint. For each message `{ accountId }` or `{ account }` it
 * pulls until there is nothing left, or makes an account, and answers.
 */
import type { Services } from '../../functions/services.ts';
import { runAccount } from '../../functions/sync/run.ts';
import { localServices } from '../../infra/local/services.ts';
import { testAccount } from '../support/accounts.ts';
import { aroundTable, beforePuts, isRead } from '../support/wrapped.ts';

export interface NewAccount {
  id: string;
  protocol: 'imap' | 'pop';
  port: number;
  username: string;
  password: string;
}

export type ToSyncWorker = { account: NewAccount } | { accountId: string };

/** What a pull cost. Rows as DynamoDB counts them: an item of a batch is one. */
export interface Pulled {
  outcomes: string[];
  wall: number;
  cpu: number;
  memory: number;
  reads: number;
  writes: number;
  requests: number;
  puts: number;
}

const [data = '', tableEndpoint = ''] = process.argv.slice(2);
const counts = { reads: 0, writes: 0, requests: 0, puts: 0 };
const services = counted(
  localServices({ kind: 'sync', data, tableEndpoint, module: '' }, async () => undefined),
);

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToSyncWorker) => {
  const work = 'account' in message ? makeAccount(message.account) : pull(message.accountId);
  work.then(
    result => process.send?.({ result }),
    error =>
      process.send?.({ error: error instanceof Error ? `${error.message} ${error.stack}` : 'unknown' }),
  );
});
process.send?.({ result: null });

async function makeAccount({ id, ...login }: NewAccount): Promise<null> {
  await testAccount(services, id, login);
  return null;
}

async function pull(accountId: string): Promise<Pulled> {
  const before = { ...counts };
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const outcomes: string[] = [];
  do outcomes.push(await runAccount(services, accountId, { deadline: Date.now() + 270_000, reason: 'due' }));
  while (outcomes.at(-1) === 'continue');
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    outcomes,
    wall: (performance.now() - startedAt) / 1000,
    cpu: (user + system) / 1_000_000,
    memory: process.resourceUsage().maxRSS / 1024,
    reads: counts.reads - before.reads,
    writes: counts.writes - before.writes,
    requests: counts.requests - before.requests,
    puts: counts.puts - before.puts,
  };
}

function counted(real: Services): Services {
  const counting = aroundTable(real, (command, send) => {
    const batches = Object.values(command.input.RequestItems ?? {});
    const items = batches.reduce((sum, b) => sum + (Array.isArray(b) ? b.length : (b.Keys?.length ?? 0)), 0);
    counts.requests += 1;
    counts[isRead(command) ? 'reads' : 'writes'] += Math.max(1, items);
    return send();
  });
  return beforePuts(counting, () => {
    counts.puts += 1;
  });
}
