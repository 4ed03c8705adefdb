import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type MailServerPorts, mailServerConfig, oauthSettings, parseVersion } from './mail-server-config.ts';
import {
  findProgram,
  giveTo,
  type MailOwner,
  MailServerError,
  mailOwner,
  makeFolder,
  serverPlace,
  userId,
} from './mail-server-place.ts';
import { freePort, keepDovecot, stopPrevious, waitForGreeting } from './mail-server-process.ts';

export { MailServerError } from './mail-server-place.ts';
export { doveadm } from './mail-server-process.ts';
export { deliver } from './maildir.ts';

/** One login of the mail server. */
export interface MailServerUser {
  name: string;
  password: string;
  /** The Maildir, absolute; by default one of the server's own. */
  maildir?: string;
}

/** How to start a mail server. */
export interface MailServerOptions {
  /** Holds its configuration, log and (where its owner can reach it) mail; made when missing. */
  folder: string;
  users: readonly MailServerUser[];
  /** Ports on 127.0.0.1; free ones are taken for those not given. */
  imapPort?: number;
  popPort?: number;
  imapsPort?: number;
  popsPort?: number;
  /** With a self-signed certificate: STARTTLS, STLS and the two implicit TLS ports. */
  tls?: boolean;
  /** Host names that the certificate is for beside localhost. */
  names?: readonly string[];
  /** Also OAUTHBEARER and XOAUTH2: it asks at this address, followed by the token, whose it is (`{ "email" }`). */
  tokenInfo?: string;
  /** Keep the mail after `stop` where it had to live outside `folder`. */
  keep?: boolean;
}

/** A running Dovecot. */
export interface MailServer {
  host: '127.0.0.1';
  ports: MailServerPorts;
  /** PEM of the certificate for localhost and 127.0.0.1, to be trusted by clients; null without `tls`. */
  certificate: string | null;
  configFile: string;
  logFile: string;
  /** Each user's Maildir. */
  maildirs: ReadonlyMap<string, string>;
  owner: MailOwner;
  /** Process id of Dovecot's master. */
  pid: number;
  /** Ends it and waits until it is gone. Calling it again is harmless. */
  stop(): Promise<void>;
}

/**
 * Starts a real Dovecot (2.3, or 2.4 by its own syntax) with IMAP and POP3 on loopback, as root or as an
 * ordinary user, and returns when its ports answer. It ends with `stop`, or when this process dies, however it
 * dies. An instance that is left from an earlier start in the same folder is stopped first.
 * Throws MailServerError: `missing` (Dovecot is not installed), `place`, `user`, `start` (with the end of its log).
 */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const program = findProgram('dovecot');
  if (!program) {
    throw new MailServerError(
      'missing',
      'Dovecot is not installed: apt-get install dovecot-imapd dovecot-pop3d',
    );
  }
  const version = parseVersion(execFileSync(program, ['--version'], { encoding: 'utf8' }));
  if (!version) throw new MailServerError('start', `${program} --version did not say a version.`);
  const { folder, place, owner, runFolder, configFile } = await settle(options.folder);
  const logFile = join(folder, 'dovecot.log');
  makeFolder(runFolder, 0o755);

  const maildirs = makeMaildirs(options.users, join(place, 'mail'), owner);
  const userFile = join(place, 'users');
  writeUsers(userFile, options.users, maildirs, owner);
  const certificate = options.tls ? await makeCertificate(place, options.names ?? []) : null;
  const ports = await choosePorts(options);
  const ownUser = userInfo().uid === 0 ? null : { name: userInfo().username, group: ownGroup() };
  const { tokenInfo = null } = options;
  const oauthFile = tokenInfo === null ? null : join(place, 'oauth2.conf');
  if (oauthFile !== null && tokenInfo !== null) writeFileSync(oauthFile, oauthSettings(tokenInfo));
  const plan = { version, runFolder, logFile, userFile, ports, certificate, ownUser, oauthFile, tokenInfo };
  writeFileSync(configFile, mailServerConfig(plan), { mode: 0o644 });

  const dovecot = await keepDovecot(program, configFile, logFile);
  try {
    for (const [port, tls] of portList(ports)) await waitForGreeting(port, tls, dovecot);
  } catch (error) {
    await dovecot.stop();
    throw new MailServerError('start', `Dovecot did not start. ${logEnd(logFile)}`, { cause: error });
  }
  return {
    host: '127.0.0.1',
    ports,
    certificate: certificate && readFileSync(certificate.certFile, 'utf8'),
    configFile,
    logFile,
    maildirs,
    owner,
    pid: dovecot.pid,
    stop: async () => {
      await dovecot.stop();
      if (place !== folder && !options.keep) rmSync(place, { recursive: true, force: true });
    },
  };
}

