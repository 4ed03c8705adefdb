/** Random numbers that are the same for the same seed, so that a simulation can be played again. */
export type Random = () => number;

/** Uniform in [0, 1): mulberry32, which is small, quick and even enough for arrivals. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Exponential with mean 1. */
export const exponential = (random: Random): number => -Math.log(1 - random());

/** Picks one of some by their weights, which need not add up to 1. */
export function pick<T extends { weight: number }>(random: Random, from: readonly T[]): T {
  let left = random() * from.reduce((sum, { weight }) => sum + weight, 0);
  for (const one of from) {
    left -= one.weight;
    if (left < 0) return one;
  }
  return from.at(-1) as T;
}
