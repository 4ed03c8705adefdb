import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runOperator } from '../../infra/operator/commands.ts';

const FILE = {
  id: 'harbour-books',
  region: 'eu-west-1',
  awsAccount: '111122223333',
  alarms: { email: 'post@harbour-books.example' },
};
/** Stands in for CDK: notes what it was asked for, and from when to when; fails for `bad-one`. */
const CDK = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const args = process.argv.slice(2);
const note = what => appendFileSync(process.env.CDK_CALLS, what + ' ' + args.join(' ') + '\\n');
note('begin');
setTimeout(() => {
  note('end');
  console.log('said by ' + args.join(' '));
  const isBad = args[0] !== 'synth' && args[1] === 'Mailferry-bad-one';
  if (isBad) console.log('\\n ❌  Mailferry-bad-one failed: the domain is taken\\nStack trace');
  process.exitCode = isBad ? 1 : 0;
}, 150);
`;

let folder: string;
let places: { customers: string; out: string };
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailferry-operator-'));
  places = { customers: join(folder, 'infra/customers'), out: join(folder, 'cdk.out') };
});
after(() => rm(folder, { recursive: true }));

/** Runs a command here, with answers to what it asks. */
async function run(args: string[], answers: string[] | null = null) {
  const lines: string[] = [];
  const io = {
    log: (line: string) => void lines.push(...line.split('\n')),
    ask: answers && (async () => answers.shift() ?? ''),
    now: Date.now,
    sleep: async () => {},
  };
  const code = await runOperator(args, io, places);
  return { code, lines, text: lines.join('\n') };
}

describe('npm run customer: files', () => {
  test('new asks for little, again where an answer is no good, and writes what is valid', async () => {
    const answers = [
      'Bad Id',
      'harbour-books',
      'europe',
      'eu-west-1',
      '111122223333',
      'post@harbour-books.example',
    ];
    const { code, text } = await run(['new'], answers);
    assert.equal(code, 0, text);
    assert.match(text, /must be 3 to 20 letters/);
    assert.match(text, /must be an AWS region/);
    const written = await readFile(join(places.customers, 'harbour-books.json'), 'utf8');
    assert.deepEqual(JSON.parse(written), { $schema: '../../docs/customers.schema.json', ...FILE });
  });

  test('new never touches a file that is there, and says what it would write', async () => {
    const flags = ['--region', 'eu-west-1', '--account', '444455556666', '--email', 'a@b.example'];
    await assert.rejects(run(['new', 'harbour-books', ...flags]), /is there already/);
    await assert.rejects(run(['new', 'harbour-books', ...flags, '--dry-run']), /is there already/);
    const dry = await run(['new', 'bad-one', ...flags, '--dry-run']);
    assert.match(dry.text, /Would write .*bad-one\.json/);
    assert.deepEqual(await readdir(places.customers), ['harbour-books.json']);
    assert.equal((await run(['new', 'bad-one', ...flags])).code, 0);
  });

  test('without a terminal new says which options it needs, and a bad one is refused by its field', async () => {
    await assert.rejects(run(['new', 'third', '--region', 'eu-west-1']), /say --account, --email/);
    const flags = ['--region', 'nowhere', '--account', '12', '--email', 'a@b.example'];
    await assert.rejects(run(['new', 'third', ...flags]), /third\.json: region: must be an AWS region/);
  });

  test('list shows every customer, and says which file is no good', async () => {
    const { lines } = await run(['list']);
    assert.match(lines[1] ?? '', /^bad-one +eu-west-1 +444455556666/);
    assert.match(lines[2] ?? '', /^harbour-books +eu-west-1 +111122223333 +- +post@harbour-books\.example/);
    await writeFile(join(places.customers, 'broken.json'), '{}');
    await assert.rejects(run(['list']), /broken\.json: id: is required/);
    await rm(join(places.customers, 'broken.json'));
  });
});

describe('npm run customer: deploy and diff', () => {
  const path = process.env.PATH ?? '';
  let calls: string;
  before(async () => {
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin/cdk'), CDK);
    await chmod(join(folder, 'bin/cdk'), 0o755);
    calls = join(folder, 'calls');
    process.env.PATH = [join(folder, 'bin'), path].join(delimiter);
    process.env.CDK_CALLS = calls;
    for (const id of ['third', 'fourth']) {
      await writeFile(join(places.customers, `${id}.json`), JSON.stringify({ ...FILE, id }));
    }
  });
  after(() => {
    process.env.PATH = path;
    delete process.env.CDK_CALLS;
  });

  test('deploy makes the templates once and the stacks side by side, and sums up', async () => {
    const { code, text } = await run(['deploy', '--all', '--parallel', '2']);
    assert.equal(code, 1, text);
    const noted = (await readFile(calls, 'utf8')).trim().split('\n');
    const all = ['bad-one', 'fourth', 'harbour-books', 'third'].map(id => `Mailferry-${id}`);
    assert.equal(noted[0], `begin synth --quiet --output ${places.out} ${all.join(' ')}`);
    assert.equal(noted[1], noted[0]?.replace('begin', 'end'));
    let running = 0;
    let most = 0;
    for (const line of noted.slice(2)) {
      running += line.startsWith('begin') ? 1 : -1;
      most = Math.max(most, running);
    }
    assert.equal(most, 2);
    assert.equal(noted.filter(line => line.startsWith('begin deploy')).length, 4);
    assert.match(
      text,
      /Mailferry-bad-one +FAILED .*deploy-Mailferry-bad-one\.log +Mailferry-bad-one failed: the domain is taken/,
    );
    assert.match(text, /Mailferry-third +done/);
    assert.match(text, /3 of 4 done\./);
    const log = await readFile(join(places.out, 'logs/deploy-Mailferry-third.log'), 'utf8');
    assert.match(log, /said by deploy Mailferry-third --app/);
    assert.equal((await run(['deploy', 'third'])).code, 0);
  });

  test('diff shows each stack; a dry run of either runs nothing', async () => {
    const { code, text } = await run(['diff', 'third', 'fourth']);
    assert.equal(code, 0, text);
    assert.match(text, /== Mailferry-third\nsaid by diff Mailferry-third/);
    const before = await readFile(calls, 'utf8');
    const dry = await run(['deploy', '--all', '--dry-run']);
    assert.match(dry.text, /cdk deploy Mailferry-fourth --app/);
    await run(['diff', 'third', '--dry-run']);
    assert.equal(await readFile(calls, 'utf8'), before);
  });

  test('nobody is deployed by accident', async () => {
    await assert.rejects(run(['deploy']), /or say --all/);
    await assert.rejects(run(['deploy', 'nobody']), /There is no customer nobody/);
    await assert.rejects(run(['deploy', '../harbour-books']), /There is no customer/);
    await assert.rejects(run(['deploy', 'third', '--parallel', '0']), /from 1 to 32/);
  });

  test('the command itself: exit codes, what is wrong as a sentence, and what Ctrl-C leaves', async () => {
    const main = fileURLToPath(new URL('../../infra/operator/main.ts', import.meta.url));
    const args = ['--import', import.meta.resolve('tsx'), main, 'deploy', '--all', '--parallel', '1'];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', part => {
        const isNews = !/fourth: deploying/.test(said);
        said += part;
        if (isNews && /fourth: deploying/.test(said)) child.kill('SIGINT');
      });
    }
    const [code] = await once(child, 'close');
    assert.equal(code, 1, said);
    assert.match(said, /Mailferry-fourth +interrupted/);
    assert.match(said, /Mailferry-third +not begun/);
    assert.match(said, /0 of 4 done/);
    const wrong = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, 'deploy'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let problem = '';
    wrong.stderr.on('data', part => {
      problem += part;
    });
    assert.deepEqual(await once(wrong, 'close'), [2, null]);
    assert.equal(problem, 'Name the customers by their ids, or say --all.\n');
    await assert.rejects(run(['no-such']), /There is no command no-such/);
    await assert.rejects(run(['list', '--wrong']), /Use: npm run customer -- list/);
  });
});
