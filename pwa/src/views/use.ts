import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { type Database, mailbox } from '../mailbox/db.ts';
import { observe, type Topic } from '../mailbox/observe.ts';
import { reportDamage } from '../mailbox/trouble.ts';

/** What takes long rests for so many times as long before it is done again. */
const REST = 9;

/**
 * Runs `work` at once, and again each time it is asked to, never twice at the same time.
 * @param rest how many times as long as it took it rests before it is run again
 */
export function repeatable(work: () => Promise<void>, rest = 0): () => void {
  let running = false;
  let again = false;
  return async function run() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      const began = performance.now();
      await work().catch(error => {
        console.error(error instanceof Error ? error.stack : 'error');
        reportDamage(error);
      });
      if (rest) await new Promise(resolve => setTimeout(resolve, rest * (performance.now() - began)));
    }
    running = false;
  };
}

/**
 * The answer of a query on the device's database, asked again whenever one of the topics changes. `key` names
 * what is asked for: while the answer for a new key is on its way, the value is undefined.
 * @param isLong the query walks along many rows, as whatever counts does: downloads go on meanwhile, and must not wait
 * for it most of the time
 */
export function useLive<T>(
  topics: readonly Topic[],
  key: string,
  query: (db: Database) => Promise<T>,
  isLong = false,
): T | undefined {
  const [answer, setAnswer] = useState<{ key: string; value: T } | null>(null);
  const latest = useRef(query);
  latest.current = query;
  // At once and not after the next frame: views lie within views, and each would cost a frame.
  useLayoutEffect(() => {
    let stopped = false;
    const look = async () => {
      const value = await latest.current(await mailbox());
      if (!stopped) setAnswer({ key, value });
    };
    const ask = repeatable(look, isLong ? REST : 0);
    ask();
    const stop = observe(topics, ask);
    return () => {
      stopped = true;
      stop();
    };
  }, [key]);
  return answer?.key === key ? answer.value : undefined;
}

/** Renders again twice a minute: "12 minutes ago" grows old by itself. */
export function useClock(): void {
  const [, tick] = useReducer<number, void>(n => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => tick(), 30_000);
    return () => clearInterval(timer);
  }, []);
}
