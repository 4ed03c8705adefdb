import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { endChild, forkModule } from '../../infra/local/child.ts';
import { startTable } from '../../infra/local/table-process.ts';
import { cpuOf } from './measure.ts';
import type { NewAccount, Pulled, ToSyncWorker } from './sync-worker.ts';

/** Mailferry as `npm start` runs it, without what only people need: the table and the sync function. */
export interface Ours {
  makeAccount(account: NewAccount): Promise<void>;
  /** Pulls an account until there is nothing left. The CPU seconds are those of both processes. */
  pull(accountId: string): Promise<Pulled>;
  stop(): Promise<void>;
}

/** Starts both processes on an empty data folder. */
export async function startOurs(data: string): Promise<Ours> {
  mkdirSync(data, { recursive: true });
  const table = await startTable(data, line => console.error(line));
  const module = new URL('./sync-worker.ts', import.meta.url);
  const worker = forkModule(module, [data, table.endpoint], data, 'sync');
  await answer(worker);
  const ask = async (message: ToSyncWorker) => {
    const answered = answer(worker);
    worker.send(message);
    return answered;
  };
  return {
    async makeAccount(account) {
      await ask({ account });
    },
    async pull(accountId) {
      const tableBefore = cpuOf(table.pid() ?? 0);
      const pulled = (await ask({ accountId })) as Pulled;
      return { ...pulled, cpu: pulled.cpu + cpuOf(table.pid() ?? 0) - tableBefore };
    },
    async stop() {
      await endChild(worker);
      await table.stop();
    },
  };
}

async function answer(worker: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  try {
    const [message] = (await Promise.race([
      once(worker, 'message', { signal: ended.signal }),
      once(worker, 'exit', { signal: ended.signal }).then(() => {
        throw new Error('The sync process ended; its log is logs/sync.log in the data folder.');
      }),
    ])) as [{ result?: unknown; error?: string }];
    if (message.error !== undefined) throw new Error(message.error);
    return message.result;
  } finally {
    ended.abort();
  }
}
