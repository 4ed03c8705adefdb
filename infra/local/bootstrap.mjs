// Makes a fresh machine ready, then runs a program of ours:
//
//   node infra/local/bootstrap.mjs [--need dovecot|chromium|fonts]... -- program.ts [argument]...
//
// Plain JavaScript without dependencies, because it is what installs them. When nothing is missing it adds less
// than 150 ms. Signals reach the program exactly once, and its exit code is passed on.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_NODE = [20, 19];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_TEXT = '#!/bin/sh\n# Mailferry: do not start what is being installed\nexit 101\n';

/** What a program may need of the machine: how to see that it is there, and the Debian packages that bring it. */
const NEEDS = {
  dovecot: {
    present: () => hasProgram('dovecot') && ['imap', 'pop3'].every(hasDovecotProtocol),
    packages: ['dovecot-imapd', 'dovecot-pop3d'],
  },
  chromium: {
    present: () => ['chromium', 'chromium-browser', 'google-chrome'].some(hasProgram),
    packages: ['chromium'],
  },
  // Screenshots of the sample mail: Japanese, emoji, and the rest (Arabic, Hebrew, Greek, Thai, ...).
  fonts: {
    present: () =>
      hasPackage('fonts-noto-core') &&
      hasPackage('fonts-noto-color-emoji') &&
      ['fonts-ipafont-gothic', 'fonts-noto-cjk'].some(hasPackage),
    packages: ['fonts-noto-core', 'fonts-noto-color-emoji', 'fonts-ipafont-gothic'],
  },
};

/** A reason to stop that the person can act on; shown without a stack. */
class Unready extends Error {}

try {
  checkNode();
  const { needs, command } = readArguments(process.argv.slice(2));
  await installPackages();
  await meetNeeds(needs);
  process.exitCode = await run(command);
} catch (error) {
  if (!(error instanceof Unready)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Unready(
    `Mailferry needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. See https://nodejs.org/`,
  );
}

function readArguments(given) {
  const end = given.indexOf('--');
  const options = end < 0 ? given : given.slice(0, end);
  const command = end < 0 ? [] : given.slice(end + 1);
  const needs = [];
  for (let at = 0; at < options.length; at += 2) {
    const need = options[at + 1] ?? '';
    if (options[at] !== '--need' || !Object.hasOwn(NEEDS, need)) {
      throw new Unready(
        `Usage: bootstrap.mjs [--need ${Object.keys(NEEDS).join('|')}]... -- program.ts [argument]...`,
      );
    }
    needs.push(need);
  }
  return { needs, command };
}

/** Runs `npm ci` unless node_modules is what package-lock.json asks for; a stamp file says so the next time. */
async function installPackages() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  const sum = createHash('sha256').update(lock).digest('hex');
  const stamp = join(ROOT, 'node_modules/.mailferry-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sum) return;
  if (!isInstalled(JSON.parse(lock.toString()))) {
    const npm = process.env.npm_execpath?.endsWith('.js')
      ? [process.execPath, process.env.npm_execpath]
      : ['npm'];
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    try {
      await step('npm packages', [...npm, 'ci', ...quiet]);
    } catch (error) {
      if (!/can only install packages when|EUSAGE/.test(error.message)) throw error;
      // The lock lacks a package, which stops `npm ci` even if it is one for another system.
      await step('npm packages, not all of which are in the lock', [
        ...npm,
        'install',
        '--no-save',
        ...quiet,
      ]);
    }
  }
  try {
    writeFileSync(stamp, sum);
  } catch {
    // Somebody else's node_modules, which we may read only; comparing again each time costs 20 ms.
  }
}

/** True when npm's own note of what it installed has every package of the lock in its version. */
function isInstalled(lock) {
  const note = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const { packages } = JSON.parse(readFileSync(note, 'utf8'));
  return Object.entries(lock.packages).every(([path, wanted]) => {
    const found = packages[path];
    // Packages for other systems are in the lock and never installed.
    return path === '' || (found ? found.version === wanted.version : wanted.optional || wanted.devOptional);
  });
}

async function meetNeeds(needs) {
  const missing = needs.filter(need => !NEEDS[need].present());
  if (missing.length === 0) return;
  const packages = missing.flatMap(need => NEEDS[need].packages);
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !hasProgram('apt-get')) {
    const how = hasProgram('apt-get')
      ? `Run: sudo ${command}`
      : `Debian's names for it: ${packages.join(' ')}`;
    throw new Unready(`Mailferry needs ${missing.join(' and ')}; not installed here. ${how}`);
  }
  // Installing a server starts it on Debian, unless this file forbids it; ours is started by us, on ports of its
  // own. A file of ours that is already there was left by an installation that was killed.
  const forbid = !existsSync(POLICY) || readFileSync(POLICY, 'utf8') === POLICY_TEXT;
  if (forbid) writeFileSync(POLICY, POLICY_TEXT, { mode: 0o755 });
  try {
    const wait = ['-o', 'DPkg::Lock::Timeout=120'];
    await step('package lists', ['apt-get', ...wait, 'update', '-qq']);
    await step(packages.join(', '), [
      'apt-get',
      ...wait,
      'install',
      '-y',
      '-qq',
      '--no-install-recommends',
      ...packages,
    ]);
  } finally {
    if (forbid) rmSync(POLICY, { force: true });
  }
  const still = missing.find(need => !NEEDS[need].present());
  if (still) throw new Unready(`${still} is still missing after: ${command}`);
}

/** Runs one installation step quietly, with a line that tells what and how long; its output only if it fails. */
async function step(what, [program, ...args]) {
  const start = performance.now();
  process.stdout.write(`Installing ${what} … `);
  const child = spawn(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => output.push(chunk));
  const code = await ending(child);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(code === 0 ? `${seconds} s` : `failed after ${seconds} s`);
  if (code === 0) return;
  // npm says the reason first, apt says it last.
  const lines = Buffer.concat(output).toString().trim().split('\n');
  const said = [...lines.slice(0, 10), ...lines.slice(10).slice(-20)].join('\n');
  throw new Unready(`${said}\n${[program, ...args].join(' ')} failed (${code}).`);
}

/** Runs a program of ours under tsx, without the process that the tsx command would put in between. */
async function run([program, ...args]) {
  if (!program) return 0;
  const tsx = pathToFileURL(createRequire(join(ROOT, 'package.json')).resolve('tsx')).href;
  const parent = new URL('bootstrap-parent.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', parent, '--import', tsx, program, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // A process group of its own: Ctrl-C reaches this process only, which passes it on, so it arrives once.
    detached: true,
  });
  return ending(child);
}

/** The exit code of a child, 128 + n when a signal ended it. Passes on the signals that arrive meanwhile. */
function ending(child) {
  const forward = signal => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', error =>
      reject(new Unready(`${child.spawnfile} could not be run: ${error.message}`)),
    );
    child.once('exit', (code, signal) => {
      for (const name of SIGNALS) process.off(name, forward);
      resolve(code ?? 128 + system.signals[signal]);
    });
  });
}

function hasProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/bin'];
  return folders.some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

function hasPackage(name) {
  return existsSync(`/var/lib/dpkg/info/${name}.list`);
}

/** Dovecot's protocols are packages of their own, each with a program in its library folder. */
function hasDovecotProtocol(name) {
  const folders = ['/usr/lib/dovecot', '/usr/libexec/dovecot', '/usr/local/libexec/dovecot'];
  return folders.some(folder => existsSync(join(folder, name)));
}
