import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../../words/words.ts';
import { reasonOf } from './problem.tsx';

/** A list that the server keeps. What was answered last stays while it is asked again. */
export interface Asked<T> {
  value: T | undefined;
  problem: string | null;
  again(): void;
}

/**
 * Asks the server when it is shown, whenever `key` changes, and every `repeat` milliseconds while it answers one: for
 * lists that are not on the device.
 */
export function useServer<T>(
  key: string,
  ask: () => Promise<T>,
  repeat: (value: T) => number | null = () => null,
): Asked<T> {
  const [value, setValue] = useState<T>();
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const latest = useRef({ ask, repeat });
  latest.current = { ask, repeat };
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      let wait: number | null = null;
      try {
        const answer = await latest.current.ask();
        if (stopped) return;
        setValue(answer);
        setProblem(null);
        wait = latest.current.repeat(answer);
      } catch (error) {
        if (stopped) return;
        setProblem(reasonOf(error));
      }
      if (wait !== null) timer = setTimeout(() => void look(), wait);
    };
    const online = () => void look();
    addEventListener('online', online);
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
      removeEventListener('online', online);
    };
  }, [key, round]);
  return { value, problem, again: () => setRound(n => n + 1) };
}

/** What stands in the place of a list that is not there yet, or cannot be had. */
export function Waiting({ asked }: { asked: Asked<unknown> }) {
  if (asked.problem !== null) {
    return (
      <div class="note note-warning" role="alert">
        <p>{asked.value === undefined ? words.accounts.offlineList : asked.problem}</p>
        <button type="button" class="button-text" onClick={asked.again}>
          {words.accounts.again}
        </button>
      </div>
    );
  }
  return asked.value === undefined ? <p role="status">{words.accounts.loadingList}</p> : null;
}
