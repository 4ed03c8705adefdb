import { MailferryError } from '../functions/errors.ts';
import { ensureApp } from './app-build.ts';
import { loadCustomers } from './customers/load.ts';
import { mailferryApp } from './stack/mailferry-app.ts';

try {
  const customers = loadCustomers('infra/customers');
  // Standard output belongs to the CDK command.
  mailferryApp(customers, await ensureApp(console.error)).synth();
} catch (error) {
  if (!(error instanceof MailferryError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
