import list from './prices.json' with { type: 'json' };

/** The price list is data, with its day and its source; a newer one replaces the file. */
export const PRICES = list;
export type PriceName = keyof typeof list.prices;

/** One position of a bill: so many of what a price is for, in a month. */
export interface Line {
  part: 'standing' | 'pulls' | 'app' | 'storage';
  what: string;
  price: PriceName;
  quantity: number;
}

/** Dollars of one line, without what AWS gives an account for nothing. */
export function usdOf({ price, quantity }: Pick<Line, 'price' | 'quantity'>): number {
  const { usd, per } = list.prices[price];
  return (quantity * usd) / per;
}

/** Dollars of a bill. */
export const total = (lines: readonly Line[]): number => lines.reduce((sum, line) => sum + usdOf(line), 0);

/**
 * Dollars of a bill where the stack is alone in its AWS account, so that all of what AWS gives an account each month
 * for nothing is its own. What is free for a year only is not among it.
 */
export function totalAlone(lines: readonly Line[]): number {
  const quantities = new Map<PriceName, number>();
  for (const { price, quantity } of lines) quantities.set(price, (quantities.get(price) ?? 0) + quantity);
  return [...quantities].reduce((sum, [price, quantity]) => {
    const left = Math.max(0, quantity - list.prices[price].free);
    return sum + usdOf({ price, quantity: left });
  }, 0);
}
