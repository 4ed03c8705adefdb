/**
 * The table process: DynamoDB's stand-in on LevelDB files. Arguments: the folder of the store, and the port on
 * loopback (0: a free one). Tells its parent `{ port }` when the table is there, and ends with it.
 */
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { LOCAL_AWS } from './local-aws.ts';
import { TABLE_NAME } from './messages.ts';

const [store = '', port = '0'] = process.argv.slice(2);
// Ctrl-C reaches the whole process group; the parent decides when the table may go.
process.on('SIGINT', () => undefined);

const server = dynalite({ path: store, createTableMs: 0 });
// A parent that was killed cannot stop us, but its end closes the channel.
process.on('disconnect', stop);
process.on('SIGTERM', stop);

server.listen(Number(port), '127.0.0.1', async () => {
  const { port: taken } = server.address() as AddressInfo;
  try {
    await createTable(`http://127.0.0.1:${taken}`);
    process.send?.({ port: taken });
  } catch (error) {
    console.error(`The table could not be opened: ${error instanceof Error ? error.message : 'unknown'}`);
    process.exit(1);
  }
});

/** Creates the table if it is missing. */
async function createTable(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint, ...LOCAL_AWS, maxAttempts: 1 });
  const command = new CreateTableCommand({
    TableName: TABLE_NAME,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  try {
    await client.send(command);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceInUseException')) throw error;
  } finally {
    client.destroy();
  }
}

/** Closes the store as it should be, but never waits long: LevelDB recovers from a kill as well. */
function stop(): void {
  setTimeout(() => process.exit(0), 3000).unref();
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
