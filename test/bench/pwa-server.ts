import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNTS, CORE, type MailAccount } from '../../functions/jmap/types.ts';
import { APP_FOLDER, ensureApp } from '../../infra/app-build.ts';
import { startCloud } from '../../infra/local/cloud.ts';
import { startMailServer } from '../../infra/local/mail-server.ts';
import { fill } from './mailbox.ts';

/** Longest wait for a first pull, in milliseconds for each message, and beside that. */
const PULL_LIMIT = { each: 20, more: 60_000 };
const PASSWORD = 'correct horse';

/** The local cloud with one IMAP account whose messages are all pulled. */
export interface BenchServer {
  url: string;
  /** Bearer token of the API. */
  token: string;
  stop(): Promise<void>;
}

/**
 * Starts a real Dovecot with so many messages of `mean` octets, and the cloud, and pulls them. The production build of
 * the app is copied first: another one may take its place meanwhile.
 */
export async function startBenchServer(folder: string, count: number, mean: number): Promise<BenchServer> {
  await mkdir(folder, { recursive: true, mode: 0o711 });
  await ensureApp(line => console.error(line));
  const app = join(folder, 'app');
  await cp(APP_FOLDER, app, { recursive: true });
  const users = [{ name: 'mara', password: PASSWORD }];
  const mail = await startMailServer({ folder: join(folder, 'server'), users });
  const undo = [mail.stop];
  const stop = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    await fill(mail, 'mara', { to: count, mean });
    const cloud = await startCloud({ port: 0, data: join(folder, 'data'), app });
    undo.push(cloud.stop);
    await addAccount(cloud, mail.ports.imap);
    await waitUntilStored(cloud, count);
    return { url: cloud.url, token: cloud.token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Api {
  url: string;
  token: string;
}

async function addAccount(api: Api, port: number): Promise<void> {
  const create = {
    new: {
      ...{ name: 'Mara', protocol: 'imap', address: 'mara@example.org', host: '127.0.0.1', port },
      ...{ security: 'none', username: 'mara', password: PASSWORD, deletionPolicy: 'keep' },
    },
  };
  const { created } = await call<{ created?: { new?: { id: string } } | null }>(api, 'MailAccount/set', {
    create,
  });
  const id = created?.new?.id;
  if (!id) throw new Error('The account could not be added.');
  await call(api, 'MailAccount/sync', { ids: [id] });
}

async function waitUntilStored(api: Api, count: number): Promise<void> {
  const giveUpAt = Date.now() + PULL_LIMIT.each * count + PULL_LIMIT.more;
  while (Date.now() < giveUpAt) {
    const { list } = await call<{ list: MailAccount[] }>(api, 'MailAccount/get', { ids: null });
    if (list.every(({ status }) => status.lastSuccessAt !== null && status.stored >= count)) return;
    await sleep(200);
  }
  throw new Error('The first pull did not end in time.');
}

async function call<T>(api: Api, method: string, args: Record<string, unknown>): Promise<T> {
  const response = await fetch(`${api.url}/jmap/api`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ using: [CORE, ACCOUNTS], methodCalls: [[method, args, 'c']] }),
  });
  const { methodResponses } = (await response.json()) as { methodResponses: [string, T][] };
  const [name, answer] = methodResponses[0] ?? [];
  if (name !== method || !answer) throw new Error(`${method} did not work.`);
  return answer;
}
