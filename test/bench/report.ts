/** How every benchmark of the project says what it found: a table for people, or one JSON object. */

/** One measured value. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  /** The peer's or the limit's value in the same run; null without one. */
  reference: number | null;
  /** `value / reference`, or null. */
  ratio: number | null;
  /** The bound as text; null where there is none. */
  goal: string | null;
  /** Whether the bound holds; true where there is none. */
  holds: boolean;
}

/** A bound on a row: its text, and when it holds. */
export interface Goal {
  text: string;
  holds(value: number, ratio: number | null): boolean;
}

/** At most `bound` times the reference. Does not hold where there was no reference to measure against. */
export function ratioAtMost(bound: number, peer: string): Goal {
  return { text: `≤ ${bound} of ${peer}`, holds: (_value, ratio) => ratio !== null && ratio <= bound };
}

/** At most `bound`, in the unit of the row. */
export function atMost(bound: number): Goal {
  return { text: `≤ ${bound}`, holds: value => value <= bound };
}

/** Makes a row; numbers are rounded to what a measurement on a shared machine can mean. */
export function row(
  name: string,
  value: number,
  unit: string,
  options: { reference?: number | null; goal?: Goal } = {},
): Row {
  const reference = options.reference ?? null;
  const ratio = reference ? value / reference : null;
  return {
    name,
    value: rounded(value),
    unit,
    reference: reference === null ? null : rounded(reference),
    ratio: ratio === null ? null : rounded(ratio),
    goal: options.goal?.text ?? null,
    holds: options.goal?.holds(value, ratio) ?? true,
  };
}

/** Prints the rows: as JSON and nothing else with `--json` among the arguments, else as a table. */
export function print(title: string, rows: readonly Row[], args: readonly string[]): void {
  if (args.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ rows })}\n`);
    return;
  }
  const lines = rows.map(line => [
    line.name,
    `${line.value} ${line.unit}`,
    line.reference === null ? '' : `${line.reference} ${line.unit}`,
    line.ratio === null ? '' : String(line.ratio),
    line.goal === null ? '' : `${line.goal} ${line.holds ? 'holds' : 'MISSED'}`,
  ]);
  const all = [['', 'measured', 'reference', 'ratio', 'goal'], ...lines];
  const widths = [0, 1, 2, 3].map(column => Math.max(...all.map(cells => cells[column]?.length ?? 0)));
  console.log(`\n${title}\n`);
  for (const cells of all) {
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
