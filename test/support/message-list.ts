import type { Locator, Page } from 'playwright-core';

/** How many entries the list that is shown says it has, once no more are on their way. */
export async function listCount(page: Page): Promise<number> {
  const note = page.locator('.bar-note').filter({ hasText: /^[\d,]+ (messages?|conversations?)$/ });
  return Number.parseInt(((await note.textContent()) ?? '').replaceAll(',', ''), 10);
}

/**
 * Opens a message of the list that is shown by a press on it, and waits until its body is there.
 * @param subject a part of its subject that no other message has
 * @returns the reader with it
 */
export async function openMessage(page: Page, subject: string): Promise<Locator> {
  await scrollTo(page, subject);
  await page.getByRole('link', { name: subject }).click();
  const article = page.getByRole('article', { name: subject });
  await article.locator('.mail-frame, .plain').first().waitFor();
  return article;
}

/** Scrolls the list until a message is in it: only what is on the screen exists. */
async function scrollTo(page: Page, subject: string): Promise<void> {
  const list = page.locator('.list');
  // On a phone the list is hidden as long as a message is open.
  await list.waitFor();
  await list.evaluate(element => element.scrollTo(0, 0));
  for (;;) {
    await page.waitForFunction(isDrawn);
    if ((await page.getByRole('link', { name: subject }).count()) > 0) return;
    const moved = await list.evaluate(element => {
      const before = element.scrollTop;
      element.scrollBy(0, element.clientHeight / 2);
      return element.scrollTop > before;
    });
    if (!moved) throw new Error(`The list has no message "${subject}".`);
  }
}

/** Whether rows with their messages fill the list from its upper to its lower edge; runs in the page. */
function isDrawn(): boolean {
  const list = document.querySelector('.list');
  if (!list || list.querySelector('.row-pending')) return false;
  const rows = [...list.querySelectorAll('[aria-posinset]')];
  const last = rows.at(-1);
  if (!last) return false;
  const edges = list.getBoundingClientRect();
  const isEnd = last.getAttribute('aria-posinset') === last.getAttribute('aria-setsize');
  return (
    rows.some(row => row.getBoundingClientRect().top <= edges.top + 1) &&
    (isEnd || last.getBoundingClientRect().bottom >= edges.bottom - 1)
  );
}
