/**
 * Runs the project's checks one stage after the other and closes with the sum: `npm test` all of them, `npm run
 * check` those named as arguments. A stage that fails does not keep the next from running; the exit code is 1 then.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Count {
  passed: number;
  failed: number;
}
interface Stage {
  name: string;
  run(): Promise<Count>;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A file of tests that takes longer than this has hung, in milliseconds; see test/support/thorough.ts. */
const FILE_LIMIT = process.env.MAILFERRY_THOROUGH === '1' ? 36_000_000 : 600_000;

const stages: Stage[] = [
  { name: 'types', run: () => programs(['tsc', '-p', '.'], ['tsc', '-p', 'pwa']) },
  { name: 'lint', run: () => programs(['biome', 'check', '--error-on-warnings']) },
  { name: 'unit', run: () => tests('test/unit', 2) },
  // Much of their time is waiting for servers, so six files at a time keep two cores busy; browsers need more.
  { name: 'integration', run: () => tests('test/integration', 6) },
  { name: 'infra', run: () => tests('test/infra', 2) },
  { name: 'e2e', run: () => tests('test/e2e', 2) },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !stages.some(stage => stage.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no stage ${unknown.join(', ')}. Stages: ${stages.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

const sum: Count = { passed: 0, failed: 0 };
const lines: string[] = [];
for (const stage of stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n== ${stage.name}`);
  const startedAt = performance.now();
  const { passed, failed } = await stage.run();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  lines.push(`${stage.name.padEnd(12)} ${passed} passed, ${failed} failed, ${seconds} s`);
  sum.passed += passed;
  sum.failed += failed;
}
console.log(`\n${lines.join('\n')}`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 ? 1 : 0;

/** Programs of node_modules/.bin, side by side; each counts as one check. */
async function programs(...commands: string[][]): Promise<Count> {
  const results = await Promise.all(
    commands.map(([program = '', ...args]) => succeeds(join(ROOT, 'node_modules/.bin', program), args)),
  );
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

/** The test files of a folder, with the spec reporter for people and TAP for the count. */
async function tests(folder: string, concurrency: number): Promise<Count> {
  const files = readdirSync(join(ROOT, folder))
    .filter(name => name.endsWith('.test.ts'))
    .map(name => join(folder, name));
  if (files.length === 0) return { passed: 0, failed: 0 };
  const temporary = mkdtempSync(join(tmpdir(), 'mailferry-tests-'));
  const tap = join(temporary, 'result.tap');
  try {
    const ok = await succeeds(process.execPath, [
      ...['--import', import.meta.resolve('tsx'), '--import', import.meta.resolve('./support/seed.ts')],
      '--test',
      ...[`--test-concurrency=${concurrency}`, `--test-timeout=${FILE_LIMIT}`],
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=tap', `--test-reporter-destination=${tap}`],
      ...files,
    ]);
    return counted(readFileSync(tap, 'utf8'), ok);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** Reads TAP's closing comments. A run that failed without a failed test, by a crash, counts as one failure. */
function counted(tap: string, ok: boolean): Count {
  const of = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  const failed = of('fail') + of('cancelled');
  return { passed: of('pass'), failed: ok ? failed : Math.max(1, failed) };
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
