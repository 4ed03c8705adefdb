import type { SourceError } from './errors.ts';

/** Octets that a server must send within the time that it has; less is a server that hangs by dripping. */
const LEAST_PROGRESS = 512;
/** Most that any command is answered with, in octets, inflated: a hundred bytes for each of ten million messages. */
const MOST_OF_AN_ANSWER = 1024 * 1024 * 1024;
/** How often is looked, in milliseconds. */
const LOOK = 1_000;

/** A promise that rejects when something has gone on for too long. */
export interface Watch {
  passed: Promise<never>;
  stop(): void;
}

/** Passes after so many milliseconds. */
export function deadline(milliseconds: number, late: () => SourceError): Watch {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  return { passed, stop: () => clearTimeout(timer) };
}

/**
 * Passes when the server has sent next to nothing for `patience` milliseconds, or more than any answer needs: a server
 * that sends without end, which compressed costs it nothing.
 *
 * @param received octets so far
 */
export function progress(
  received: () => number,
  patience: number,
  failures: { silent: () => SourceError; flooded: () => SourceError },
): Watch {
  let timer: NodeJS.Timeout | undefined;
  const first = received();
  let before = first;
  let since = Date.now();
  const passed = new Promise<never>((_resolve, reject) => {
    const look = () => {
      const now = received();
      if (now - first > MOST_OF_AN_ANSWER) return reject(failures.flooded());
      if (Date.now() - since >= patience) {
        if (now - before < LEAST_PROGRESS) return reject(failures.silent());
        before = now;
        since = Date.now();
      }
      again();
    };
    const again = () => {
      timer = setTimeout(look, Math.max(1, Math.min(LOOK, since + patience - Date.now())));
    };
    again();
  });
  return { passed, stop: () => clearTimeout(timer) };
}
