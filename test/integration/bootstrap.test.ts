import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BOOTSTRAP = fileURLToPath(new URL('../../infra/local/bootstrap.mjs', import.meta.url));

test('the program gets its arguments, runs as TypeScript, and its exit code is passed on', async t => {
  const program = await write(
    t,
    `
    const rest: string[] = process.argv.slice(2);
    console.log(JSON.stringify(rest));
    process.exitCode = 7;
  `,
  );
  const { child, lines } = start(t, ['--', program, '--port', '0']);
  assert.equal((await lines.next()).value, '["--port","0"]');
  assert.deepEqual(await once(child, 'exit'), [7, null]);
});

for (const target of ['itself', 'its process group']) {
  test(`a Ctrl-C that reaches ${target} reaches the program once, and is waited for`, async t => {
    const program = await write(
      t,
      `
      let count = 0;
      process.on('SIGINT', () => {
        count += 1;
        setTimeout(() => { console.log('SIGINT', count); process.exit(3); }, 300);
      });
      setInterval(() => {}, 1000);
      console.log('ready');
    `,
    );
    const { child, lines, pid } = start(t, ['--', program]);
    await lines.next();
    process.kill(target === 'itself' ? pid : -pid, 'SIGINT');
    assert.equal((await lines.next()).value, 'SIGINT 1');
    assert.deepEqual(await once(child, 'exit'), [3, null]);
  });
}

test('the program does not outlive a bootstrap that was killed', async t => {
  const program = await write(
    t,
    `
    console.log(process.pid);
    setInterval(() => {}, 1000);
  `,
  );
  const { lines, pid } = start(t, ['--', program]);
  const own = Number((await lines.next()).value);
  t.after(() => alive(own) && process.kill(own, 'SIGKILL'));
  assert.ok(alive(own));
  process.kill(pid, 'SIGKILL');
  for (let waited = 0; alive(own) && waited < 5000; waited += 50) await sleep(50);
  assert.ok(!alive(own));
});

test('an unknown need is explained', async t => {
  const { child } = start(t, ['--need', 'patience', '--', 'x.ts'], 'ignore');
  assert.deepEqual(await once(child, 'exit'), [1, null]);
});

async function write(t: TestContext, source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-bootstrap-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'program.ts');
  await writeFile(file, source);
  return file;
}

function start(t: TestContext, args: string[], stderr: 'inherit' | 'ignore' = 'inherit') {
  const child: ChildProcess = spawn(process.execPath, [BOOTSTRAP, ...args], {
    stdio: ['ignore', 'pipe', stderr],
    detached: true,
  });
  t.after(() => child.kill('SIGKILL'));
  assert.ok(child.stdout && child.pid);
  return { child, pid: child.pid, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

/** Whether a process runs; one that ended and was not waited for (Z in proc(5)) does not. */
function alive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
