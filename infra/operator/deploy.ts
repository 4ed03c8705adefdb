import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inParallel } from '../../functions/store/table.ts';
import type { Customer } from '../customers/schema.ts';
import { stackName } from '../stack/names.ts';
import { counted, textTable } from '../text-table.ts';
import { logFile, reasonIn, runCdk } from './cdk.ts';
import { chosenCustomers } from './customers.ts';
import { OperatorError } from './errors.ts';
import { type Command, textOption } from './io.ts';

/** Stacks at once, where it is not said: CloudFormation takes many, and each waits minutes for CloudFront. */
const DEFAULT_PARALLEL = 4;
const MOST_PARALLEL = 32;

/** What is run for a set of customers: one synthesis, which builds the app once, then a command for each stack. */
export interface CdkPlan {
  synth: string[];
  stacks: { customer: string; stack: string; args: string[]; log: string }[];
}

/** Plans `deploy` or `diff`. Pure. */
export function cdkPlan(kind: 'deploy' | 'diff', customers: readonly Customer[], out: string): CdkPlan {
  const more = kind === 'deploy' ? ['--require-approval', 'never', '--progress', 'events'] : [];
  return {
    synth: ['synth', '--quiet', '--output', out, ...customers.map(stackName)],
    stacks: customers.map(customer => {
      const stack = stackName(customer);
      const args = [kind, stack, '--app', out, ...more];
      return { customer: customer.id, stack, args, log: logFile(out, `${kind}-${stack}`) };
    }),
  };
}

interface Outcome {
  stack: string;
  code: number;
  seconds: number;
  reason: string;
  log: string;
}

/** Deploys stacks side by side from one synthesis, each with a log of its own; exit code 1 when one of them failed. */
export async function deploy(command: Command): Promise<number> {
  const { io } = command;
  const plan = cdkPlan('deploy', chosenCustomers(command), command.out);
  const parallel = parallelOf(command);
  if (command.options['dry-run'] === true) return show(command, plan, `, ${parallel} at a time`);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    await synthesise(command, plan, stop.signal);
    const outcomes: Outcome[] = [];
    await inParallel(
      plan.stacks,
      async one => {
        if (stop.signal.aborted) return;
        io.log(`${one.stack}: deploying, see ${one.log}`);
        const outcome = await runOne(command, one, stop.signal);
        outcomes.push(outcome);
        io.log(`${one.stack}: ${wordFor(outcome)} after ${outcome.seconds} s`);
      },
      parallel,
    );
    return summarise(command, plan, outcomes);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** Shows what a deployment would change, stack by stack; exit code 1 when a comparison failed. */
export async function diff(command: Command): Promise<number> {
  const { io } = command;
  const plan = cdkPlan('diff', chosenCustomers(command), command.out);
  if (command.options['dry-run'] === true) return show(command, plan);
  await synthesise(command, plan);
  const outcomes: Outcome[] = [];
  await inParallel(
    plan.stacks,
    async one => void outcomes.push(await runOne(command, one)),
    parallelOf(command),
  );
  for (const { stack, log } of plan.stacks) {
    io.log(`== ${stack}`);
    io.log((await readFile(log, 'utf8')).trimEnd());
  }
  return summarise(command, plan, outcomes);
}

async function synthesise(
  { io, out }: Command,
  { synth, stacks }: CdkPlan,
  signal?: AbortSignal,
): Promise<void> {
  const output = logFile(out, 'synth');
  await mkdir(dirname(output), { recursive: true });
  io.log(`Building the app and the templates of ${counted(stacks.length, 'stack')} …`);
  const code = await runCdk(synth, { output, ...(signal && { signal }) });
  if (code === 0) return;
  throw new OperatorError('cdk', `The templates could not be made; see ${output}.\n${await tail(output)}`);
}

async function runOne(
  { io }: Command,
  { stack, args, log }: CdkPlan['stacks'][number],
  signal?: AbortSignal,
): Promise<Outcome> {
  const begun = io.now();
  const code = await runCdk(args, { output: log, ...(signal && { signal }) });
  const seconds = Math.round((io.now() - begun) / 1000);
  const reason = code === 0 ? '' : reasonIn(await readFile(log, 'utf8'));
  return { stack, code, seconds, reason, log };
}

const wordFor = ({ code }: Outcome) => (code === 0 ? 'done' : code === 130 ? 'interrupted' : 'FAILED');

function summarise({ io }: Command, { stacks }: CdkPlan, outcomes: readonly Outcome[]): number {
  const rows = stacks.map(({ stack, log }) => {
    const outcome = outcomes.find(one => one.stack === stack);
    if (!outcome) return [stack, 'not begun', '', '', ''];
    return [stack, wordFor(outcome), `${outcome.seconds} s`, log, outcome.reason];
  });
  io.log('');
  for (const line of textTable(['stack', 'result', 'time', 'log', 'reason'], rows)) io.log(line);
  const done = outcomes.filter(({ code }) => code === 0).length;
  io.log(`${done} of ${stacks.length} done.`);
  return done === stacks.length ? 0 : 1;
}

function show({ io }: Command, { synth, stacks }: CdkPlan, how = ''): number {
  io.log('Would build the app where its sources have changed, and make the templates once:');
  io.log(`  cdk ${synth.join(' ')}`);
  io.log(`Would then run, each with its log${how}:`);
  for (const { args, log } of stacks) io.log(`  cdk ${args.join(' ')} > ${log}`);
  return 0;
}

function parallelOf(command: Command): number {
  const text = textOption(command, 'parallel');
  const parallel = text === undefined ? DEFAULT_PARALLEL : Number(text);
  if (Number.isInteger(parallel) && parallel >= 1 && parallel <= MOST_PARALLEL) return parallel;
  throw new OperatorError('usage', `--parallel takes a number from 1 to ${MOST_PARALLEL}.`);
}

async function tail(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-20).join('\n');
}
