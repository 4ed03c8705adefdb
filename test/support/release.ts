import { cp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ensureApp } from '../../infra/app-build.ts';

/** Copies the built app, so that a test can bring out a new version of it; answers where it lies. */
export async function copyApp(into: string): Promise<string> {
  const folder = join(into, 'app');
  await cp(await ensureApp(() => undefined), folder, { recursive: true });
  return folder;
}

/**
 * Puts a new version in the place of a built app: every script and style has another name and the old ones are gone,
 * as after a release whose every file has changed.
 */
export async function releaseNext(folder: string): Promise<void> {
  const files = (await readdir(folder, { recursive: true })).filter(name => /\.(js|css|html)$/.test(name));
  const names = files.filter(name => name.startsWith('assets/')).map(name => basename(name));
  const next = (name: string) => name.replace(/\.(\w+)$/, '-next.$1');
  for (const file of files) {
    const before = await readFile(join(folder, file), 'utf8');
    let text = before;
    for (const name of names) text = text.replaceAll(name, next(name));
    // The precache asks for a page again when its revision is another one.
    text = text.replace(/("revision":")[0-9a-f]{32}(","url":"index\.html")/, `$1${'0'.repeat(32)}$2`);
    if (text !== before) await writeFile(join(folder, file), text);
    if (file.startsWith('assets/')) await rename(join(folder, file), join(folder, next(file)));
  }
}
