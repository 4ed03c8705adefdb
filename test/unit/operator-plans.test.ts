import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deletionPlan, type StackLeft } from '../../infra/operator/delete-plan.ts';
import { exportProblems, type Manifest } from '../../infra/operator/export-manifest.ts';
import { howToRestore } from '../../infra/operator/restore-plan.ts';

describe('how an account is restored', () => {
  test('the log goes on where the rows end: nothing is lost', () => {
    assert.deepEqual(howToRestore({ restored: 5, present: 8, later: [6, 7, 8] }), { kind: 'forward' });
    assert.deepEqual(howToRestore({ restored: 5, present: 7, later: [6, 7, 8] }), { kind: 'forward' });
    assert.deepEqual(howToRestore({ restored: 5, present: 5, later: [] }), { kind: 'forward' });
  });

  test('it does not: the account is as it was, and its log goes on far above what devices know', () => {
    for (const logs of [
      { restored: 5, present: 8, later: [6, 8] },
      { restored: 5, present: 8, later: [] },
      { restored: 5, present: null, later: [] },
      { restored: 5, present: 3, later: [] },
    ]) {
      const how = howToRestore(logs);
      assert.equal(how.kind, 'back', JSON.stringify(logs));
      assert.ok(how.kind === 'back' && how.applied > 100_000, JSON.stringify(logs));
      // Interrupted after the position was written, and tried again.
      const again = howToRestore({ ...logs, present: how.kind === 'back' ? how.applied : 0, later: [] });
      assert.equal(again.kind, 'back', JSON.stringify(logs));
    }
    assert.equal(howToRestore({ restored: 5, present: 6, later: [6] }, 'back').kind, 'back');
  });
});

describe('the plan of a deletion', () => {
  const resource = (type: string, physicalId: string, status = 'CREATE_COMPLETE') => ({
    ...{ logicalId: physicalId, type, physicalId, status },
  });
  const stack: StackLeft = {
    ...{ id: 'arn', name: 'Mailferry-a', region: 'eu-west-1', status: 'UPDATE_COMPLETE', isProtected: true },
    resources: [
      resource('AWS::KMS::Key', 'key'),
      resource('AWS::DynamoDB::GlobalTable', 'table'),
      resource('AWS::SNS::Topic', 'topic'),
    ],
  };
  const left = {
    logGroups: [{ region: 'us-east-1', name: '/log' }],
    parameters: ['/p'],
    region: 'eu-west-1',
  };
  const kinds = (stacks: StackLeft[]) => deletionPlan({ stacks, ...left }).map(({ kind }) => kind);

  test('the stack first, the keys last', () => {
    assert.deepEqual(kinds([stack]), ['unprotect', 'stack', 'table', 'log-group', 'parameters', 'key']);
  });

  test('of a stack that is gone what it left; what nobody knows is named', () => {
    const resources = [
      resource('AWS::DynamoDB::GlobalTable', 'table', 'DELETE_COMPLETE'),
      resource('AWS::KMS::Key', 'key', 'DELETE_SKIPPED'),
      resource('AWS::Something::New', 'new', 'DELETE_SKIPPED'),
    ];
    const gone = { ...stack, status: 'DELETE_COMPLETE', isProtected: false, resources };
    assert.deepEqual(kinds([gone]), ['log-group', 'parameters', 'key', 'by-hand']);
    assert.deepEqual(kinds([stack, gone]).at(1), 'stack', 'both, where the name was used twice');
  });
});

describe('whether an export lets a customer be deleted', () => {
  const account = {
    ...{ id: 'a1', name: 'Post', address: '', protocol: 'imap' as const, commit: 7, emails: 1 },
    ...{ missing: [], index: null, zips: [] },
  };
  const manifest: Manifest = {
    ...{ format: 'mailferry-customer-export', version: 1, customer: 'c', awsAccount: '1', region: 'r' },
    ...{ table: 't', begunAt: '', verifiedAt: '2026-01-01', accounts: [account] },
  };
  const customer = { id: 'c', awsAccount: '1' };
  const now = (commit: number, id = 'a1', table = 't') => ({
    table,
    accounts: [{ id, name: 'Post', commit }],
  });

  test('only the whole, of this stack, of now', () => {
    assert.deepEqual(exportProblems(manifest, customer, now(7)), []);
    assert.deepEqual(exportProblems(manifest, customer, null), []);
    const refused: [Manifest, ReturnType<typeof now> | null, typeof customer][] = [
      [manifest, now(8), customer],
      [manifest, now(7, 'a2'), customer],
      [manifest, now(7, 'a1', 'other'), customer],
      [manifest, now(7), { ...customer, id: 'd' }],
      [{ ...manifest, verifiedAt: null }, now(7), customer],
      [{ ...manifest, accounts: [{ ...account, missing: ['m'] }] }, null, customer],
    ];
    for (const [found, position, who] of refused) {
      assert.equal(exportProblems(found, who, position).length, 1);
    }
  });
});
