/** How often values of each size occurred: in steps of 4 %, so that millions of them need no memory. */
export interface Histogram {
  bins: Float64Array;
  count: number;
}

const SMALLEST = 0.01;
const STEP = Math.log(1.04);
const BINS = 600;

/** An empty histogram for values from 0.01 up, in any unit. */
export const histogram = (): Histogram => ({ bins: new Float64Array(BINS), count: 0 });

export function addValue(to: Histogram, value: number): void {
  const bin = value <= SMALLEST ? 0 : Math.min(BINS - 1, Math.ceil(Math.log(value / SMALLEST) / STEP));
  to.bins[bin] = (to.bins[bin] ?? 0) + 1;
  to.count += 1;
}

/** The value below which this share (0 to 1) of all lies, within 4 %; 0 where there are none. */
export function quantile({ bins, count }: Histogram, share: number): number {
  let left = Math.max(1, Math.ceil(count * share));
  for (const [bin, values] of bins.entries()) {
    left -= values;
    if (left <= 0) return SMALLEST * Math.exp(bin * STEP);
  }
  return 0;
}

/** Adds the values of one to those of another. */
export function addAll(to: Histogram, { bins, count }: Histogram): void {
  for (const [bin, values] of bins.entries()) to.bins[bin] = (to.bins[bin] ?? 0) + values;
  to.count += count;
}
