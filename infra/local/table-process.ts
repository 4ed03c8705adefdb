import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { endChild, forkModule } from './child.ts';
import { ignoreMissing } from './durable-file.ts';
import { LocalCloudError } from './errors.ts';
import { type TableSecret, tableEndpoint } from './table-operations.ts';

/** How long a store may stay locked by the table process of a cloud that was killed, in milliseconds. */
const STORE_WAIT_MS = 15_000;
const RESTART_MS = 500;

const readyMessage = z.object({ port: z.number().int().positive() });

/** Holds the address of the table while it is up: for tools that look at the data of a running Mailferry. */
export const tableAddressFile = (data: string) => join(data, 'table.address');

/** The table in its process. */
export interface TableProcess {
  /** `http://127.0.0.1:<port>/<secret>` for the AWS SDK. */
  endpoint: string;
  /** The process id, or null while it starts again. */
  pid(): number | null;
  stop(): Promise<void>;
}

/**
 * Starts the table process on the store of the data folder and waits until the table is there; when it ends later
 * it is started again on the same port. Throws `LocalCloudError('process')` when it does not come up.
 */
export async function startTable(data: string, log: (line: string) => void): Promise<TableProcess> {
  let child: ChildProcess | null = null;
  let stopped = false;
  const secret = randomBytes(24).toString('base64url');

  const launch = async (port: number): Promise<number> => {
    const giveUpAt = Date.now() + STORE_WAIT_MS;
    for (;;) {
      const args = [join(data, 'table'), String(port)];
      const started = forkModule(new URL('./table.ts', import.meta.url), args, data, 'table');
      child = started;
      started.send({ secret } satisfies TableSecret, () => undefined);
      const taken = await portOf(started);
      if (taken !== null) {
        started.once('exit', () => void revive(taken));
        return taken;
      }
      child = null;
      if (stopped || Date.now() > giveUpAt) {
        throw new LocalCloudError(
          'process',
          `The table in ${data} could not be opened; its log is logs/table.log.`,
        );
      }
      await sleep(RESTART_MS);
    }
  };
  const revive = async (port: number) => {
    child = null;
    while (!stopped) {
      log('The table ended and starts again; its log is logs/table.log.');
      await sleep(RESTART_MS);
      const up = await launch(port).then(
        () => true,
        () => false,
      );
      if (up) return;
    }
  };

  const endpoint = tableEndpoint(await launch(0), secret);
  await writeFile(tableAddressFile(data), `${endpoint}\n`, { mode: 0o600 });
  return {
    endpoint,
    pid: () => child?.pid ?? null,
    async stop() {
      stopped = true;
      await unlink(tableAddressFile(data)).catch(ignoreMissing);
      if (child) await endChild(child);
    },
  };
}

/** The port that the process says it listens on, or null when it ended before. */
function portOf(child: ChildProcess): Promise<number | null> {
  return new Promise(resolve => {
    child.once('message', message => resolve(readyMessage.parse(message).port));
    child.once('exit', () => resolve(null));
    child.on('error', () => resolve(null));
  });
}
