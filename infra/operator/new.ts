import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseCustomer } from '../customers/load.ts';
import { customerSchema } from '../customers/schema.ts';
import { customerFile } from './customers.ts';
import { OperatorError } from './errors.ts';
import { type Command, textOption } from './io.ts';

/** What is asked for: all else has a default, and is written into the file by hand. */
const QUESTIONS = [
  { option: 'id', path: ['id'], question: 'Id, such as harbour-books: ' },
  { option: 'region', path: ['region'], question: 'AWS region, such as eu-west-1: ' },
  { option: 'account', path: ['awsAccount'], question: 'AWS account, 12 digits: ' },
  { option: 'email', path: ['alarms', 'email'], question: 'E-mail address for alarms: ' },
] as const;

/** For editors, which then know the other fields. */
const SCHEMA = '../../docs/customers.schema.json';

type Answers = Record<(typeof QUESTIONS)[number]['option'], string>;

/** Writes the file of a new customer, checked; an existing one is never touched. */
export async function newCustomer(command: Command): Promise<number> {
  const { customers, names, io, options } = command;
  if (names.length > 1) throw new OperatorError('usage', 'Name one customer, by its id.');
  const answers = await answered(command);
  const file = customerFile(customers, answers.id);
  const text = `${JSON.stringify({ $schema: SCHEMA, ...fileOf(answers) }, null, 2)}\n`;
  parseCustomer(file, text);
  if (existsSync(file)) throw exists(file);
  if (options['dry-run'] === true) {
    io.log(`Would write ${file}:`);
    io.log(text.trimEnd());
    return 0;
  }
  await mkdir(customers, { recursive: true });
  await writeFile(file, text, { flag: 'wx' }).catch(error => {
    throw error.code === 'EEXIST' ? exists(file) : error;
  });
  io.log(`Wrote ${file}. docs/customers.md lists what else it may hold.`);
  io.log(`Next: npm run customer -- deploy ${answers.id}`);
  return 0;
}

const exists = (file: string) =>
  new OperatorError('customer', `${file} is there already; it was not changed.`);

const fileOf = ({ id, region, account, email }: Answers) => ({
  id,
  region,
  awsAccount: account,
  alarms: { email },
});

/** What the options do not say is asked, where somebody is there; a bad answer is asked again. */
async function answered(command: Command): Promise<Answers> {
  const { io, names } = command;
  const given: Partial<Answers> = {};
  for (const { option, question } of QUESTIONS) {
    const said = (option === 'id' ? names[0] : undefined) ?? textOption(command, option);
    if (said !== undefined) given[option] = said;
    while (given[option] === undefined && io.ask) {
      const answer = (await io.ask(question)).trim();
      const problem = problemWith({ ...given, [option]: answer }, option);
      if (problem === null) given[option] = answer;
      else io.log(problem);
    }
  }
  const missing = QUESTIONS.filter(({ option }) => given[option] === undefined);
  if (missing.length === 0) return given as Answers;
  const wanted = missing.map(({ option }) => `--${option}`).join(', ');
  throw new OperatorError('usage', `There is no terminal to ask at: say ${wanted}.`);
}

/** What the schema says of one answer; null when it takes it. */
function problemWith(answers: Partial<Answers>, option: keyof Answers): string | null {
  const { id = '', region = '', account = '', email = '' } = answers;
  const path = QUESTIONS.find(one => one.option === option)?.path.join('.');
  const issues = customerSchema.safeParse(fileOf({ id, region, account, email })).error?.issues ?? [];
  return issues.find(issue => issue.path.join('.') === path)?.message ?? null;
}
