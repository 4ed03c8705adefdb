import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MailferryError } from '../functions/errors.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where the built app lies. */
export const APP_FOLDER = join(ROOT, 'pwa/dist');
/** What the app is made of besides its own folder. */
const SHARED_SOURCES = [
  'package-lock.json',
  'functions/jmap/types.ts',
  'functions/jmap/types-account.ts',
  'functions/jmap/types-mail.ts',
];
/** In the built app: the hash of the sources that it was built from. */
const STAMP = '.sources';

/**
 * Builds the app with Vite unless the built one was made from the very sources that are here. The new app replaces
 * the old one when it is complete. Returns its folder. Throws MailferryError `app-build` with what Vite said.
 */
export async function ensureApp(log: (line: string) => void): Promise<string> {
  const sources = await hashOfSources();
  const isBuilt = async () => (await readFile(join(APP_FOLDER, STAMP), 'utf8').catch(() => null)) === sources;
  if (await isBuilt()) return APP_FOLDER;
  log('Building the app …');
  // The name of the folder is in .gitignore, also when a kill leaves it behind.
  const workplace = join(ROOT, 'pwa', `.build-${randomBytes(6).toString('hex')}`);
  const result = join(workplace, 'dist');
  await mkdir(result, { recursive: true });
  try {
    await runVite(result);
    await writeFile(join(result, STAMP), sources);
    // Somebody else was quicker, and what that one has built may be in use.
    if (await isBuilt()) return APP_FOLDER;
    if (existsSync(APP_FOLDER)) await rename(APP_FOLDER, join(workplace, 'old'));
    await rename(result, APP_FOLDER);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
  return APP_FOLDER;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const files = [...SHARED_SOURCES, ...(await filesBelow('pwa'))].sort();
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(join(ROOT, file)))
      .update('\0');
  return hash.digest('hex');
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { withFileTypes: true });
  const lists = entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'dist' && name !== 'node_modules')
    .map(async entry => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
  return (await Promise.all(lists)).flat();
}

async function runVite(outDir: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--outDir', outDir, '--logLevel', 'warn'], {
    cwd: join(ROOT, 'pwa'),
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    throw new MailferryError('app-build', `The app could not be built:\n${Buffer.concat(said)}`);
  }
}
