/**
 * How much of what could be tried is tried. `npm test` takes a sample, the same every time, so that it ends soon;
 * MAILFERRY_THOROUGH=1 (`npm run test:thorough`, some hours) kills after every effect, cuts at every octet, and plays
 * many more histories.
 */
const THOROUGH = process.env.MAILFERRY_THOROUGH === '1';

/** How many cases of a property are tried. */
export const runs = (usual: number): number => (THOROUGH ? usual * 25 : usual);

/**
 * Which of `effects` kill points are tried: `usual` of them, spread evenly, and always the last ones, because what is
 * left undone there is told to nobody.
 */
export function killPoints(effects: number, usual: number): number[] {
  if (THOROUGH || effects <= usual) return Array.from({ length: effects }, (_, i) => i);
  const spread = Array.from({ length: usual - 2 }, (_, i) => Math.floor((i * (effects - 2)) / (usual - 2)));
  return [...new Set([...spread, effects - 2, effects - 1])];
}

/** How many users of a mail server a test needs that spends one for each kill point. */
export const usersFor = (usual: number): number => (THOROUGH ? 600 : usual + 4);
