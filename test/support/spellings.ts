import fc from 'fast-check';

/** Addresses that nothing of ours may reach, in every way in which somebody may write them down. */

type Octets = readonly [number, number, number, number];
type Groups = readonly number[];

const octet = fc.nat(255);
const group = fc.nat(0xffff);

/** An IPv4 address that is not of the open Internet, metadata services among them. */
export const closedIpv4: fc.Arbitrary<Octets> = fc.oneof(
  fc.constantFrom<Octets>([127, 0, 0, 1], [169, 254, 169, 254], [169, 254, 170, 2], [100, 100, 100, 200]),
  fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
  fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
  fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
  fc.tuple(fc.constant(192), fc.constant(0), fc.constantFrom(0, 2), octet),
  fc.tuple(fc.constant(198), fc.constantFrom(18, 19), octet, octet),
  fc.tuple(fc.constant(198), fc.constant(51), fc.constant(100), octet),
  fc.tuple(fc.constant(203), fc.constant(0), fc.constant(113), octet),
  fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
);

/** An IPv6 address that is not of the open Internet, as its eight groups. */
export const closedIpv6: fc.Arbitrary<Groups> = fc.oneof(
  // loopback, unspecified, and the metadata service of AWS
  fc.constantFrom<Groups>(
    [0, 0, 0, 0, 0, 0, 0, 1],
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254],
  ),
  // IPv4-mapped, IPv4-compatible, IPv4-translated and NAT64, all with a closed IPv4 address
  embedding([0, 0, 0, 0, 0, 0xffff]),
  embedding([0, 0, 0, 0, 0, 0]),
  embedding([0, 0, 0, 0, 0xffff, 0]),
  embedding([0x64, 0xff9b, 0, 0, 0, 0]),
  // 6to4 carries it behind its prefix
  fc.tuple(closedIpv4, tail(5)).map(([ipv4, rest]) => [0x2002, ...pairs(ipv4), ...rest]),
  // NAT64 for local use, Teredo, discard, documentation (twice), segment routing
  ...[[0x64, 0xff9b, 1], [0x2001, 0], [0x100, 0, 0, 0], [0x2001, 0xdb8], [0x3fff, 0], [0x5f00]].map(prefixed),
  // unique local, link-local, site-local, multicast
  ranged(0xfc00, 0xfdff),
  ranged(0xfe80, 0xfebf),
  ranged(0xfec0, 0xfeff),
  ranged(0xff00, 0xffff),
  // given to nobody, or used by overlay networks (200::/7)
  ranged(0x200, 0x3ff),
  ranged(0x4000, 0xfbff),
);

/** An IPv6 address of a server on the open Internet. */
export const openIpv6: fc.Arbitrary<Groups> = fc
  .tuple(fc.integer({ min: 0x2003, max: 0x3ffe }), tail(7))
  .map(([first, rest]) => [first, ...rest]);

function embedding(prefix: Groups): fc.Arbitrary<Groups> {
  return closedIpv4.map(ipv4 => [...prefix, ...pairs(ipv4)]);
}

function prefixed(prefix: Groups): fc.Arbitrary<Groups> {
  return tail(8 - prefix.length).map(rest => [...prefix, ...rest]);
}

function ranged(min: number, max: number): fc.Arbitrary<Groups> {
  return fc.tuple(fc.integer({ min, max }), tail(7)).map(([first, rest]) => [first, ...rest]);
}

function tail(length: number): fc.Arbitrary<number[]> {
  return fc.array(fc.oneof(fc.constant(0), group), { minLength: length, maxLength: length });
}

function pairs([a, b, c, d]: Octets): [number, number] {
  return [a * 256 + b, c * 256 + d];
}

/** The dotted form that everybody knows. */
export const dotted = (octets: Octets): string => octets.join('.');

/**
 * An IPv4 address as inet_aton and the URL standard read it: one to four numbers, the last of which fills what is left,
 * each in decimal, octal or hexadecimal.
 */
export function numerals(octets: Octets): fc.Arbitrary<string> {
  const number = (value: number) =>
    fc.constantFrom(
      String(value),
      `0${value.toString(8)}`,
      `000${value.toString(8)}`,
      `0x${value.toString(16)}`,
      `0X${value.toString(16).toUpperCase()}`,
      `0x000${value.toString(16)}`,
    );
  return fc.integer({ min: 1, max: 4 }).chain(count => {
    const last = octets.slice(count - 1).reduce((sum, one) => sum * 256 + one, 0);
    return fc.tuple(...[...octets.slice(0, count - 1), last].map(number)).map(parts => parts.join('.'));
  });
}

/** The same characters, to a program that normalises them: full width, other dots, escapes, blanks, brackets, a dot. */
export function disguises(text: string): fc.Arbitrary<string> {
  const wide = (character: string) =>
    /[0-9a-z:%]/i.test(character) ? String.fromCodePoint(character.charCodeAt(0) + 0xfee0) : character;
  const escaped = (character: string) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  const some = (change: (character: string) => string) =>
    fc
      .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
      .map(which => [...text].map((character, i) => (which[i] ? change(character) : character)).join(''));
  return fc.oneof(
    fc.constantFrom(text, text.toUpperCase(), `${text}.`, ` ${text}\t`, `[${text}]`, `${text}\u00ad`),
    some(wide),
    some(escaped),
    fc.constantFrom('。', '．', '｡').map(dot => text.replaceAll('.', dot)),
    fc.constantFrom('。', '．', '｡').map(dot => text + dot),
  );
}

/** An IPv6 address in any of the forms of RFC 4291 section 2.2: zeros left out or not, the end dotted or not, any case. */
export function ipv6Forms(groups: Groups): fc.Arbitrary<string> {
  return fc
    .record({
      from: fc.nat(7),
      length: fc.nat(8),
      isDotted: fc.boolean(),
      padding: fc.constantFrom(0, 4),
      isUpper: fc.boolean(),
    })
    .map(({ from, length, isDotted, padding, isUpper }) => {
      const hex = (part: number) => part.toString(16).padStart(padding, '0');
      const [high = 0, low = 0] = groups.slice(6);
      const end = [high >> 8, high & 255, low >> 8, low & 255].join('.');
      const parts = isDotted ? [...groups.slice(0, 6).map(hex), end] : groups.map(hex);
      const left = groups.slice(from, isDotted ? Math.min(6, from + length) : from + length);
      const isShort = left.length > 0 && left.every(part => part === 0);
      const text = isShort
        ? `${parts.slice(0, from).join(':')}::${parts.slice(from + left.length).join(':')}`
        : parts.join(':');
      return isUpper ? text.toUpperCase() : text;
    });
}

/** A zone id behind an address (RFC 4007, RFC 6874): such an address is local by nature. */
export const zones = fc.constantFrom('%eth0', '%1', '%25lo', '%', '%en0%2e');
