import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { type Database, mailbox } from '../mailbox/db.ts';
import { observe, type Topic } from '../mailbox/observe.ts';
import { reportDamage } from '../mailbox/trouble.ts';

/** Runs `work` at once, and again each time it is asked to, never twice at the same time. */
export function repeatable(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  return async function run() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work().catch(error => {
        console.error(error instanceof Error ? error.stack : 'error');
        reportDamage(error);
      });
    }
    running = false;
  };
}

/**
 * The answer of a query on the device's database, asked again whenever one of the topics changes. `key` names
 * what is asked for: while the answer for a new key is on its way, the value is undefined.
 */
export function useLive<T>(
  topics: readonly Topic[],
  key: string,
  query: (db: Database) => Promise<T>,
): T | undefined {
  const [answer, setAnswer] = useState<{ key: string; value: T } | null>(null);
  const latest = useRef(query);
  latest.current = query;
  // At once and not after the next frame: views lie within views, and each would cost a frame.
  useLayoutEffect(() => {
    let stopped = false;
    const ask = repeatable(async () => {
      const value = await latest.current(await mailbox());
      if (!stopped) setAnswer({ key, value });
    });
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
