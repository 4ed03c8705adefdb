import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { installedPackages, readRows, shownSize, withNumbers } from '../../infra/dependencies.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Locked {
  version?: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  inBundle?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** May be shipped: whoever has it may do with it what they like, as long as they say whose it is. */
const PERMISSIVE = [
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
];
/** May beside that be used to build, or run by who has installed it: neither gets into what others are given. */
const TO_BUILD = [...PERMISSIVE, 'MPL-2.0', 'CC-BY-4.0'];

/** Whether an SPDX expression can be satisfied by these licences. No AND occurs with an OR. */
function isAllowed(expression: string, allowed: readonly string[]): boolean {
  const plain = expression.replace(/[()]/g, '');
  if (plain.includes(' AND ')) return plain.split(' AND ').every(part => allowed.includes(part));
  return plain.split(' OR ').some(part => allowed.includes(part));
}

/** Where a package finds what it needs, as Node looks for it; null for an optional one that is not there. */
function resolved(from: string, name: string): string | null {
  for (let folder = from; ; ) {
    const path = `${folder}${folder && '/'}node_modules/${name}`;
    if (lock.packages[path]) return path;
    if (folder === '') return null;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1));
  }
}

/** These packages and all that they need. */
function withAllTheyNeed(names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const add = (path: string | null) => {
    if (path === null || found.has(path)) return;
    found.add(path);
    const { dependencies, optionalDependencies, peerDependencies } = lock.packages[path] ?? {};
    const needed = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    for (const name of Object.keys(needed)) add(resolved(path, name));
  };
  for (const name of names) add(resolved('', name));
  return found;
}

/** Packages that are imported by the files of a folder, types left out. */
function importedBy(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  const names = files
    .filter(name => /\.tsx?$/.test(name))
    .flatMap(name => [
      ...read(join(folder, name)).matchAll(
        /(?:^(?:import|export) (?!type\b)[^;]*?from |import\(|^import )'([^'.][^']*)'/gm,
      ),
    ])
    .map(([, name = '']) => name)
    .filter(name => !name.startsWith('node:') && !name.startsWith('virtual:'));
  return [
    ...new Set(
      names.map(name =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    ),
  ];
}

describe('dependencies', () => {
  const installed = installedPackages();
  const text = read('docs/dependencies.md');
  const rows = readRows(text);

  test('each has a row in docs/dependencies.md with a reason and an alternative, and nothing else has', () => {
    assert.deepEqual(rows.map(({ name }) => name).sort(), [...installed.keys()].sort());
    for (const { name, reason, instead } of rows) {
      assert.ok(reason.length > 3 && instead.length > 3, `${name} says why, and what instead`);
    }
  });

  test('each is pinned exactly, and listed as it is installed', () => {
    for (const { name, version, licence, size } of rows) {
      const found = installed.get(name);
      assert.match(found?.wanted ?? '', /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
      assert.deepEqual([found?.version, version], [found?.wanted, found?.wanted], name);
      assert.equal(licence, found?.licence, name);
      // Native parts differ between platforms.
      const listed = Number.parseFloat(size) * (size.endsWith('MB') ? 1_000_000 : 1_000);
      const factor = (found?.size ?? 0) / listed;
      assert.ok(factor > 0.4 && factor < 2.5, `${name}: ${size} is ${shownSize(found?.size ?? 0)} by now`);
    }
    assert.equal(withNumbers(text, new Map()), text);
  });

  test('what functions and the app are made of has a permissive licence, and so has all that it needs', () => {
    const shipped = withAllTheyNeed([...importedBy('functions'), ...importedBy('pwa/src')]);
    assert.ok(shipped.size > 60 && shipped.has('node_modules/imapflow'), `${shipped.size} are shipped`);
    const refused = [...shipped].filter(path => !isAllowed(lock.packages[path]?.license ?? '', PERMISSIVE));
    assert.deepEqual(refused, []);
  });

  test('what is installed beside that to build and to run it has a licence that allows it', () => {
    const refused = locked.filter(([, { dev, license = '' }]) => !dev && !isAllowed(license, TO_BUILD));
    assert.deepEqual(
      refused.map(([path]) => path),
      [],
    );
  });

  test('each package of the lock file has a checksum, but builds of two tools for other platforms', () => {
    const open = locked.filter(
      ([, { integrity, inBundle }]) => !inBundle && !integrity?.startsWith('sha512-'),
    );
    const others = open.filter(([path]) => !/^(@biomejs\/cli|@rollup\/rollup)-/.test(nameOf(path)));
    assert.deepEqual(others, []);
  });

  test('no package but two runs a script when it is installed', () => {
    const scripts = locked
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => nameOf(path));
    assert.deepEqual([...new Set(scripts)].sort(), ['classic-level', 'esbuild']);
  });
});
