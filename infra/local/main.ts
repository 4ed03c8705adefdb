/** `npm start`: Mailferry on one machine, for the mailboxes that a person adds in the app. */
import { ensureApp } from '../app-build.ts';
import { startCloud } from './cloud.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { readSettings } from './settings.ts';

await runUntilStopped(async () => {
  const settings = readSettings(process.env);
  await ensureApp(console.log);
  console.log('Starting Mailferry …');
  const cloud = await startCloud({ ...settings, log: console.log });
  console.log(`Mailferry is at ${cloud.url}`);
  return cloud;
});
