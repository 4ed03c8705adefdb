import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailferryError } from '../../functions/errors.ts';
import type { MailAccountDiscovery } from '../../functions/jmap/types.ts';
import { createHandler } from '../../functions/sync.ts';
import { jmapClient } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

test('MailAccount/discover asks the sync function, which answers from what it knows', async t => {
  const services = await testServices(t);
  const sync = createHandler(services);
  const asked: string[] = [];
  services.tester.discover = async address => {
    asked.push(address);
    return (await sync({ discover: { address } })) as MailAccountDiscovery;
  };
  const { call } = jmapClient(services);
  // A provider that cannot be reached at all: nobody is asked over the network.
  const found = (await call('MailAccount/discover', { address: '  Mara@TUTA.com ' })) as unknown;
  assert.deepEqual(found, {
    address: 'Mara@tuta.com',
    provider: 'Tuta',
    proposals: [],
    recommended: null,
    protocolAdvice: 'Tuta offers neither IMAP nor POP, so its mail can only be read with its own apps.',
    protocolAdviceSentence: {
      code: 'provider/closed',
      values: { provider: 'Tuta' },
      text: 'Tuta offers neither IMAP nor POP, so its mail can only be read with its own apps.',
    },
    ...{ help: [], reasons: [], reasonSentences: [], warnings: [], warningSentences: [] },
  } satisfies MailAccountDiscovery);
  assert.deepEqual(asked, ['Mara@tuta.com']);
});

test('what is no address is refused with a sentence before anybody is asked', async t => {
  const services = await testServices(t);
  services.tester.discover = () => assert.fail('nobody is asked');
  const { error, request } = jmapClient(services);
  for (const address of [
    '',
    'mara',
    'mara@localhost',
    'mara@127.0.0.1',
    `m@${'a.'.repeat(900)}org`,
    7,
    null,
  ]) {
    assert.equal(await error('MailAccount/discover', { address }), 'invalidArguments', String(address));
  }
  assert.equal(await error('MailAccount/discover', {}), 'invalidArguments');
  const { methodResponses } = await request([['MailAccount/discover', { address: 'mara' }]]);
  assert.match(String(methodResponses[0]?.[1].description), /has an @ in it/);
  services.tester.discover = async address => {
    assert.equal(address, 'mara@xn--bcher-kva.example');
    throw new MailferryError('tester', 'The settings could not be looked for just now.');
  };
  assert.equal(await error('MailAccount/discover', { address: 'mara@bücher.example' }), 'serverUnavailable');
});
