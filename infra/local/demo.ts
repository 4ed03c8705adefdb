/** `npm run demo`: the local cloud with a mail server of its own and two sample accounts. */
import { mkdir } from 'node:fs/promises';
import { ensureApp } from '../app-build.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { addSampleAccounts, waitUntilPulled } from './demo-accounts.ts';
import { type SampleLogin, startSampleMailServer } from './demo-mailboxes.ts';
import { lockData } from './lock.ts';
import { isEntry, runUntilStopped } from './run-until-stopped.ts';
import { readSettings } from './settings.ts';

/** A running demo. */
export interface Demo {
  /** `http://localhost:<port>` */
  url: string;
  /** Bearer token of the API. */
  token: string;
  /** How to sign in to the sample accounts at the mail server itself, without TLS. */
  mail: { imap: SampleLogin; pop: SampleLogin };
  /** Ends everything that was started and waits for it; the data stays. */
  stop(): Promise<void>;
}

/**
 * Starts the demo: builds the app if needed, starts the mail server and the cloud, adds the two sample accounts on
 * the first start, and waits until their mail is there. `port` 0 takes a free one; `data` is made if missing and what
 * it holds is kept; `app` is where a built app lies that is not the usual one. Throws LocalCloudError or
 * MailServerError; what was started before is ended then.
 */
export async function startDemo(options: {
  port: number;
  data: string;
  password?: string | null;
  app?: string;
  /** Print no progress. */
  quiet?: boolean;
}): Promise<Demo> {
  const log = options.quiet ? () => undefined : console.log;
  await ensureApp(log);
  await mkdir(options.data, { recursive: true, mode: 0o700 });
  // Before the mail server: one of a demo that still runs must not be taken for a left-over.
  const lock = await lockData(options.data);
  const undo: (() => Promise<void>)[] = [lock.release];
  const stop = once(async () => {
    for (const step of undo.reverse()) await step();
  });
  try {
    log('Starting the mail server and Mailferry …');
    const [mail, cloud] = await bothOrNeither(options, { log, lock });
    undo.push(mail.stop, cloud.stop);
    const accounts = await addSampleAccounts(cloud, mail);
    await waitUntilPulled(cloud, accounts, log);
    return { url: cloud.url, token: cloud.token, mail: { imap: mail.imap, pop: mail.pop }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the mail server and the cloud at the same time; when one fails, the other is ended. */
async function bothOrNeither(
  options: { port: number; data: string; password?: string | null; app?: string },
  more: { log(line: string): void; lock: Awaited<ReturnType<typeof lockData>> },
): Promise<[Awaited<ReturnType<typeof startSampleMailServer>>, Cloud]> {
  const { port, data, password = null, app } = options;
  const starting = [
    startSampleMailServer(data, undefined, port === 0 ? 'any' : 'usual'),
    startCloud({ port, data, password, ...(app ? { app } : {}), ...more }),
  ] as const;
  try {
    return await Promise.all(starting);
  } catch (error) {
    for (const one of await Promise.allSettled(starting)) {
      if (one.status === 'fulfilled') await one.value.stop();
    }
    throw error;
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= run();
    return running;
  };
}

if (isEntry(import.meta)) {
  await runUntilStopped(async () => {
    const demo = await startDemo(readSettings(process.env));
    console.log(`Mailferry is at ${demo.url}`);
    return demo;
  });
}
