import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ACCOUNTS, CORE, MAIL, type MailAccount } from '../../functions/jmap/types.ts';
import { sampleMail } from '../../infra/local/sample-mail.ts';

const BOOTSTRAP = fileURLToPath(new URL('../../infra/local/bootstrap.mjs', import.meta.url));
const DEMO = fileURLToPath(new URL('../../infra/local/demo.ts', import.meta.url));

let data: string;
const started: ChildProcess[] = [];
before(async () => {
  data = await mkdtemp(join(tmpdir(), 'mailferry-demo-'));
});
after(async () => {
  // A demo that a failed test left behind.
  for (const child of started) if (child.exitCode === null) child.kill('SIGTERM');
  await Promise.all(started.map(child => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
  await rm(data, { recursive: true, force: true });
});

interface Running {
  process: ChildProcess;
  lines: string[];
  /** The first line that matches; fails when the program ends before. */
  line(wanted: RegExp): Promise<string>;
}

function runDemo(): Running {
  const child = spawn(process.execPath, [BOOTSTRAP, '--need', 'dovecot', '--', DEMO], {
    env: { ...process.env, MAILFERRY_PORT: '0', MAILFERRY_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', line => lines.push(line));
  return {
    process: child,
    lines,
    async line(wanted) {
      for (;;) {
        const found = lines.find(line => wanted.test(line));
        if (found !== undefined) return found;
        assert.equal(child.exitCode ?? child.signalCode, null, `the demo ended: ${lines.join('\n')}`);
        await sleep(50);
      }
    },
  };
}

/** Every process below one, itself included. */
async function familyOf(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const family = [root];
  for (const member of family) {
    for (const [pid, parent] of parents) if (parent === member) family.push(pid);
  }
  return family;
}

/** Waits until none of the processes is left; fails after 20 s. */
async function allGone(pids: readonly number[]): Promise<void> {
  let left: number[] = [];
  for (let tries = 0; tries < 200; tries += 1) {
    const states = await Promise.all(
      pids.map(async pid => [pid, await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)] as const),
    );
    left = states.filter(([, stat]) => stat !== null && !/\) Z /.test(stat)).map(([pid]) => pid);
    if (left.length === 0) return;
    await sleep(100);
  }
  assert.fail(`still running: ${left.join(', ')}`);
}

async function jmap(url: string, method: string, args: Record<string, unknown>) {
  const token = (await readFile(join(data, 'token'), 'utf8')).trim();
  const response = await fetch(`${url}/jmap/api`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ using: [CORE, MAIL, ACCOUNTS], methodCalls: [[method, args, 'c']] }),
  });
  assert.equal(response.status, 200);
  const { methodResponses } = (await response.json()) as { methodResponses: [string, unknown, string][] };
  const [name, result] = methodResponses[0] ?? ['', null];
  assert.equal(name, method, JSON.stringify(result));
  return result as Record<string, unknown>;
}

/** Different messages of a sample account: equal bytes in two mailboxes are one Email. */
function sampleSize(protocol: 'imap' | 'pop', now: Date): number {
  const own = sampleMail({ now }).filter(one => one.account === protocol);
  return new Set(own.map(one => createHash('sha256').update(one.raw).digest('hex'))).size;
}

/** Waits until the first pull of each account has ended well, then asserts that it holds every message once. */
async function assertComplete(url: string): Promise<string[]> {
  for (let tries = 0; tries < 240; tries += 1) {
    const { list } = (await jmap(url, 'MailAccount/get', { ids: null })) as { list: MailAccount[] };
    if (list.every(one => one.status.lastSuccessAt !== null)) break;
    await sleep(250);
  }
  const accounts = (await jmap(url, 'MailAccount/get', { ids: null })).list as MailAccount[];
  assert.deepEqual(accounts.map(one => one.protocol).sort(), ['imap', 'pop']);
  for (const account of accounts) {
    const ids = (await jmap(url, 'Email/query', { accountId: account.id })).ids as string[];
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(account.status.quarantined, 0);
    assert.equal(
      ids.length,
      sampleSize(account.protocol === 'pop' ? 'pop' : 'imap', new Date()),
      account.protocol,
    );
  }
  return accounts.map(account => account.id).sort();
}

describe('the demo', () => {
  let accounts: string[];

  test('is killed in the middle of the first pull, and leaves no process', async () => {
    const demo = runDemo();
    await demo.line(/account: ([1-9]\d* of|waiting)/);
    const family = await familyOf(demo.process.pid ?? 0);
    demo.process.kill('SIGKILL');
    await allGone(family);
  });

  test('started again has every message once, and ends by Ctrl-C with exit code 0', async () => {
    const demo = runDemo();
    const line = await demo.line(/^Mailferry is at /);
    assert.equal(demo.lines.at(-1), line, 'the address is the last line');
    accounts = await assertComplete(line.replace('Mailferry is at ', ''));
    const family = await familyOf(demo.process.pid ?? 0);
    const exit = once(demo.process, 'exit');
    demo.process.kill('SIGINT');
    assert.deepEqual(await exit, [0, null]);
    await allGone(family);
  });

  test('a later start keeps what was there', async () => {
    const demo = runDemo();
    const line = await demo.line(/^Mailferry is at /);
    assert.deepEqual(await assertComplete(line.replace('Mailferry is at ', '')), accounts);
    const exit = once(demo.process, 'exit');
    demo.process.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
  });
});
