import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const text = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8');

/** The sections of the document, by heading. */
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map(section => [section.slice(0, section.indexOf('\n')), section] as const),
);
/** Sections that are no threat. */
const ABOUT = ['What is worth something', 'Whom we believe', 'Not covered'];

/** `file › title` */
function named(section: string): { file: string; title: string }[] {
  return [...section.matchAll(/`(test\/[^`\s]+\.test\.ts) › ([^`]+)`/g)].map(([, file = '', title = '']) => ({
    file,
    title,
  }));
}

/** Whether a file has a test of this title, however it is quoted there. */
function hasTest(file: string, title: string): boolean {
  const path = join(ROOT, file);
  if (!existsSync(path)) return false;
  const literal = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\b(?:test|it)\\(\\s*(['"\`])${literal}\\1,`).test(readFileSync(path, 'utf8'));
}

describe('the threat model', () => {
  test('names no test that does not exist', () => {
    const tests = named(text);
    assert.ok(tests.length > 80, `${tests.length} tests are named`);
    assert.deepEqual(
      tests.filter(({ file, title }) => !hasTest(file, title)),
      [],
    );
    assert.equal(hasTest('test/unit/threat-model.test.ts', 'names no test'), false, 'a whole title is meant');
  });

  test('has a test for each threat', () => {
    const threats = [...sections].filter(([heading]) => !ABOUT.includes(heading));
    assert.ok(threats.length >= 12, `${threats.length} threats`);
    assert.deepEqual(
      threats.filter(([, section]) => named(section).length === 0).map(([heading]) => heading),
      [],
    );
  });

  test('says of every line that looks like a test where it is', () => {
    const lines = text.split('\n').filter(line => line.startsWith('- `test/'));
    assert.deepEqual(
      lines.filter(line => named(line).length !== 1),
      [],
    );
  });
});
