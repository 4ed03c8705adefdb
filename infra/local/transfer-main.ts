/** `npm run import` and `npm run export`: mail files in and out of a Mailferry that runs on this machine. */
import { MailferryError } from '../../functions/errors.ts';
import { readSettings } from './settings.ts';
import { transfer } from './transfer.ts';

const [kind, ...args] = process.argv.slice(2);

try {
  const { port, data } = readSettings(process.env);
  await transfer(kind, args, { url: `http://localhost:${port}`, data, log: console.log });
} catch (error) {
  console.error(error instanceof MailferryError ? error.message : error);
  process.exitCode = 1;
}
