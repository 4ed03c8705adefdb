import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import type { Table } from '../../functions/services.ts';
import { deleteRows, getRows, putIf, putRows, queryAll } from '../../functions/store/table.ts';
import { tableClient } from '../../functions/store/table-client.ts';
import { createTable } from '../../infra/local/create-table.ts';
import { LOCAL_AWS } from '../../infra/local/local-aws.ts';
import { takeOperations } from '../../infra/local/table-operations.ts';
import { startTable } from '../../infra/local/table-process.ts';
import { sendTogether } from '../../infra/local/table-transport.ts';

const SECRET = 'only-who-knows-it';
const server = dynalite({ createTableMs: 0 });
takeOperations(server, SECRET);
/** Paths of what the server was asked. */
const asked: (string | undefined)[] = [];
server.prependListener('request', ({ url }) => asked.push(url));
let sdk: Table;
let quick: Table;

before(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `${origin()}/${SECRET}`;
  const client = () => tableClient({ endpoint, ...LOCAL_AWS });
  sdk = { client: client(), name: 'mailferry' };
  quick = { client: sendTogether(client(), endpoint), name: 'mailferry' };
  await createTable(sdk.client, 'mailferry');
});
after(() => {
  for (const { client } of [sdk, quick]) client.destroy();
  server.close();
  server.closeAllConnections();
});

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const row = (pk: string, i: number) => ({
  pk,
  sk: `ROW#${String(i).padStart(4, '0')}`,
  text: `"B":{"${i}"\n→ 你好`,
  list: [1, null, { deep: true, none: undefined }],
  c: i,
});

const keyOf = (pk: string, i: number) => ({ pk, sk: row(pk, i).sk });

/** What a caller sees of some work: its result, or the error. */
const seen = (work: Promise<unknown>) =>
  work.then(
    result => ({ result }),
    ({ name, message }) => ({ name, message }),
  );

test('gives what the SDK gives, errors included', async () => {
  const does = async (table: Table, pk: string) => {
    const { client, name: TableName } = table;
    const steps = [
      () =>
        putRows(
          table,
          Array.from({ length: 60 }, (_, i) => row(pk, i)),
        ),
      () => getRows(table, [keyOf(pk, 3), keyOf(pk, 999)]),
      () => queryAll(table, pk, { prefix: 'ROW#000', pageSize: 3, descending: true }),
      () => queryAll(table, pk, { from: 'ROW#0001', to: 'ROW#0002', attributes: ['text'] }),
      () => putIf(table, row(pk, 1), 'attribute_not_exists(pk)'),
      () => putIf(table, row(pk, 1), 'c < :n', { ':n': 2 }),
      () =>
        deleteRows(
          table,
          [row(pk, 0)].map(({ sk }) => ({ pk, sk })),
        ),
      () => client.send(new GetCommand({ TableName, Key: keyOf(pk, 0) })),
      () =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: keyOf(pk, 1),
            UpdateExpression: 'ADD c :one',
            ExpressionAttributeValues: { ':one': 1 },
            ReturnValues: 'ALL_NEW',
          }),
        ),
      () => client.send(new PutCommand({ TableName, Item: { ...row(pk, 7), text: 'x'.repeat(500_000) } })),
      () => client.send(new PutCommand({ TableName: 'other', Item: row(pk, 7) })),
      () => client.send(new PutCommand({ TableName, Item: row('', 7) })),
      () =>
        client.send(new PutCommand({ TableName, Item: { ...row(pk, 8), key: Uint8Array.of(1, 0, 255) } })),
      () => client.send(new GetCommand({ TableName, Key: keyOf(pk, 8) })),
    ];
    const results: object[] = [];
    for (const step of steps) results.push(await seen(step()));
    return results.map(result => JSON.parse(JSON.stringify(result).replaceAll(`"${pk}"`, '"pk"')));
  };
  const withoutMetadata = (results: { result?: { $metadata?: object } }[]) =>
    results.map(entry => {
      if (entry.result) delete entry.result.$metadata;
      return entry;
    });
  const expected = withoutMetadata(await does(sdk, 'a'));
  asked.length = 0;
  assert.deepEqual(withoutMetadata(await does(quick, 'b')), expected);
  const direct = asked.filter(url => !url?.endsWith('/operations')).length;
  assert.equal(direct, 5, 'refused: a size, a table, a key; and binary values: written, read');
});

test('what is asked at once goes in one request, and each gets its own answer', async () => {
  await putRows(sdk, [row('c', 1), row('c', 2)]);
  asked.length = 0;
  const outcomes = await Promise.all([
    ...Array.from({ length: 50 }, (_, i) => putIf(quick, row('c', 10 + i), 'attribute_not_exists(pk)')),
    getRows(quick, [keyOf('c', 2)]),
    putIf(quick, row('c', 1), 'attribute_not_exists(pk)'),
  ]);
  assert.deepEqual(outcomes.slice(0, 50), Array(50).fill(true));
  assert.deepEqual(
    (outcomes[50] as { sk: string }[]).map(({ sk }) => sk),
    ['ROW#0002'],
  );
  assert.equal(outcomes[51], false);
  assert.ok(asked.length <= 4, `it took ${asked.length} requests`);
});

test('where the table process does not answer the SDK tries again', async () => {
  const wrong = tableClient({ endpoint: `${origin()}/${SECRET}`, ...LOCAL_AWS });
  const table = { client: sendTogether(wrong, 'http://127.0.0.1:1'), name: 'mailferry' };
  assert.equal(await putIf(table, row('d', 1), 'attribute_not_exists(pk)'), true);
  wrong.destroy();
});

test('who does not know the secret in the address is refused, a page in a browser among them', async t => {
  const scan = 'Scan {"TableName":"mailferry"}';
  const page = { origin: 'https://example.org' };
  const refusedEverywhere = async (at: string) => {
    for (const base of [at, `${at}/`, `${at}/${'x'.repeat(SECRET.length)}`]) {
      const answers = await Promise.all([
        fetch(base),
        fetch(`${base}/operations`, { method: 'POST', headers: page, body: scan }),
        fetch(base, {
          method: 'OPTIONS',
          headers: { ...page, 'access-control-request-headers': 'x-amz-target' },
        }),
      ]);
      for (const { status, headers } of answers) {
        assert.equal(status, 403, base);
        assert.equal(headers.get('access-control-allow-origin'), null, base);
      }
    }
  };
  await refusedEverywhere(origin());

  const data = await mkdtemp(join(tmpdir(), 'mailferry-table-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  const table = await startTable(data, () => {});
  t.after(() => table.stop());
  await refusedEverywhere(new URL(table.endpoint).origin);
  const client = sendTogether(tableClient({ endpoint: table.endpoint, ...LOCAL_AWS }), table.endpoint);
  t.after(() => client.destroy());
  assert.deepEqual(await queryAll({ client, name: 'mailferry' }, 'nobody', { prefix: 'ROW#' }), []);
});
