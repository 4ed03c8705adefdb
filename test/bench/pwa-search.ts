/**
 * Measures the search index in Chromium: `npm run bench:pwa`, or `node --import tsx test/bench/pwa-search.ts [--json]
 * [--messages 50000]`. Messages of 1.5 kB are put into the app's own database; the app's own worker indexes them and
 * answers, over the channel by which it answers any tab.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { parseQuery, toFts } from '../../pwa/src/search/query.ts';
import { signedIn, startBrowser, waitUntilDownloaded } from '../support/browser.ts';
import { startLocalCloud } from '../support/local-cloud.ts';
import { atMost, print, row } from './report.ts';

const at = process.argv.indexOf('--messages');
const MESSAGES = at > 0 ? Number(process.argv[at + 1]) : 50_000;
/** Words that the messages are made of: a few are in nearly all of them, most in few, as in a language. */
const VOCABULARY = 20_000;
/** Longest wait for the index to be built, in milliseconds. */
const BUILD_LIMIT = 600_000;

const SYLLABLES = 'ka ro mi te lu san ver dol ing pra ne so ti bar cha les ond fi gu may'.split(' ');

/** The word of a rank; the more common, the shorter. */
function wordOf(rank: number): string {
  let word = '';
  for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) {
    word += SYLLABLES[rest % SYLLABLES.length];
  }
  return word;
}

/** What people type: each word letter by letter, from common ones to rare ones, and whole queries. */
function searches(): string[] {
  const ranks = [3, 17, 60, 210, 800, 2_500, 7_000, 15_000];
  const growing = ranks.map(wordOf).flatMap(word => [...word].map((_, i) => word.slice(0, i + 1)).slice(1));
  const [a = '', b = '', c = '', d = ''] = [5, 40, 300, 4_000].map(wordOf);
  const whole = [
    ...[`${a} ${b}`, `${b} ${c}`, `${c} ${d}`, `"${a} ${b}"`, `from:sender12 ${b}`, `subject:${c} -${a}`],
    ...[
      `${a} is:unread`,
      `${b} has:attachment`,
      `${a} is:starred`,
      'is:starred',
      'from:sender77',
      `${b} before:2y`,
    ],
    ...[`${c} after:1y is:read`, 'has:attachment before:1y', `to:mara ${d}`, 'sender', `zzz${d}`],
  ];
  return [...growing, ...whole];
}

/** Puts messages into the database of the app, where no app is running. */
async function fill(page: Page, words: string[]): Promise<void> {
  await page.evaluate(
    async ([count, vocabulary]) => {
      const request = indexedDB.open('mailferry');
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const all = <T>(store: string) =>
        new Promise<T[]>(resolve => {
          const got = db.transaction(store).objectStore(store).getAll();
          got.onsuccess = () => resolve(got.result);
        });
      const [account] = await all<{ id: string }>('accounts');
      const accountId = account?.id ?? '';
      let seed = 42;
      const random = () => {
        seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
        return seed / 0x7fffffff;
      };
      const word = () => vocabulary[Math.floor(vocabulary.length * random() ** 4)];
      const text = (n: number) => Array.from({ length: n }, word).join(' ');
      const now = Date.now();
      const none = {
        name: null,
        charset: 'utf-8',
        disposition: null,
        cid: null,
        language: null,
        location: null,
      };
      for (let start = 0; start < count; start += 500) {
        const transaction = db.transaction(['emails', 'bodies', 'unindexed'], 'readwrite');
        for (let i = start; i < Math.min(count, start + 500); i += 1) {
          const id = `bench${i}`;
          const time = now - i * 3_600_000;
          const newest = String(9_999_999_999_999 - time).padStart(13, '0');
          const sender = i % 200;
          const body = text(230);
          const flags = {
            keywords: { ...(i % 3 ? { $seen: true } : {}), ...(i % 97 ? {} : { $flagged: true }) },
            mailboxIds: { bench: true },
          };
          transaction.objectStore('emails').put({
            ...{ accountId, id, blobId: id, threadId: id, size: 2_000, ...flags, server: flags },
            receivedAt: new Date(time).toISOString(),
            from: [{ name: `Sender ${sender}`, email: `sender${sender}@example.org` }],
            to: [{ name: 'Mara', email: 'mara@example.org' }],
            ...{ subject: text(6), preview: body.slice(0, 200), hasAttachment: i % 11 === 0, lists: [] },
            ...{ generation: 1, kept: [accountId, newest], bodySize: body.length },
          });
          const part = { ...none, partId: '1', blobId: id, size: body.length, type: 'text/plain' };
          const value = { value: body, isEncodingProblem: false, isTruncated: false };
          transaction.objectStore('bodies').put({
            ...{ accountId, id, cc: [], bcc: [], replyTo: [], sentAt: null },
            ...{ textBody: [part], htmlBody: [part], attachments: [], bodyValues: { 1: value } },
          });
          transaction.objectStore('unindexed').put({ accountId, id, at: newest, mark: i });
        }
        await new Promise(resolve => {
          transaction.oncomplete = resolve;
        });
      }
      db.close();
    },
    [MESSAGES, words] as const,
  );
}

