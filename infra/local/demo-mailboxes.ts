import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { deliver, doveadm, type MailServer, startMailServer, stopMailServerOf } from './mail-server.ts';
import { freePort } from './mail-server-process.ts';
import { sampleMail } from './sample-mail.ts';

const login = z.object({
  host: z.literal('127.0.0.1'),
  port: z.int().min(1).max(65_535),
  username: z.string().min(1),
  password: z.string().min(1),
});
const stored = z.object({ imap: login, pop: login });

/** How to sign in to one of the sample accounts; without TLS, and the user name is the address. */
export type SampleLogin = z.infer<typeof login>;

/** The running mail server of the demo. */
export interface SampleMailServer {
  imap: SampleLogin;
  pop: SampleLogin;
  /** Ends it and waits until it is gone; its mail stays. */
  stop(): Promise<void>;
}

/** Ports that are asked for first, so that the demo looks the same on most machines. */
const IMAP_PORT = 14_143;
const POP_PORT = 14_110;
/** Lies in a Maildir whose sample mail is complete, with a hash that tells for which login. */
const COMPLETE = 'sample-mail-complete';

/**
 * Starts the mail server of the demo, with its state below `<dataFolder>/demo/`. The first start writes the
 * sample mail (dated back from `now`); later ones keep what is there. Ports, user names and passwords are
 * chosen once and stay in `<dataFolder>/demo/mail-server.json` (mode 0600); a port that somebody else has taken
 * since is replaced. `ports`: the usual ones where they are free, or any, for many at once. Throws MailServerError, as
 * `startMailServer` does.
 */
export async function startSampleMailServer(
  dataFolder: string,
  now = new Date(),
  ports: 'usual' | 'any' = 'usual',
): Promise<SampleMailServer> {
  const folder = join(dataFolder, 'demo');
  // Like everything else in the data folder: it may be asked for before the rest has made it.
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  mkdirSync(folder, { recursive: true });
  await stopMailServerOf(folder);
  const { imap, pop } = await chooseLogins(join(folder, 'mail-server.json'), ports);
  const server = await startMailServer({
    folder,
    imapPort: imap.port,
    popPort: pop.port,
    users: [imap, pop].map(({ username, password }) => ({ name: username, password })),
    keep: true,
  });
  try {
    await writeOnce(server, imap, 'imap', now);
    await writeOnce(server, pop, 'pop', now);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { imap, pop, stop: server.stop };
}

async function chooseLogins(file: string, ports: 'usual' | 'any'): Promise<z.infer<typeof stored>> {
  const known = readStored(file);
  // Two that start at the same moment would both find the usual ones free.
  const first = async (usual: number) => (ports === 'any' ? freePort() : usual);
  const password = () => randomBytes(12).toString('base64url');
  const imap = known?.imap ?? {
    host: '127.0.0.1',
    port: await first(IMAP_PORT),
    username: 'mara@example.com',
    password: password(),
  };
  const pop = known?.pop ?? {
    host: '127.0.0.1',
    port: await first(POP_PORT),
    username: 'mara.lindqvist@example.org',
    password: password(),
  };
  const logins = {
    imap: { ...imap, port: await freeOr(imap.port) },
    pop: { ...pop, port: await freeOr(pop.port) },
  };
  writeFileSync(file, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
  return logins;
}

/** What an earlier start wrote; null when there is none, or it was cut off while being written. */
function readStored(file: string): z.infer<typeof stored> | null {
  if (!existsSync(file)) return null;
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

async function freeOr(port: number): Promise<number> {
  const probe = createServer();
  probe.listen(port, '127.0.0.1');
  const free = await once(probe, 'listening').then(
    () => true,
    () => false,
  );
  if (!free) return freePort();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function writeOnce(
  server: MailServer,
  { username: user, password }: SampleLogin,
  account: 'imap' | 'pop',
  now: Date,
): Promise<void> {
  const complete = join(server.maildirs.get(user) ?? '', COMPLETE);
  // The mail may live outside the data folder; a new data folder has new passwords, and so gets new mail.
  const mark = createHash('sha256').update(password).digest('hex');
  if (existsSync(complete) && readFileSync(complete, 'utf8') === mark) return;
  // Nobody has been given an earlier attempt that was killed half-way, so it can go.
  await doveadm(server, ['expunge', '-u', user, 'mailbox', '*', 'all']);
  for (const message of sampleMail({ now })) {
    if (message.account !== account) continue;
    await deliver(server, user, message.mailbox, message.raw, message.flags, message.date);
  }
  writeFileSync(complete, mark, { mode: 0o600 });
}
