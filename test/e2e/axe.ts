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

/** Runs axe on what is shown, without what the sender of a message wrote. */
export async function problems(page: Page): Promise<string[]> {
  // A drawer that slides in has no colours yet, and a page whose code is on its way nothing to look at.
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
  await page.evaluate(await source);
  const violations = await page.evaluate(async tags => {
    const { axe } = window as unknown as { axe: Axe };
    const exclude = [['.mail-frame']];
    const result = await axe.run({ exclude }, { runOnly: tags, iframes: false });
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(node => `${node.target} ${node.failureSummary}`).join('; ')}`,
    );
  }, TAGS);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return sideways > 0 ? [...violations, `the page is ${sideways} px too wide`] : violations;
}
