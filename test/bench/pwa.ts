/**
 * `npm run bench:pwa`: the app in Chromium, as it is built for people, against the local cloud with a real mail server.
 * `--json` prints the rows as JSON.
 *
 * - BENCH_N (default 50,000) messages are on the device where goals are measured; BENCH_SCALE (default
 *   1000,10000,100000) are the other numbers, BENCH_DOWNLOAD (default 1000,10000) those that are downloaded first.
 *   BENCH_RUNS (default 9) is how often each start is measured; their median counts.
 * - Messages on the device: signed in for real, with an account of a few messages; all others are written into its
 *   database by the app's own modules (`pwa-rows.ts`), because to download 100,000 first takes too long. The first
 *   download is measured by itself, and honest: delivered to Dovecot, pulled, signed in, until all bodies are there.
 * - A cold start is a new page in a process of its own, without a service worker at work, without a network; the
 *   profile is on the disk. What is slowed is the page's processor, by Chromium's own emulation.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signIn } from '../support/browser.ts';
import {
  coldStart,
  coldStarts,
  grow,
  openMessages,
  scrollList,
  startPhone,
  withEmptyApp,
} from './pwa-device.ts';
import { firstDownload, firstLoad, waitForBodies } from './pwa-network.ts';
import { startBenchServer } from './pwa-server.ts';
import { atMost, type Goal, print, type Row, row } from './report.ts';

const numbers = (text: string) => text.split(',').filter(Boolean).map(Number);
const N = Number(process.env.BENCH_N ?? 50_000);
const SCALE = numbers(process.env.BENCH_SCALE ?? '1000,10000,100000');
const DOWNLOAD = numbers(process.env.BENCH_DOWNLOAD ?? '1000,10000');
const RUNS = Number(process.env.BENCH_RUNS ?? 9);
/** Messages of the account that is signed in to, and their mean size in octets. */
const FEW = 20;
const MEAN = 3_000;
const OPENED = 20;
/** A quick flick of the thumb, in pixels a frame, and how long each scrolling takes, in milliseconds. */
const FLICK = 60;
const SCROLLING = 5_000;
/** How many times the processor is slowed where it is. */
const SLOWED = 4;

const args = process.argv.slice(2);
const say = (line: string) => console.error(line);
const folder = await mkdtemp(join(tmpdir(), 'mailferry-bench-'));
await chmod(folder, 0o711);
try {
  const rows = [...(await benchDevice()), ...(await benchSearch()), ...(await benchDownloads())];
  print(`${N.toLocaleString('en')} messages on the device`, rows, args);
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function benchDevice(): Promise<Row[]> {
  say('Starting the cloud');
  const server = await startBenchServer(join(folder, 'device'), FEW, MEAN);
  const phone = await startPhone(join(folder, 'phone'));
  try {
    const load = (await firstLoad(server.url)) / 1000;
    const rows = [row('first load: JavaScript, gzipped', load, 'kB', { goal: atMost(70) })];
    await signInOnPhone(phone, server.url);
    await phone.setOffline(true);
    const newest = Date.now() - 24 * 3600 * 1000;
    let before = 0;
    for (const count of [...new Set([...SCALE, N])].sort((a, b) => a - b)) {
      say(`${count} messages on the device`);
      const seconds = await grow(phone, server.url, before, count, newest);
      say(`  written in ${seconds.toFixed(1)} s`);
      rows.push(...(await benchCount(phone, server.url, count)));
      before = count;
    }
    return rows;
  } finally {
    await phone.close();
    await server.stop();
  }
}

type Phone = Awaited<ReturnType<typeof startPhone>>;

/** Signs in, and leaves only when the service worker has the app and all mail is there. */
async function signInOnPhone(phone: Phone, url: string): Promise<void> {
  const page = await phone.newPage();
  await signIn(page, url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await waitForBodies(page, FEW);
  await page.close();
}

async function benchCount(phone: Phone, url: string, count: number): Promise<Row[]> {
  const goal = (bound: number): { goal?: Goal } => (count === N ? { goal: atMost(bound) } : {});
  const rows: Row[] = [];
  for (const slowed of [1, SLOWED]) {
    const how = { runs: RUNS, slowed };
    const own = median(await coldStarts(phone, `${url}/inbox`, '.row-link', how));
    const empty = await withEmptyApp(phone, url, () => coldStarts(phone, `${url}/inbox`, '#empty', how));
    const name = `${count} messages: cold start${slowed > 1 ? `, ${slowed} times slowed` : ''}`;
    rows.push(row(name, own, 'ms', { reference: median(empty), ...goal(slowed > 1 ? 900 : 300) }));
  }
  const { page } = await coldStart(phone, `${url}/inbox`, '.row-link');
  await page.waitForTimeout(500);
  const opened = await openMessages(page, OPENED);
  rows.push(row(`${count} messages: open one, median`, median(opened), 'ms', goal(50)));
  rows.push(row(`${count} messages: open one, slowest`, Math.max(...opened), 'ms'));
  const ways = [
    { name: 'scroll with quick flicks', step: FLICK },
    { name: 'scroll through all', step: null },
  ];
  for (const { name, step } of ways) {
    const { fps, late, longest, pending } = await scrollList(page, step, SCROLLING);
    rows.push(row(`${count} messages: ${name}, mean`, fps, 'frames/s'));
    rows.push(row(`${count} messages: ${name}, over 50 ms`, late, 'frames', goal(0)));
    rows.push(row(`${count} messages: ${name}, longest`, longest, 'ms'));
    rows.push(row(`${count} messages: ${name}, with rows that wait`, pending * 100, '% of frames'));
  }
  await page.close();
  return rows;
}

/** The search has a program of its own. */
async function benchSearch(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of [...new Set([...SCALE, N])].sort((a, b) => a - b)) {
    say(`Search over ${count} messages`);
    const program = new URL('./pwa-search.ts', import.meta.url).pathname;
    const child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), program, '--json', '--messages', String(count)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let text = '';
    child.stdout.setEncoding('utf8').on('data', part => {
      text += part;
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`The search over ${count} messages could not be measured.`);
    const found = (JSON.parse(text) as { rows: Row[] }).rows;
    for (const one of found) {
      const bound = count === N ? {} : { goal: null, holds: true };
      rows.push({ ...one, ...bound, name: `${count} messages: ${one.name}` });
    }
  }
  return rows;
}

async function benchDownloads(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of DOWNLOAD) {
    say(`First download of ${count} messages`);
    const server = await startBenchServer(join(folder, `server-${count}`), count, MEAN);
    const phone = await startPhone(join(folder, `phone-${count}`));
    try {
      const { seconds, listed, octets, plain } = await firstDownload(phone, server, count);
      const rate = { reference: count / plain };
      rows.push(row(`first download of ${count}`, count / seconds, 'messages/s', rate));
      rows.push(row(`first download of ${count}: all`, seconds, 's', { reference: plain }));
      rows.push(row(`first download of ${count}: whole list`, listed, 's'));
      rows.push(row(`first download of ${count}: answers`, octets / 1e6, 'MB'));
    } finally {
      await phone.close();
      await server.stop();
    }
  }
  return rows;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
