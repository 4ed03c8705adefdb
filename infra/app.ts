import { MailferryError } from '../functions/errors.ts';
import { ensureApp } from './app-build.ts';
import { loadCustomers } from './customers/load.ts';
import { mailferryApp } from './stack/mailferry-app.ts';

/** `cdk synth` and the like begin here. MAILFERRY_CUSTOMERS is another folder of customer files than infra/customers. */
try {
  const customers = loadCustomers(process.env.MAILFERRY_CUSTOMERS ?? 'infra/customers');
  // Standard output belongs to the CDK command.
  mailferryApp(customers, await ensureApp(console.error)).synth();
} catch (error) {
  if (!(error instanceof MailferryError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
