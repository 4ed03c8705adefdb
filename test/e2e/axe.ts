import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Axe {
  run(
    context: unknown,
    options: unknown,
  ): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[] }>;
}

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules whose verdict on the same elements depends on colours or measures. */
export const BY_LOOKS = [
  'color-contrast',
  'link-in-text-block',
  'scrollable-region-focusable',
  'target-size',
];

/** Runs axe on what is shown, without what the sender of a message wrote: all rules, or those that are named. */
export async function problems(page: Page, rules: readonly string[] = []): Promise<string[]> {
  // A drawer that slides in has no colours yet, and a page whose code is on its way nothing to look at.
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await source);
  const runOnly = rules.length ? { type: 'rule', values: rules } : { type: 'tag', values: TAGS };
  const violations = await page.evaluate(async only => {
    const { axe } = window as unknown as { axe: Axe };
    const exclude = [['.mail-frame']];
    const result = await axe.run({ exclude }, { runOnly: only, iframes: false });
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(node => `${node.target} ${node.failureSummary}`).join('; ')}`,
    );
  }, runOnly);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return sideways > 0 ? [...violations, `the page is ${sideways} px too wide`] : violations;
}
