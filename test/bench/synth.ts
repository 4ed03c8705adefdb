/**
 * `npm run bench:synth [-- 2 50]`: how long `cdk synth` takes for so many customers, without credentials or network.
 * Writes the customer files into a temporary folder; prints a line for each number.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureApp } from '../../infra/app-build.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2'];

/** Customers with every second one of the choices that add most to a stack. */
function customer(index: number): { id: string } & Record<string, unknown> {
  const id = `customer-${index + 1}`;
  return {
    id,
    region: REGIONS[index % REGIONS.length],
    awsAccount: '111122223333',
    alarms: { email: `post@${id}.example` },
    ...(index % 2 === 1 && { firewall: {}, canary: {} }),
  };
}

const counts = process.argv.slice(2).map(Number);
if (counts.some(count => !Number.isInteger(count) || count < 1)) {
  console.error('Say how many customers, as whole numbers: npm run bench:synth -- 2 50');
  process.exit(2);
}
await ensureApp(console.error);
for (const count of counts.length > 0 ? counts : [2, 50]) synthesise(count);

function synthesise(count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'mailferry-synth-'));
  try {
    const customers = join(folder, 'customers');
    mkdirSync(customers);
    for (let index = 0; index < count; index += 1) {
      const one = customer(index);
      writeFileSync(join(customers, `${one.id}.json`), JSON.stringify(one));
    }
    const out = join(folder, 'cdk.out');
    const startedAt = performance.now();
    const { status, stderr } = spawnSync('npx', ['cdk', 'synth', '--quiet', '--output', out], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder, MAILFERRY_CUSTOMERS: customers },
    });
    if (status !== 0) throw new Error(`cdk synth failed:\n${stderr}`);
    const stacks = readdirSync(out).filter(name => name.endsWith('.template.json')).length;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${count} customers, ${stacks} stacks: ${seconds} s`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
