import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createHandler } from '../../functions/api.ts';
import type { Services } from '../../functions/services.ts';
import { eraseAccount } from '../../functions/store/accounts.ts';
import { httpEvent, jmapClient, seedAccount, textOf } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

/** Uploads as API Gateway hands it over: octets in base64. */
async function upload(services: Services, bytes: Buffer, headers: Record<string, string> = {}, to = 'a1') {
  const event = httpEvent('POST', `/jmap/upload/${to}/`, { body: bytes.toString('base64'), headers });
  const answer = await createHandler(services)({ ...event, isBase64Encoded: true });
  return { status: answer.statusCode, made: JSON.parse(textOf(answer)) as Record<string, unknown> };
}

test('an upload is answered with what names its octets, and can be downloaded at once', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const bytes = Buffer.concat([randomBytes(100), Buffer.from('\0\r\n\xff', 'latin1')]);
  const headers = { 'content-type': 'image/png', 'content-length': String(bytes.length) };
  const { status, made } = await upload(services, bytes, headers);
  const blobId = `r${createHash('sha256').update(bytes).digest('hex')}`;
  assert.equal(status, 201);
  assert.deepEqual(made, { accountId: 'a1', blobId, type: 'image/png', size: bytes.length });
  assert.equal((await upload(services, bytes)).made.blobId, blobId);
  const { http } = jmapClient(services);
  const back = await http('GET', `/jmap/download/a1/${blobId}/a.png`, { query: 'type=image/png' });
  assert.equal(back.statusCode, 200);
  assert.deepEqual(Buffer.from(back.body ?? '', 'base64'), bytes);
  const empty = await upload(services, Buffer.alloc(0));
  assert.deepEqual([empty.status, empty.made.size], [201, 0]);
  await eraseAccount(services.table, services.blobs, 'a1');
  for await (const key of services.blobs.list('upload/')) assert.fail(`${key} was left behind`);
});

test('an upload is its user’s own, and no larger than the session says', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  await seedAccount(services, 'b1', { userId: 'otto' });
  const { http } = jmapClient(services);
  const session = JSON.parse(textOf(await http('GET', '/.well-known/jmap')));
  assert.equal(session.uploadUrl, 'https://mail.example.org/jmap/upload/{accountId}/');
  const { maxSizeUpload } = session.capabilities['urn:ietf:params:jmap:core'];
  assert.equal((await upload(services, Buffer.from('x'), {}, 'b1')).status, 404);
  const most = await upload(services, Buffer.alloc(maxSizeUpload));
  assert.deepEqual([most.status, most.made.size], [201, maxSizeUpload]);
  const { status, made } = await upload(services, Buffer.alloc(maxSizeUpload + 1));
  assert.equal(status, 413);
  assert.deepEqual([made.type, made.limit], ['urn:ietf:params:jmap:error:limit', 'maxSizeUpload']);
  const other = jmapClient(services, 'otto');
  assert.equal((await other.http('GET', `/jmap/download/a1/${most.made.blobId}/x`)).statusCode, 404);
});

test('text that a gateway could not hand over whole is refused, not stored in part', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const { http } = jmapClient(services);
  const send = (body: string, length: number) =>
    http('POST', '/jmap/upload/a1/', {
      body,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(length) },
    });
  const fine = await send('grün', 5);
  assert.deepEqual([fine.statusCode, JSON.parse(textOf(fine)).type], [201, 'text/plain; charset=utf-8']);
  assert.equal((await send('gr\ufffdn', 4)).statusCode, 400);
});
