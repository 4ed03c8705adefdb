/** An mbox of 200 MB that is nowhere: any part of it is made when it is read. */

const FROM = Buffer.from('From ada@example.org Mon Jan  1 12:00:00 2024\n');
const LINE = Buffer.from(`${'x'.repeat(75)}\n`);
const END = Buffer.from('\n');
/** Lines of the bodies: most fit into memory, some do not. */
const LINES = [...Array<number>(100).fill(13_000), ...Array<number>(4).fill(330_000)];

const headOf = (nth: number) =>
  Buffer.from(
    `X-Nth: ${String(nth).padStart(6, '0')}\nSubject: ${nth}\nDate: Mon, 1 Jan 2024 12:00:00 +0000\n\n`,
  );

/** Octets that lie somewhere in something larger: `from` to `to` of them are wanted. */
function piecesOf(pieces: readonly (Buffer | number)[], from: number, to: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  let at = 0;
  for (const piece of pieces) {
    const size = typeof piece === 'number' ? piece * LINE.length : piece.length;
    const [start, end] = [Math.max(from, at), Math.min(to, at + size)];
    if (start < end) {
      const skipped = start - at;
      if (typeof piece !== 'number') piece.copy(bytes, start - from, skipped, end - at);
      else {
        const turned = skipped % LINE.length;
        const line = Buffer.concat([LINE.subarray(turned), LINE.subarray(0, turned)]);
        bytes.fill(line, start - from, end - from);
      }
    }
    at += size;
  }
  return bytes;
}

export function largeMbox() {
  const message = (nth: number) => [headOf(nth), LINES[nth] ?? 0];
  const pieces = LINES.flatMap((_, nth) => [FROM, ...message(nth), END]);
  const size = pieces.reduce<number>(
    (sum, p) => sum + (typeof p === 'number' ? p * LINE.length : p.length),
    0,
  );
  return {
    size,
    count: LINES.length,
    read: (from: number, to: number) => piecesOf(pieces, from, Math.min(to, size)),
    /** The octets of one message, whole or in part. */
    message(nth: number, range?: { start: number; end: number }): Buffer {
      const whole = headOf(nth).length + (LINES[nth] ?? 0) * LINE.length;
      return piecesOf(message(nth), range?.start ?? 0, Math.min(range?.end ?? whole, whole));
    },
  };
}
