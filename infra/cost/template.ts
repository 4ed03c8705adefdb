import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import settings from '../../cdk.json' with { type: 'json' };
import { customerSchema } from '../customers/schema.ts';
import { CustomerStack } from '../stack/customer-stack.ts';
import type { TemplateResource } from './standing.ts';

/** A customer whose file says no more than it has to. */
const CUSTOMER = customerSchema.parse({
  ...{ id: 'price-list', region: 'us-east-1', awsAccount: '111122223333' },
  alarms: { email: 'operations@price-list.example' },
});

/** The resources of the stack of a customer with every default, synthesised without bundling; takes some seconds. */
export function defaultStack(): Record<string, TemplateResource> {
  // `cdk synth` also checks templates against the CloudFormation schemas, which takes longer than all of this.
  process.env.CDK_VALIDATION = 'false';
  const folder = mkdtempSync(join(tmpdir(), 'mailferry-cost-'));
  try {
    const appFolder = join(folder, 'app');
    mkdirSync(appFolder);
    writeFileSync(join(appFolder, 'index.html'), '<!doctype html>');
    const context = { ...settings.context, 'aws:cdk:bundling-stacks': [] };
    const app = new App({ analyticsReporting: false, outdir: join(folder, 'cdk.out'), context });
    const stack = new CustomerStack(app, { customer: CUSTOMER, appFolder });
    return Template.fromStack(stack).toJSON().Resources;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
