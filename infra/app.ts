import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MailferryError } from '../functions/errors.ts';
import { loadCustomers } from './customers/load.ts';
import { mailferryApp } from './stack/mailferry-app.ts';

const projectFolder = join(import.meta.dirname, '..');

/** The built web app; built here when it is missing. Returns its folder. */
function builtApp(): string {
  const folder = join(projectFolder, 'pwa/dist');
  if (existsSync(join(folder, 'index.html'))) return folder;
  const vite = join(projectFolder, 'node_modules/vite/bin/vite.js');
  const build = spawnSync(process.execPath, [vite, 'build'], {
    cwd: join(projectFolder, 'pwa'),
    // Standard output belongs to the CDK command.
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (build.status !== 0) {
    throw new MailferryError(
      'appNotBuilt',
      'The web app could not be built; run "npx vite build pwa" to see why.',
    );
  }
  return folder;
}

try {
  const customers = loadCustomers('infra/customers');
  mailferryApp(customers, builtApp()).synth();
} catch (error) {
  if (!(error instanceof MailferryError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
