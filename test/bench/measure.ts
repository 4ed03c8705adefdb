import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** What something cost. */
export interface Cost {
  /** Seconds. */
  wall: number;
  /** Seconds of user and system time of all processes that worked for it. */
  cpu: number;
  /** Highest resident memory of one process, in MB. */
  memory: number;
}

/** proc(5): times are counted in ticks, and Linux has shown a hundred a second to programs for ever. */
const TICKS = 100;

/** CPU seconds that a process has used until now; 0 when it is gone. */
export function cpuOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

/** The highest resident memory that a process has had, in MB; 0 when it is gone. */
export function peakMemoryOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Runs a program to its end and measures it. Throws Error with the end of what it printed when it fails.
 * bash's `time` counts the CPU seconds, those of its children included, which Node does not tell.
 */
export async function measureProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  const startedAt = performance.now();
  const child = spawn('bash', ['-c', script, 'bash', program, ...args], {
    env: { ...process.env, ...env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = collect(child);
  let memory = 0;
  const watch = setInterval(() => {
    for (const pid of childrenOf(child.pid ?? 0)) memory = Math.max(memory, peakMemoryOf(pid));
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watch);
  const wall = (performance.now() - startedAt) / 1000;
  const times = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(printed());
  if (code !== 0) throw new Error(`${program} failed (${code}): ${printed().slice(-600)}`);
  return { wall, cpu: Number(times?.[1]) + Number(times?.[2]), memory } satisfies Cost;
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-4000);
    });
  }
  return () => text;
}

function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').map(Number);
  } catch {
    return [];
  }
}
