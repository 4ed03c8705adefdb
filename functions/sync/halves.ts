import { StoreError } from '../store/errors.ts';

/**
 * Commits items together or, where that is too large for one commit, each half by itself, in order: what a server puts
 * into its answers can make any number of items too large. `commitPart` is told which part holds the last item. One
 * item that is too large alone is given to `alone`, which has to do without what makes it so; without it that is an
 * error.
 */
export async function commitInHalves<T>(
  items: readonly T[],
  commitPart: (part: readonly T[], isLast: boolean) => Promise<unknown>,
  alone?: (item: T, isLast: boolean) => Promise<unknown>,
  isLast = true,
): Promise<void> {
  try {
    await commitPart(items, isLast);
    return;
  } catch (error) {
    const isTooLarge = error instanceof StoreError && error.code === 'too-large';
    if (!isTooLarge || items.length === 0 || (items.length === 1 && !alone)) throw error;
  }
  if (items.length === 1) {
    await alone?.(items[0] as T, isLast);
    return;
  }
  const half = Math.ceil(items.length / 2);
  await commitInHalves(items.slice(0, half), commitPart, alone, false);
  await commitInHalves(items.slice(half), commitPart, alone, isLast);
}
