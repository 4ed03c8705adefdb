import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobKeys } from '../../functions/store/keys.ts';
import { addEmails, jmapClient, seedAccount } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

const bytesOf = (answer: { body?: string | undefined }) => Buffer.from(answer.body ?? '', 'base64');
const RAW = Buffer.from([
  ...Buffer.from('From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhi\r\n--x\r\n'),
  ...Buffer.from('Content-Type: text/html; name="a.html"\r\nContent-Transfer-Encoding: base64\r\n\r\n'),
  ...Buffer.from('PGI+aGk8L2I+\r\n--x--\r\n.leading dot\n bare LF \xff\r\n', 'latin1'),
]);

test('a raw message comes back octet for octet, whole and in ranges', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const [email] = await addEmails(services, 'a1', [{ raw: RAW }]);
  const path = `/jmap/download/a1/r${email?.sha256}/Ein%20Brief%22%0d.eml`;
  const { http } = jmapClient(services);
  const whole = await http('GET', path, { query: 'type=message/rfc822' });
  assert.equal(whole.statusCode, 200);
  assert.deepEqual(bytesOf(whole), RAW);
  const headers = whole.headers ?? {};
  assert.equal(headers['content-type'], 'message/rfc822');
  assert.equal(headers['cache-control'], 'private, immutable, max-age=31536000');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['content-security-policy'], "sandbox; default-src 'none'");
  assert.equal(
    headers['content-disposition'],
    `attachment; filename="Ein Brief__.eml"; filename*=UTF-8''Ein%20Brief%22_.eml`,
  );
  const range = async (value: string) => {
    const answer = await http('GET', path, { headers: { range: value } });
    return [
      answer.statusCode,
      answer.headers?.['content-range'],
      answer.statusCode === 206 && bytesOf(answer),
    ];
  };
  const size = RAW.length;
  assert.deepEqual(await range('bytes=0-3'), [206, `bytes 0-3/${size}`, RAW.subarray(0, 4)]);
  assert.deepEqual(await range('bytes=10-'), [206, `bytes 10-${size - 1}/${size}`, RAW.subarray(10)]);
  assert.deepEqual(await range('bytes=-5'), [206, `bytes ${size - 5}-${size - 1}/${size}`, RAW.subarray(-5)]);
  assert.deepEqual(await range('bytes=0-99999'), [206, `bytes 0-${size - 1}/${size}`, RAW]);
  assert.deepEqual(await range(`bytes=${size}-`), [416, `bytes */${size}`, false]);
  for (const ignored of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=5-2', 'bytes=-']) {
    assert.equal((await range(ignored))[0], 200, ignored);
  }
  assert.equal(
    (await http('GET', path, { headers: { 'if-none-match': headers.etag as string } })).statusCode,
    304,
  );
  const head = await http('HEAD', path, { headers: { range: 'bytes=0-1' } });
  assert.deepEqual([head.statusCode, head.headers?.['content-length'], head.body], [200, String(size), '']);
});

test('a part comes decoded, under a type that no header trick can leave', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const [email] = await addEmails(services, 'a1', [{ raw: RAW }]);
  const { http } = jmapClient(services);
  const part = (id: string, query?: string) =>
    http('GET', `/jmap/download/a1/p${email?.sha256}-${id}/x`, query ? { query } : {});
  const found = await part('2', 'type=text/html');
  assert.equal(bytesOf(found).toString(), '<b>hi</b>');
  assert.equal(found.headers?.['content-type'], 'text/html');
  assert.match(String(found.headers?.['content-disposition']), /^attachment/);
  assert.equal((await part('2')).headers?.['content-type'], 'application/octet-stream');
  const trick = encodeURIComponent('text/html\r\nset-cookie: a=b');
  assert.equal((await part('2', `type=${trick}`)).headers?.['content-type'], 'application/octet-stream');
  assert.equal((await part('9')).statusCode, 404);
});

test('blobs of others, and what is none, do not exist', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  await seedAccount(services, 'a2');
  await seedAccount(services, 'b1', { userId: 'noor' });
  const [email] = await addEmails(services, 'b1', [{ raw: RAW }]);
  const { http } = jmapClient(services);
  for (const path of [
    `b1/r${email?.sha256}`,
    `a1/r${email?.sha256}`,
    `a1/p${email?.sha256}-1`,
    'a1/x',
    'no/x',
  ]) {
    assert.equal((await http('GET', `/jmap/download/${path}/x`)).statusCode, 404, path);
  }
  const own = jmapClient(services, 'noor');
  assert.equal((await own.http('GET', `/jmap/download/b1/r${email?.sha256}/x`)).statusCode, 200);
  assert.equal((await own.http('GET', `/jmap/download/b1/r${email?.sha256}/a%2Fb/c`)).statusCode, 200);
});

test('what Lambda cannot carry is fetched from the store: a part is put there first', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const large = Buffer.alloc(5_000_000, 'x\n');
  const raw = Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), large]);
  const [email] = await addEmails(services, 'a1', [{ raw }]);
  const address = async (key: string) => ((await services.blobs.head(key)) ? `https://store/${key}` : null);
  const cloud = jmapClient({ ...services, blobs: { ...services.blobs, address } });
  const rawPath = `/jmap/download/a1/r${email?.sha256}/x`;
  const moved = await cloud.http('GET', rawPath);
  assert.equal(moved.statusCode, 302);
  assert.equal(moved.headers?.location, `https://store/${blobKeys.raw('a1', email?.sha256 ?? '')}`);
  assert.equal(moved.headers?.['cache-control'], 'no-store');
  assert.equal((await cloud.http('GET', rawPath, { headers: { range: 'bytes=0-9' } })).statusCode, 206);
  const partPath = `/jmap/download/a1/p${email?.sha256}-1/x`;
  const partKey = blobKeys.part('a1', email?.sha256 ?? '', '1');
  assert.equal((await cloud.http('GET', partPath)).headers?.location, `https://store/${partKey}`);
  assert.deepEqual(Buffer.from((await services.blobs.get(partKey)) ?? []), large);
  const local = jmapClient(services);
  assert.deepEqual(bytesOf(await local.http('GET', rawPath)), raw);
});
