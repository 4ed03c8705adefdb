import { Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { addAlarms, alarmTopic } from './alarms.ts';
import { addBudget } from './budget.ts';
import { Canary } from './canary.ts';
import { addDashboard } from './dashboard.ts';
import type { DeviceApi } from './device-api.ts';
import type { MailStore } from './mail-store.ts';
import { customerTag } from './names.ts';
import type { SyncPipeline } from './sync-pipeline.ts';

export interface OperationsProps {
  /** Whose stack it is: who is told, and what there is of alarms, dashboard and canary. */
  customer: Customer;
  /** What is watched: the table and the sweep, */
  store: MailStore;
  /** the queues, dispatch and sync, */
  pipeline: SyncPipeline;
  /** and the API. */
  api: DeviceApi;
  /** The app's address, for the canary: `https://` and a host, without a slash at the end. */
  address: string;
}

/**
 * What tells the operator how the customer's mail is: alarms by e-mail, each with its entry in docs/runbook.md; the
 * dashboard `mailferry-<id>`; a canary where the customer file asks for one; and what it all costs.
 */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const { customer, store, address } = props;
    const canary =
      customer.canary && new Canary(this, 'Canary', { customer, ...customer.canary, address }).worker;
    const alarms = addAlarms(this, props, alarmTopic(this, customer, store), canary ?? null);
    if (customer.dashboard) addDashboard(this, props, alarms);
    addBudget(this, customer);
    Tags.of(scope).add(customerTag, customer.id);
  }
}
