import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceError } from '../../functions/source/errors.ts';
import { progress } from '../../functions/source/imap-watch.ts';

const failures = {
  silent: () => new SourceError('timeout', 'Silent.'),
  flooded: () => new SourceError('protocol', 'Flooded.'),
};

test('what is received within one command has an end, and so has silence', async () => {
  const octets = [5, 100, 2 ** 31];
  const flood = progress(() => octets.shift() ?? 2 ** 32, 10_000, failures);
  await assert.rejects(flood.passed, { code: 'protocol' });
  await assert.rejects(progress(() => 7, 20, failures).passed, { code: 'timeout' });
});

test('steady octets keep a command alive, and a stopped watch says nothing', async () => {
  let octets = 0;
  const watch = progress(() => (octets += 600), 20, failures);
  const passed = watch.passed.then(
    () => 'passed',
    () => 'passed',
  );
  const later = new Promise(resolve => setTimeout(resolve, 200, 'alive'));
  assert.equal(await Promise.race([passed, later]), 'alive');
  watch.stop();
});
