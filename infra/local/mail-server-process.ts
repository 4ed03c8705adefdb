import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findProgram, MailServerError } from './mail-server-place.ts';

/** Dovecot's master as seen from the process that wants it. */
export interface KeptDovecot {
  pid: number;
  /** Why it is not running any more; null while it does. */
  ended(): string | null;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** Longest wait for a greeting, and for an earlier instance to stop, in milliseconds. */
const START_LIMIT = 15_000;
const STOP_LIMIT = 5_000;

/**
 * Starts Dovecot below a keeper process (`mail-server-keeper.mjs`) that ends it when this process dies.
 * Throws MailServerError `start` when the program cannot be run.
 */
export async function keepDovecot(
  program: string,
  configFile: string,
  logFile: string,
): Promise<KeptDovecot> {
  const script = fileURLToPath(new URL('mail-server-keeper.mjs', import.meta.url));
  const keeper = fork(script, [program, configFile, logFile], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Its own process group: Ctrl-C in a terminal must leave the order of stopping to the parent.
    detached: true,
  });
  let ended: string | null = null;
  const gone = once(keeper, 'exit').then(() => {
    ended ??= 'its keeper ended';
  });
  const pid = await new Promise<number>((resolve, reject) => {
    keeper.on('message', (message: { pid?: number; exit?: string }) => {
      if (message.pid) resolve(message.pid);
      if (message.exit) ended = message.exit;
      if (message.exit) reject(new MailServerError('start', `Dovecot could not be started: ${message.exit}`));
    });
    void gone.then(() => reject(new MailServerError('start', 'The keeper of Dovecot ended at once.')));
  });
  // The server alone must not keep a program alive that has nothing else to do.
  keeper.unref();
  keeper.channel?.unref();
  return {
    pid,
    ended: () => ended,
    stop: async () => {
      keeper.ref();
      if (keeper.connected) keeper.disconnect();
      await gone;
    },
  };
}

/** Ends an instance that an earlier start left behind, if its pid file still names a Dovecot of this configuration. */
export async function stopPrevious(pidFile: string, configFile: string): Promise<void> {
  const pid = readPid(pidFile);
  if (pid === null) return;
  const alive = () => commandLine(pid).includes(configFile);
  if (alive()) {
    signal(pid, 'SIGTERM');
    for (let waited = 0; alive() && waited < STOP_LIMIT; waited += 50) await sleep(50);
    if (alive()) signal(pid, 'SIGKILL');
    while (alive()) await sleep(50);
  }
  rmSync(pidFile, { force: true });
}

/** Waits until a port of the server greets (`* OK` or `+OK`). Throws when Dovecot ended or stays silent. */
export async function waitForGreeting(port: number, tls: boolean, dovecot: KeptDovecot): Promise<void> {
  const until = Date.now() + START_LIMIT;
  while (!(await greets(port, tls))) {
    const reason = dovecot.ended();
    if (reason) throw new MailServerError('start', reason);
    if (Date.now() > until) throw new MailServerError('start', `Port ${port} does not answer.`);
    await sleep(30);
  }
}

/** EX_TEMPFAIL of sysexits.h: what doveadm ends with where Dovecot's auth process does not take connections yet. */
const TEMPORARY_FAILURE = 75;
/** How long that may last, in milliseconds. */
const DOVEADM_LIMIT = 10_000;

/**
 * Runs Dovecot's administration tool against a server, for example `doveadm(server, ['mailbox', 'list', '-u',
 * 'mara'])`, and gives its standard output. Throws MailServerError `doveadm` with what it printed otherwise.
 */
export async function doveadm(server: { configFile: string }, args: readonly string[]): Promise<string> {
  const program = findProgram('doveadm');
  if (!program)
    throw new MailServerError('missing', 'doveadm is not installed: apt-get install dovecot-core');
  const until = Date.now() + DOVEADM_LIMIT;
  for (;;) {
    try {
      const { stdout } = await promisify(execFile)(program, ['-c', server.configFile, ...args], {
        maxBuffer: 64 << 20,
      });
      return stdout;
    } catch (error) {
      const isEarly = (error as { code?: unknown }).code === TEMPORARY_FAILURE && Date.now() < until;
      if (!isEarly) throw failed(args, error);
      await sleep(200);
    }
  }
}

function failed(args: readonly string[], error: unknown): MailServerError {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return new MailServerError('doveadm', `doveadm ${args[0]} failed. ${said}`, { cause: error });
}

/** A loopback port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function greets(port: number, tls: boolean): Promise<boolean> {
  return new Promise(resolve => {
    const socket = tls
      ? // It only looks whether the port answers; nothing is sent, so no identity is needed.
        connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connect({ port, host: '127.0.0.1' });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => finish(false));
    socket.once('data', data => finish(/^(\* OK|\+OK)/.test(data.toString('latin1'))));
    socket.once('error', () => finish(false));
    socket.once('end', () => finish(false));
  });
}

function readPid(pidFile: string): number | null {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').trim());
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in between.
  }
}
