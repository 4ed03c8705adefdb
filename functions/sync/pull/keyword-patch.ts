import type { PatchedEmail } from '../../store/commit.ts';
import type { EmailState } from '../../store/state.ts';
import type { Pending } from '../plan.ts';

/** What the keywords that a source shows do to those of an Email. Pure. */

/**
 * The change that makes an Email's keywords those the source shows; null when there is none. Where the Email
 * has other locations a full listing cannot tell which of them changed, so `mayRemove` is false and it only adds.
 */
export function keywordPatch(
  state: EmailState,
  shown: readonly string[],
  pending: Pending | undefined,
  mayRemove: boolean,
): PatchedEmail | null {
  return keywordChange(state, shown, mayRemove ? without(state.keywords, shown) : [], pending);
}

/**
 * The same for an Email with several locations, some of which showed `before` and now show `shown`: the difference is
 * what somebody changed, and the others may still show what was before it. What one copy gains is there, even where
 * another has lost it: the order of the copies decides nothing.
 */
export function changePatch(
  state: EmailState,
  changes: readonly { before: readonly string[]; shown: readonly string[] }[],
  pending: Pending | undefined,
): PatchedEmail | null {
  const gained = changes.flatMap(({ before, shown }) => without(shown, before));
  const lost = changes.flatMap(({ before, shown }) => without(before, shown));
  return keywordChange(state, gained, without(lost, gained), pending);
}

/** Characters of an Email's keywords: copies without number, each with others, must not outgrow its row. */
const MOST_CHARACTERS = 100_000;

function keywordChange(
  { id, threadId, keywords: had }: EmailState,
  gained: readonly string[],
  lost: readonly string[],
  pending: Pending | undefined,
): PatchedEmail | null {
  const isLost = new Set(lost);
  const isOurs = (keyword: string) => !pending?.keywords.has(keyword);
  const removed = had.filter(keyword => isLost.has(keyword) && isOurs(keyword));
  const added = [...new Set(without(gained, had))].filter(isOurs).sort();
  let characters = without(had, removed).join('').length;
  const fitting = added.filter(keyword => {
    characters += keyword.length;
    return characters <= MOST_CHARACTERS;
  });
  if (fitting.length + removed.length === 0) return null;
  const keywords = Object.fromEntries([
    ...fitting.map(keyword => [keyword, true] as const),
    ...removed.map(keyword => [keyword, false] as const),
  ]);
  return { id, threadId, keywords };
}

function without(all: readonly string[], those: readonly string[]): string[] {
  const out = new Set(those);
  return all.filter(keyword => !out.has(keyword));
}