/**
 * Ends the mail server that an earlier start, killed before it could, left in this folder; `startMailServer` does
 * so too, but whoever looks for free ports must do it before. Throws MailServerError `place`.
 */
export async function stopMailServerOf(folder: string): Promise<void> {
  await settle(folder);
}

/** Makes the folder, finds where the server lives, and sees to it that none runs there. */
async function settle(wanted: string) {
  mkdirSync(wanted, { recursive: true });
  const folder = realpathSync(wanted);
  const owner = mailOwner();
  const place = serverPlace(folder, owner);
  makeFolder(place, 0o711);
  const runFolder = join(place, 'run');
  const configFile = join(place, 'dovecot.conf');
  await stopPrevious(join(runFolder, 'master.pid'), configFile);
  return { folder, owner, place, runFolder, configFile };
}

function makeMaildirs(
  users: readonly MailServerUser[],
  mailFolder: string,
  owner: MailOwner,
): Map<string, string> {
  makeFolder(mailFolder, 0o711);
  const maildirs = new Map<string, string>();
  for (const user of users) {
    if (!/^[\w@+-][\w.@+-]*$/.test(user.name)) {
      throw new MailServerError(
        'user',
        'A user name of the local mail server has letters, digits and . @ + - _',
      );
    }
    const maildir = user.maildir ?? join(mailFolder, user.name);
    for (const part of ['', 'cur', 'new', 'tmp']) makeFolder(join(maildir, part), 0o700, owner);
    maildirs.set(user.name, maildir);
  }
  return maildirs;
}

/** passwd-file(5): name, password (in base64, so that it may hold anything), uid, gid, gecos, home. */
function writeUsers(
  path: string,
  users: readonly MailServerUser[],
  maildirs: ReadonlyMap<string, string>,
  owner: MailOwner,
): void {
  const lines = users.map(({ name, password }) => {
    const secret = Buffer.from(password, 'utf8').toString('base64');
    return `${name}:{PLAIN.b64}${secret}:${owner.uid}:${owner.gid}::${maildirs.get(name)}\n`;
  });
  writeFileSync(path, lines.join(''), { mode: 0o600 });
  // Dovecot's auth process reads it, and as root that runs as the user `dovecot`.
  if (userInfo().uid === 0) giveTo(path, { uid: userId('dovecot'), gid: 0 });
}

async function makeCertificate(
  place: string,
  hosts: readonly string[],
): Promise<{ certFile: string; keyFile: string }> {
  const files = { certFile: join(place, 'localhost.crt'), keyFile: join(place, 'localhost.key') };
  if (existsSync(files.certFile) && existsSync(files.keyFile)) return files;
  const openssl = findProgram('openssl');
  if (!openssl) throw new MailServerError('missing', 'openssl is not installed: apt-get install openssl');
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=localhost';
  const names = `subjectAltName=${['localhost', ...hosts].map(host => `DNS:${host}`).join()},IP:127.0.0.1`;
  const output = ['-addext', names, '-keyout', files.keyFile, '-out', files.certFile];
  await promisify(execFile)(openssl, [...request.split(' '), ...output]);
  return files;
}

async function choosePorts(options: MailServerOptions): Promise<MailServerPorts> {
  return {
    imap: options.imapPort ?? (await freePort()),
    pop: options.popPort ?? (await freePort()),
    imaps: options.tls ? (options.imapsPort ?? (await freePort())) : null,
    pops: options.tls ? (options.popsPort ?? (await freePort())) : null,
  };
}

function portList({ imap, pop, imaps, pops }: MailServerPorts): [port: number, tls: boolean][] {
  const tls = [imaps, pops].filter(port => port !== null);
  return [[imap, false], [pop, false], ...tls.map((port): [number, boolean] => [port, true])];
}

function ownGroup(): string {
  return execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
}

function logEnd(logFile: string): string {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-4).join(' | ');
}
