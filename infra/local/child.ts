import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** How long a process may take to end by itself before it is killed, in milliseconds. */
const GRACE_MS = 4000;
/** A log above this size starts anew with the next start. */
const LOG_LIMIT = 10 * 1024 * 1024;

/**
 * Forks one of our TypeScript modules with a message channel. What it prints goes to `<data>/logs/<name>.log`, so
 * that the terminal shows what a person needs and nothing else. Variables that configure AWS, and the sign-in
 * password, stay behind.
 */
export function forkModule(module: URL, args: readonly string[], data: string, name: string): ChildProcess {
  const log = openLog(data, name);
  try {
    return fork(fileURLToPath(module), [...args], {
      // Mail passes through as short-lived buffers: a small young generation costs little time and saves much memory.
      execArgv: [
        '--import',
        import.meta.resolve('tsx'),
        '--enable-source-maps',
        '--max-semi-space-size=8',
        '--heap-growing-percent=25',
      ],
      env: childEnvironment(),
      stdio: ['ignore', log, log, 'ipc'],
      // Structured clone: bytes and large strings cross without JSON's detour.
      serialization: 'advanced',
    });
  } finally {
    closeSync(log);
  }
}

/** Ends a child: closes its channel, which it takes as its sign to go, then waits, then SIGKILL. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  if (child.connected) child.disconnect();
  const timer = new AbortController();
  const inTime = await Promise.race([
    gone.then(() => true),
    sleep(GRACE_MS, false, { signal: timer.signal }).catch(() => true),
  ]);
  timer.abort();
  if (!inTime) child.kill('SIGKILL');
  await gone;
}

function openLog(data: string, name: string): number {
  const folder = join(data, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.log`);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT) truncateSync(path);
  return openSync(path, 'a', 0o600);
}

function childEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('AWS_') && name !== 'MAILFERRY_PASSWORD' && name !== 'NODE_CHANNEL_FD',
  );
  // glibc keeps an arena for each of a dozen threads: two are as fast, and hold less of what was freed.
  return { MALLOC_ARENA_MAX: '2', ...Object.fromEntries(kept) };
}
