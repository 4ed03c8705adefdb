import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperatorError } from './errors.ts';

const PROGRAMS = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));

/**
 * Runs the CDK command of the PATH, else the one of this project, with its output in a file. Gives its exit code; 130
 * where `signal` ended it, which tells CDK and leaves CloudFormation to finish what it has begun.
 */
export async function runCdk(
  args: readonly string[],
  { output, signal }: { output: string; signal?: AbortSignal },
): Promise<number> {
  const file = await open(output, 'w', 0o600);
  try {
    const child = spawn('cdk', args, {
      env: { ...process.env, PATH: [process.env.PATH, PROGRAMS].filter(Boolean).join(delimiter) },
      stdio: ['ignore', file.fd, file.fd],
    });
    const stop = () => child.kill('SIGINT');
    signal?.addEventListener('abort', stop);
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      return signal?.aborted ? 130 : (code ?? 1);
    } catch (cause) {
      throw new OperatorError('cdk', 'The CDK command could not be started. Run npm ci first.', { cause });
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  } finally {
    await file.close();
  }
}

/** What a failed command gives as its reason: the line that CDK marks, else its last one. */
export function reasonIn(output: string): string {
  const lines = output
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  const marked = lines.find(line => line.startsWith('❌'))?.replace(/^❌\s*/, '');
  return (marked ?? lines.at(-1) ?? 'it said nothing').slice(0, 200);
}

/** Where the logs of a run are: beside the synthesised templates, which are not kept either. */
export const logFile = (out: string, name: string) => join(out, 'logs', `${name}.log`);
