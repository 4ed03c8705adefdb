import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Synthesis } from './synthesis.ts';

/**
 * The whole template of each example, so that a change of anything is seen by who makes it: `npm run snapshots` writes
 * them anew, and their diff belongs into the commit. What must hold is asserted in the other files.
 */

const isUpdate = process.env.UPDATE_SNAPSHOTS === '1';
type Parts = Record<string, Record<string, unknown>>;

/** Part of stack.test.ts. */
export function describeSnapshots(made: Synthesis): void {
  for (const name of ['harbour-books', 'north-quay', 'elm-school-firewall']) {
    describe(`the template of ${name}`, () => {
      const path = `test/infra/snapshots/${name}.json`;

      it('is what it was', () => {
        const template = stable(made.template(name).toJSON());
        if (isUpdate) {
          mkdirSync('test/infra/snapshots', { recursive: true });
          writeFileSync(path, `${JSON.stringify(template, null, 2)}\n`);
        }
        assert.ok(existsSync(path), `${path} is missing: npm run snapshots`);
        const changed = differences(JSON.parse(readFileSync(path, 'utf8')), template);
        const what = `${path} is not what the stack is (${changed.join(', ')}): npm run snapshots, and look at the diff`;
        assert.deepEqual(changed, [], what);
      });
    });
  }
}

/** Without what changes with every line of code: the hashes by which assets are named. */
function stable(template: object): Parts {
  const text = JSON.stringify(template).replaceAll(/\b[0-9a-f]{64}\b/g, '<hash>');
  return JSON.parse(text);
}

/** The entries of resources, outputs and so on that are not the same. */
function differences(before: Parts, now: Parts): string[] {
  const sections = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...sections].flatMap(section => {
    const [old = {}, fresh = {}] = [before[section], now[section]];
    const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
    return [...names]
      .filter(name => !isDeepStrictEqual(old[name], fresh[name]))
      .map(name => `${section}.${name}`);
  });
}
