/**
 * `npm run cost`: what a stack costs a month, from the counts in infra/cost/counts.json (`npm run bench:counts`), the
 * prices in infra/cost/prices.json, the workloads in infra/cost/workloads.ts and the template of a stack. `--explain
 * WORKLOAD MAILBOXES` prints each line of one bill; `--markdown` the tables of docs/costs.md; `--json` the rows alone.
 */
import { bill } from '../../infra/cost/bill.ts';
import { readCounts } from '../../infra/cost/counts.ts';
import { billedMs, gbSeconds, MEMORY } from '../../infra/cost/lambda.ts';
import { naiveLines } from '../../infra/cost/naive.ts';
import { type Line, PRICES, total, totalAlone, usdOf } from '../../infra/cost/prices.ts';
import { pullsADay } from '../../infra/cost/pulls.ts';
import { standingLines } from '../../infra/cost/standing.ts';
import { defaultStack } from '../../infra/cost/template.ts';
import { WORKLOADS, type WorkloadName } from '../../infra/cost/workloads.ts';
import { atMost, print, type Row, row } from './report.ts';

const SIZES = [1, 100, 1_000, 10_000];
const NAMES = Object.keys(WORKLOADS) as WorkloadName[];
const PARTS = ['standing', 'pulls', 'app', 'storage'] as const;

/** What could be changed, and what a normal mailbox would cost then. */
const LEVERS: Record<string, Partial<Parameters<typeof bill>[0]>> = {
  'sync with 512 MB': { memory: { sync: 512, api: MEMORY.api } },
  'API with 512 MB': { memory: { sync: MEMORY.sync, api: 512 } },
  'the open app looks once a minute': { looksAMinute: 1 },
  'logs kept a week': { logDays: 7 },
};

const args = process.argv.slice(2);
const measured = readCounts();
const standing = standingLines(defaultStack());
const pulls = new Map(NAMES.map(name => [name, pullsADay(name, measured)]));

const explain = args.indexOf('--explain');
if (explain >= 0) explainBill(args[explain + 1] as WorkloadName, Number(args[explain + 2] ?? 1_000));
else if (args.includes('--markdown')) printMarkdown();
else
  print(
    `Dollars a month, ${PRICES.region}, prices of ${PRICES.asOf}, counts of ${measured.date}`,
    rows(),
    args,
  );

function linesOf(
  name: WorkloadName,
  mailboxes: number,
  more: Partial<Parameters<typeof bill>[0]> = {},
): Line[] {
  const its = pulls.get(name);
  if (!its) throw new Error(`There is no workload ${name}. Workloads: ${NAMES.join(', ')}.`);
  return [...standing, ...bill({ mailboxes, workload: WORKLOADS[name], pulls: its, measured, ...more })];
}

function rows(): Row[] {
  const idle = linesOf('normal', 0);
  return [
    row('an idle stack', total(idle), '$', { goal: below(2) }),
    row(
      'an idle stack with "dashboard": true',
      total(idle) + usdOf({ price: 'dashboard', quantity: 1 }),
      '$',
    ),
    row('an idle stack, alone in its AWS account', totalAlone(idle), '$', { goal: below(2) }),
    ...NAMES.flatMap(name => SIZES.flatMap(mailboxes => rowsOf(name, mailboxes))),
    ...PARTS.map(part => {
      const usd = total(linesOf('normal', 1_000).filter(line => line.part === part));
      return row(`normal, 1000 mailboxes: ${part}, each`, usd / 1_000, '$');
    }),
    ...Object.entries(LEVERS).map(([what, more]) => {
      const usd = total(linesOf('normal', 1_000, more)) / 1_000;
      return row(`normal, 1000 a stack: each, ${what}`, usd, '$');
    }),
    ...NAMES.map(name => row(`${name}: first import, once`, importOnce(name), '$')),
  ];
}

function rowsOf(name: WorkloadName, mailboxes: number): Row[] {
  const lines = linesOf(name, mailboxes);
  const its = pulls.get(name);
  // Beside its pulls the naive design has the same app and the same mail to keep, but no queue and no dispatcher.
  const naive = its
    ? [
        ...naiveLines(mailboxes, its, measured),
        ...lines.filter(line => line.part === 'app' || line.part === 'storage'),
      ]
    : [];
  const goal = name === 'normal' && mailboxes === 1_000 ? { goal: atMost(0.01) } : {};
  const reference =
    (total(naive) + total(standing.filter(line => line.what !== 'listening at the queue'))) / mailboxes;
  return [
    row(`${name}, ${mailboxes} a stack: each`, total(lines) / mailboxes, '$', { reference, ...goal }),
    row(`${name}, ${mailboxes} a stack: each, alone in its AWS account`, totalAlone(lines) / mailboxes, '$'),
  ];
}

/** What the messages of a mailbox cost once, when they come first. */
function importOnce(name: WorkloadName): number {
  const thousands = WORKLOADS[name].kept / 1_000;
  const counts = measured.events.importOfThousand;
  const line = (price: Line['price'], quantity: number) => usdOf({ price, quantity: quantity * thousands });
  return (
    line('dynamoRead', counts.readUnits) +
    line('dynamoWrite', counts.writeUnits) +
    line('s3Put', counts.blobPuts) +
    line('lambdaGbSecond', gbSeconds(billedMs(counts, MEMORY.sync), MEMORY.sync))
  );
}

function below(bound: number) {
  return { text: `< ${bound}`, holds: (value: number) => value < bound };
}

function explainBill(name: WorkloadName, mailboxes: number): void {
  const lines = linesOf(name, mailboxes).sort((a, b) => usdOf(b) - usdOf(a));
  const sum = total(lines);
  console.log(
    `${name}, ${mailboxes} mailboxes, a month; pulls a day of each: ${JSON.stringify(pulls.get(name))}\n`,
  );
  for (const line of lines) {
    const { unit } = PRICES.prices[line.price];
    const cells = [line.part.padEnd(9), line.what.padEnd(28), `$${usdOf(line).toFixed(4)}`.padStart(12)];
    console.log(
      `${cells.join(' ')}  ${((usdOf(line) / sum) * 100).toFixed(1).padStart(5)} %  ${Number(line.quantity.toPrecision(5))} ${unit}`,
    );
  }
  console.log(
    `${'sum'.padEnd(38)} ${`$${sum.toFixed(4)}`.padStart(12)}, each $${(sum / mailboxes).toFixed(5)}`,
  );
}

function printMarkdown(): void {
  const cell = (usd: number) => `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
  console.log('| mailboxes a stack | light | normal | heavy |\n| --- | --- | --- | --- |');
  for (const mailboxes of SIZES) {
    const cells = NAMES.map(name => cell(total(linesOf(name, mailboxes)) / mailboxes));
    console.log(`| ${mailboxes.toLocaleString('en')} | ${cells.join(' | ')} |`);
  }
}
