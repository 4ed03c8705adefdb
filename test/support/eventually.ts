import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Locator } from 'playwright-core';

/** How long a state may take to come, and how often it is looked for, in milliseconds. */
const PATIENCE = 30_000;
const LOOK_EVERY = 50;

/**
 * Waits until `look` gives what is expected: what a page shows follows what was done on it a little later. Fails with
 * what it gave last, or with the error that it ended with.
 */
export async function eventually<T>(look: () => Promise<T>, expected: T, message?: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE;
  for (;;) {
    const late = Date.now() > giveUpAt;
    try {
      const found = await look();
      if (isDeepStrictEqual(found, expected)) return;
      if (late) assert.deepEqual(found, expected, message);
    } catch (error) {
      if (late) throw error;
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_EVERY));
  }
}

/**
 * Ticks a box or a choice that the device stores, and waits until it shows that. Playwright's own `check` fails where
 * the page is drawn once more before it is stored.
 */
export async function tick(box: Locator, isTicked = true): Promise<void> {
  if ((await box.isChecked()) !== isTicked) await box.click();
  await eventually(() => box.isChecked(), isTicked);
}
