import { SourceError } from './errors.ts';
import type { Reply } from './pop3-exchange.ts';
import type { Pending } from './pop3-wire.ts';

/** How much may be asked for ahead of what was answered: beyond this nothing gets faster. */
const COMMANDS = 16;
const OCTETS = 4 * 1024 * 1024;
/** For a message whose size is not known. */
const UNKNOWN_SIZE = 64 * 1024;

/** What came of one command: its answer (also `-ERR`), or why there is none. */
export type Answer<T> = { item: T; reply: Reply } | { item: T; error: SourceError };

/**
 * Sends a command for each item and gives the answers in the same order. The next commands are sent while an answer
 * is on its way or being worked on; the wire holds them back where the server takes one at a time.
 *
 * @param octetsOf how long the answer will be, null when that is unknown: long ones are not asked for ahead
 * @throws nothing; a lost connection is the `error` of each item that is left
 */
export async function* pipelined<T>(
  items: readonly T[],
  send: (item: T) => Pending,
  octetsOf: (item: T) => number | null,
): AsyncGenerator<Answer<T>> {
  const flight: { item: T; pending: Pending; octets: number }[] = [];
  let next = 0;
  let octets = 0;
  const fill = (): void => {
    // Several at once, so that they travel in one packet.
    if (flight.length > COMMANDS / 2) return;
    for (; next < items.length && flight.length < COMMANDS; next += 1) {
      const item = items[next] as T;
      const more = octetsOf(item) ?? UNKNOWN_SIZE;
      if (flight.length > 0 && octets + more > OCTETS) return;
      octets += more;
      flight.push({ item, pending: send(item), octets: more });
    }
  };
  try {
    for (fill(); ; fill()) {
      const first = flight.shift();
      if (first === undefined) return;
      const answer = await answered(first);
      octets -= first.octets;
      fill();
      yield answer;
    }
  } finally {
    for (const { pending } of flight) pending.cancel();
  }
}

async function answered<T>({ item, pending }: { item: T; pending: Pending }): Promise<Answer<T>> {
  try {
    return { item, reply: await pending.reply() };
  } catch (error) {
    if (error instanceof SourceError) return { item, error };
    throw error;
  }
}
