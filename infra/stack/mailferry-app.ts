import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import settings from '../../cdk.json' with { type: 'json' };
import type { Customer } from '../customers/schema.ts';
import { CustomerStack } from './customer-stack.ts';

/** AwsSolutions for what may be reached by whom, Serverless for what becomes of what fails. */
export const nagPacks = [AwsSolutionsChecks, ServerlessChecks];

/**
 * The CDK app: one stack for each customer, checked by two packs of cdk-nag when it is synthesised.
 * @param appFolder folder of the built web app
 */
export function mailferryApp(customers: readonly Customer[], appFolder: string, props: AppProps = {}): App {
  const context = { ...settings.context, ...props.context };
  const app = new App({ analyticsReporting: false, ...props, context });
  for (const customer of customers) new CustomerStack(app, { customer, appFolder });
  Validations.of(app).addPlugins(...nagPacks.map(Pack => new Pack(app)));
  return app;
}
