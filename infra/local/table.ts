/**
 * The table process: DynamoDB's stand-in on LevelDB files. Arguments: the folder of the store, and the port on
 * loopback (0: a free one). Its parent tells it `{ secret }`, which every request has to know; it tells its parent
 * `{ port }` when the table is there, and ends with it.
 */
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { createTable } from './create-table.ts';
import { LOCAL_AWS } from './local-aws.ts';
import { TABLE_NAME } from './messages.ts';
import { makeLevelQuick } from './quick-level.ts';
import { type TableSecret, tableEndpoint, takeOperations } from './table-operations.ts';

const [store = '', port = '0'] = process.argv.slice(2);
// Ctrl-C reaches the whole process group; the parent decides when the table may go.
process.on('SIGINT', () => undefined);

makeLevelQuick();
const server = dynalite({ path: store, createTableMs: 0 });
// A parent that was killed cannot stop us, but its end closes the channel.
process.on('disconnect', stop);
process.on('SIGTERM', stop);

process.once('message', ({ secret }: TableSecret) => {
  takeOperations(server, secret);
  server.listen(Number(port), '127.0.0.1', () => void begin(secret));
});

async function begin(secret: string): Promise<void> {
  const { port: taken } = server.address() as AddressInfo;
  try {
    const client = new DynamoDBClient({
      endpoint: tableEndpoint(taken, secret),
      ...LOCAL_AWS,
      maxAttempts: 1,
    });
    await createTable(client, TABLE_NAME);
    client.destroy();
    process.send?.({ port: taken });
  } catch (error) {
    console.error(`The table could not be opened: ${error instanceof Error ? error.message : 'unknown'}`);
    process.exit(1);
  }
}

/** Closes the store as it should be, but never waits long: LevelDB recovers from a kill as well. */
function stop(): void {
  setTimeout(() => process.exit(0), 3000).unref();
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
