import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'mailferry-app-'));
after(() => rmSync(folder, { recursive: true }));

describe('the CDK app with a bad customer file', () => {
  it('says what is wrong where, fails, and synthesises nothing', () => {
    const customers = join(folder, 'infra/customers');
    mkdirSync(customers, { recursive: true });
    const customer = {
      id: 'bad-one',
      region: 'eu-west-1',
      awsAccount: '12',
      alarms: { email: 'a@b.example' },
    };
    writeFileSync(join(customers, 'bad-one.json'), JSON.stringify(customer));
    const run = spawnSync(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), resolve('infra/app.ts')],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, CDK_OUTDIR: join(folder, 'cdk.out') } },
    );
    assert.equal(run.status, 1);
    assert.equal(
      run.stderr,
      'infra/customers/bad-one.json: awsAccount: must be the 12 digits of an AWS account id, as a string\n',
    );
    assert.equal(run.stdout, '');
    assert.ok(!existsSync(join(folder, 'cdk.out')));
  });
});
