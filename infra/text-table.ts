/** Lines of a table for a terminal: the head, then the rows, in columns two spaces apart. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const lines = [head, ...rows.map(row => row.map(String))];
  const widths = head.map((_, i) => Math.max(...lines.map(line => line[i]?.length ?? 0)));
  return lines.map(line =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A number of things, in words: `1 stack`, `2 stacks`. */
export const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;
