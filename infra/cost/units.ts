/** What DynamoDB bills for, from sizes in octets. Pure. */

const READ_UNIT = 4_096;
const WRITE_UNIT = 1_024;
/** DynamoDB adds this to every item for what it stores; it is billed as storage and not as throughput. */
const ITEM_OVERHEAD = 100;

/** Units of one read request of this many octets; finding nothing costs a unit, too. Eventually consistent is half. */
export function readUnits(octets: number, { consistent = true }: { consistent?: boolean } = {}): number {
  return Math.max(1, Math.ceil(octets / READ_UNIT)) * (consistent ? 1 : 0.5);
}

/** Units of one write: of the item as it was or as it becomes, whichever is larger. */
export function writeUnits(octets: number): number {
  return Math.max(1, Math.ceil(octets / WRITE_UNIT));
}

/** Octets that an item takes in storage: names and values, and what DynamoDB adds. */
export function itemOctets(item: Readonly<Record<string, unknown>>): number {
  const attributes = Object.entries(item).map(([name, value]) => octetsOf(name) + valueOctets(value));
  return ITEM_OVERHEAD + attributes.reduce((sum, octets) => sum + octets, 0);
}

/** As the developer guide has it ("DynamoDB item sizes"): numbers by their digits, lists and maps with 3 more. */
function valueOctets(value: unknown): number {
  if (typeof value === 'string') return octetsOf(value);
  if (typeof value === 'number') return numberOctets(value);
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 1 + valueOctets(one), 3);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return entries.reduce((sum, [name, one]) => sum + 1 + octetsOf(name) + valueOctets(one), 3);
  }
  return 1;
}

const octetsOf = (text: string) => Buffer.byteLength(text);

/** One octet for every two significant digits, and one more. */
function numberOctets(value: number): number {
  const digits = Math.abs(value).toExponential().split('e')[0]?.replace('.', '').length ?? 1;
  return Math.ceil(digits / 2) + 1;
}
