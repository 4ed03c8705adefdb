import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * Keeps docs/dependencies.md: reasons and alternatives are written there by hand, versions, licences and sizes are
 * filled in from package.json and node_modules. `npm run dependencies` writes them anew and says what has no row.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIST = 'docs/dependencies.md';
const names = z.record(z.string(), z.string()).default({});
const manifest = z.object({ dependencies: names, devDependencies: names });
const installedManifest = z.object({ version: z.string(), license: z.string() });

/** A row of the list. */
export interface Row {
  name: string;
  version: string;
  licence: string;
  /** As it stands there: `397 kB`. */
  size: string;
  reason: string;
  instead: string;
}

const ROW = /^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm;

/** The rows of the list, from its text. Pure. */
export function readRows(text: string): Row[] {
  return [...text.matchAll(ROW)].map(found => {
    const [, name = '', version = '', licence = '', size = '', reason = '', instead = ''] = found.map(part =>
      part.trim(),
    );
    return { name, version, licence, size, reason, instead };
  });
}

/** The text with the numbers that are right now; rows of packages that are gone stay as they are. Pure. */
export function withNumbers(text: string, installed: ReadonlyMap<string, Installed>): string {
  return text.replace(
    ROW,
    (row, name: string, _version, _licence, _size, reason: string, instead: string) => {
      const found = installed.get(name);
      if (!found) return row;
      const numbers = [found.version, found.licence, shownSize(found.size)];
      return `| \`${name}\` | ${[...numbers, reason.trim(), instead.trim()].join(' | ')} |`;
    },
  );
}

/** A direct dependency as it is installed; `wanted` is what package.json asks for, `size` in octets. */
export interface Installed {
  wanted: string;
  version: string;
  licence: string;
  size: number;
}

/** The direct dependencies, by name. */
export function installedPackages(root = ROOT): Map<string, Installed> {
  const { dependencies, devDependencies } = manifest.parse(readJson(join(root, 'package.json')));
  return new Map(
    Object.entries({ ...dependencies, ...devDependencies }).map(([name, wanted]) => {
      const folder = join(root, 'node_modules', name);
      const { version, license } = installedManifest.parse(readJson(join(folder, 'package.json')));
      return [name, { wanted, version, licence: license, size: sizeOf(folder) }];
    }),
  );
}

/** Octets of all files of a package, without the packages that are installed inside of it. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.name !== 'node_modules')
    .map(entry => join(folder, entry.name))
    .reduce((sum, path) => {
      const found = statSync(path);
      return sum + (found.isDirectory() ? sizeOf(path) : found.size);
    }, 0);
}

/** `397 kB`, `5.9 MB`. */
export function shownSize(octets: number): string {
  return octets < 1_000_000 ? `${Math.ceil(octets / 1000)} kB` : `${(octets / 1_000_000).toFixed(1)} MB`;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function main(): void {
  const path = join(ROOT, LIST);
  const installed = installedPackages();
  const text = readFileSync(path, 'utf8');
  const listed = new Set(readRows(text).map(({ name }) => name));
  writeFileSync(path, withNumbers(text, installed));
  const missing = [...installed.keys()].filter(name => !listed.has(name));
  const extra = [...listed].filter(name => !installed.has(name));
  if (missing.length > 0) console.error(`Write why, in ${LIST}: ${missing.join(', ')}`);
  if (extra.length > 0) console.error(`Not a dependency any more: ${extra.join(', ')}`);
  process.exitCode = missing.length + extra.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
