import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { caller } from '../../pwa/src/jmap/client.ts';
import { RequestRefused, Unreachable } from '../../pwa/src/jmap/errors.ts';

describe('a request that the server answers without JMAP', () => {
  const { fetch } = globalThis;
  let status = 200;
  before(() => {
    Object.assign(globalThis, { self: { location: { origin: 'https://mail.example.org' } } });
    globalThis.fetch = async () => new Response('{"message":"Too Many Requests"}', { status });
  });
  after(() => {
    globalThis.fetch = fetch;
    Reflect.deleteProperty(globalThis, 'self');
  });

  const call = caller('/jmap/api', async () => 'token');

  it('waits in the outbox where the server is busy, and so is asked again', async () => {
    for (const busy of [429, 502, 503, 504]) {
      status = busy;
      await assert.rejects(call([]), Unreachable, String(busy));
    }
  });

  it('is refused where asking again would not help', async () => {
    for (const final of [400, 403, 413]) {
      status = final;
      await assert.rejects(call([]), RequestRefused, String(final));
    }
  });
});
