import { Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { wake } from './wake.ts';
import { Worker } from './worker.ts';

export interface CanaryProps {
  /** Whose app it is. */
  customer: Customer;
  /** Minutes between two looks. */
  everyMinutes: number;
  /** The app's address: `https://` and a host, without a slash at the end. */
  address: string;
}

/** Opens the app's address from outside every few minutes, as a device does that has no token, and may do nothing else. */
export class Canary extends Construct {
  /** The function; it throws where anything is not as it should be. */
  readonly worker: Worker;

  constructor(scope: Construct, id: string, { customer, everyMinutes, address }: CanaryProps) {
    super(scope, id);
    this.worker = new Worker(this, 'Function', {
      customer,
      entry: 'canary',
      whenItFails: 'That is what it is for: an alarm says so.',
      description: 'asks for the app from outside',
      memoryMb: 256,
      timeout: Duration.seconds(30),
      environment: { APP_ADDRESS: address },
      allow: [],
    });
    wake(this, {
      customer,
      worker: this.worker,
      name: 'canary',
      id: 'EveryFewMinutes',
      description: 'can the app be opened?',
      schedule: ScheduleExpression.rate(Duration.minutes(everyMinutes)),
      target: { retryAttempts: 0, maxEventAge: Duration.minutes(1) },
    });
  }
}
