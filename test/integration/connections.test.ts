import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInTurn } from '../../functions/sync/connections.ts';
import { LeaseLostError } from '../../functions/sync/lease.ts';
import { scriptedImapServer } from '../support/scripted-imap-server.ts';

test('one login has one run and one test at a time; the next comes when the one before it has gone', async t => {
  const server = await scriptedImapServer(t);
  const run = await openInTurn(server.settings, 'run');
  const probe = await openInTurn(server.settings, 'test');
  assert.equal(server.sockets.size, 2);
  let came = false;
  const waiting = openInTurn(server.settings, 'run').then(source => {
    came = true;
    return source;
  });
  await sleep(50);
  assert.deepEqual([came, server.sockets.size], [false, 2]);
  await run.close(true);
  await run.close(true);
  const next = await waiting;
  assert.equal((await next.mailboxes()).length > 0, true, 'it works as any source');
  await next.close(true);
  await probe.close(true);
});

test('who waits too long gives up as when another run is at work, and a login that fails leaves its place', async t => {
  const server = await scriptedImapServer(t);
  const run = await openInTurn(server.settings, 'run');
  await assert.rejects(openInTurn(server.settings, 'run', 50), LeaseLostError);
  const probe = await openInTurn(server.settings, 'test');
  await assert.rejects(openInTurn(server.settings, 'test', 50), { code: 'temporary', message: /Try again/ });
  await probe.close(true);
  await run.close(true);
  const refused = await scriptedImapServer(t, { greeting: '* BYE Not now\r\n' });
  for (let i = 0; i < 3; i++) {
    await assert.rejects(openInTurn(refused.settings, 'run', 30_000), { name: 'SourceError' });
  }
});

test('a host has a handful of connections, however many logins there are', async t => {
  const server = await scriptedImapServer(t);
  const logins = Array.from({ length: 30 }, (_, i) => ({ ...server.settings, username: `user${i}` }));
  let most = 0;
  await Promise.all(
    logins.map(async settings => {
      const source = await openInTurn(settings, 'run', 60_000);
      most = Math.max(most, server.sockets.size);
      await source.mailboxes();
      await source.close(true);
    }),
  );
  assert.ok(most <= 10, `${most} at once`);
});