/** Octets of memory that the processes of pages have for themselves. */
async function memory(browser: Browser, page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return pages.reduce((sum, { id }) => sum + ownMemory(id), 0);
}

function ownMemory(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Private_Dirty:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1_000;
}

/** Waits until the index says that it has everything; milliseconds from the start of the page. */
async function ready(page: Page): Promise<number> {
  return page.evaluate(
    ([limit]) =>
      new Promise<number>((resolve, reject) => {
        const channel = new BroadcastChannel('mailferry:search');
        const ask = setInterval(() => channel.postMessage({ kind: 'status?' }), 25);
        setTimeout(() => reject(new Error('The index was not ready in time.')), limit);
        channel.onmessage = ({ data }) => {
          if (data.kind !== 'status' || data.status.state !== 'ready') return;
          clearInterval(ask);
          channel.close();
          resolve(performance.now());
        };
      }),
    [BUILD_LIMIT] as const,
  );
}

/** Milliseconds that each search took, from the question to the answer. */
async function ask(
  page: Page,
  typed: readonly string[],
): Promise<{ typed: string; ms: number; hits: number }[]> {
  const all = typed.map(text => {
    const query = parseQuery(text);
    return { text, search: { ...toFts(query), conditions: query.conditions, limit: 60, before: null } };
  });
  return page.evaluate(async asked => {
    const channel = new BroadcastChannel('mailferry:search');
    const times: { typed: string; ms: number; hits: number }[] = [];
    for (const { text, search } of asked) {
      const started = performance.now();
      const hits = await new Promise<number>(resolve => {
        const ask = crypto.randomUUID();
        channel.onmessage = ({ data }) => {
          if (data.ask === ask) resolve(data.hits?.length ?? -1);
        };
        channel.postMessage({ kind: 'find', ask, search });
      });
      times.push({ typed: text, ms: performance.now() - started, hits });
    }
    channel.close();
    return times;
  }, all);
}

const quantile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;

const cloud = await startLocalCloud();
const browser = await startBrowser();
try {
  const { context, page } = await signedIn(browser, cloud.url);
  // What the bundler of this file puts into named functions.
  await page.addInitScript('globalThis.__name = own => own');
  await waitUntilDownloaded(page);
  await page.goto(`${cloud.url}/search`);
  await ready(page);
  await page.goto(`${cloud.url}/config.json`);
  await fill(
    page,
    Array.from({ length: VOCABULARY }, (_, rank) => wordOf(rank)),
  );
  // Nothing of the server is to be measured.
  await context.setOffline(true);
  await page.goto(`${cloud.url}/search`);
  const built = await ready(page);

  await page.goto(`${cloud.url}/inbox`);
  const before = await memory(browser, page);
  await page.goto(`${cloud.url}/search`);
  const opened = await ready(page);
  const times = [...(await ask(page, searches())), ...(await ask(page, searches()))];
  const after = await memory(browser, page);
  const size = await page.evaluate(
    async () =>
      ((await navigator.storage.estimate()) as { usageDetails?: { fileSystem?: number } }).usageDetails
        ?.fileSystem ?? 0,
  );
  const ms = times.map(time => time.ms);
  if (process.argv.includes('--slowest')) {
    console.log(times.sort((a, b) => b.ms - a.ms).slice(0, 12));
  }
  const wrong = times.filter(time => time.hits < 0).length;
  if (wrong > 0) throw new Error(`${wrong} searches were not answered.`);
  print(
    `Search over ${MESSAGES} messages of 1.5 kB`,
    [
      row('index built', built / 1_000, 's'),
      row('index built', MESSAGES / (built / 1_000), 'messages/s'),
      row('index opened, from the start of the page', opened, 'ms'),
      row('search, median', quantile(ms, 0.5), 'ms'),
      row('search, p95', quantile(ms, 0.95), 'ms', { goal: atMost(20) }),
      row('search, slowest', Math.max(...ms), 'ms'),
      row('memory growth', (after - before) / 1_000_000, 'MB', { goal: atMost(60) }),
      row('index on the disk', size / 1_000_000, 'MB'),
    ],
    process.argv,
  );
} finally {
  await browser.close();
  await cloud.remove();
}
