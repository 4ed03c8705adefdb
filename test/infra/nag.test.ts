import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, type NagPack } from 'cdk-nag';
import { nagPacks } from '../../infra/stack/mailferry-app.ts';
import { synthesis } from './synthesis.ts';

const made = synthesis();
after(() => made.remove());

const findings = (app: App, packs: NagPack[] = nagPacks.map(Pack => new Pack(app))) =>
  packs
    .flatMap(checks => checks.validateScope(app).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );

describe('cdk-nag, AwsSolutions and Serverless', () => {
  it('finds nothing in the stack of any customer', () => {
    assert.deepEqual(findings(made.app), []);
  });

  it('finds a queue without TLS that somebody adds to a stack', () => {
    const careless = synthesis();
    new Queue(careless.app.node.findChild('Mailferry-harbour-books'), 'Careless');
    const found = findings(careless.app, [new AwsSolutionsChecks(careless.app)]);
    careless.remove();
    assert.ok(found.includes('AwsSolutions-SQS4 Mailferry-harbour-books/Careless/Resource'), String(found));
  });

  it('has no acknowledgement that is not needed, and none without a reason', () => {
    const strict = nagPacks.map(Pack => Object.assign(new Pack(made.app), { isAcknowledged: () => false }));
    const all = findings(made.app, strict);
    let count = 0;
    for (const construct of made.app.node.findAll()) {
      for (const [id, reason] of acknowledgements(construct.node.metadata)) {
        count += 1;
        const needed = all.some(finding => finding.startsWith(`${id} ${construct.node.path}`));
        assert.ok(needed, `${id} at ${construct.node.path} is not needed`);
        assert.ok(reason.length > 20, `${id} at ${construct.node.path} has no reason`);
        assert.ok(!Stack.isStack(construct), `${id} is acknowledged for a whole stack`);
      }
    }
    assert.ok(count >= 10);
  });
});

function acknowledgements(
  metadata: readonly { type: string; data?: unknown }[],
): [id: string, reason: string][] {
  return metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([id, reason]): [string, string] => [id.replace(/^annotation::/i, ''), reason])
    .filter(([id]) => /^(AwsSolutions|Serverless)-/.test(id));
}
