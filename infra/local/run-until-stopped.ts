import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MailferryError } from '../../functions/errors.ts';

/**
 * Runs a program until Ctrl-C or SIGTERM: `start`, then wait, then the `stop` that it gave, then exit code 0. A
 * signal during the start lets that finish first, so that everything it has started is known; a second signal does
 * not wait. An error is printed as its sentence, and the exit code is 1.
 */
export async function runUntilStopped(start: () => Promise<{ stop(): Promise<void> }>): Promise<never> {
  const signalled = new Promise<void>(resolve => {
    let signals = 0;
    const onSignal = () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
  try {
    const running = await start();
    await signalled;
    await running.stop();
  } catch (error) {
    console.error(error instanceof MailferryError ? error.message : error);
    process.exit(1);
  }
  process.exit(0);
}

/** True for the module that node was asked to run. */
export function isEntry(module: { url: string }): boolean {
  const [, entry] = process.argv;
  return entry !== undefined && realpathSync(entry) === fileURLToPath(module.url);
}
