/** Why the device's database cannot be opened, as far as it matters to the person. */
export type Trouble = 'newer' | 'blocked' | 'noRoom' | 'closed' | 'broken';

/** The database stays closed because another tab holds it at an older version. */
export class Blocked extends Error {
  override name = 'Blocked';
}

const BY_NAME: Record<string, Trouble> = {
  VersionError: 'newer',
  Blocked: 'blocked',
  QuotaExceededError: 'noRoom',
  // What browsers answer in private windows, and where the person forbade websites to store anything.
  SecurityError: 'closed',
  InvalidStateError: 'closed',
  ReferenceError: 'closed',
  TypeError: 'closed',
};

/** What an error of opening the database means; pure. */
export function troubleOf(error: unknown): Trouble {
  return (error instanceof Error || error instanceof DOMException ? BY_NAME[error.name] : null) ?? 'broken';
}

let current: Trouble | null = null;
const listeners = new Set<(trouble: Trouble | null) => void>();

/** Notes that the database cannot be opened; the app shows what can be done about it. */
export function reportTrouble(error: unknown): void {
  current = troubleOf(error);
  for (const listener of [...listeners]) listener(current);
}

/** Notes that the database is open after all, because the other tab has let go of it. */
export function reportOpened(): void {
  if (current !== 'blocked') return;
  current = null;
  for (const listener of [...listeners]) listener(null);
}

/** Notes it where a failed reading says that the database itself is damaged. */
export function reportDamage(error: unknown): void {
  if (error instanceof DOMException && error.name === 'UnknownError') reportTrouble(error);
}

/** The trouble that was noted, or null. */
export function currentTrouble(): Trouble | null {
  return current;
}

/** Calls `listener` with each trouble from now on, and with null when one is over. Returns how to stop. */
export function observeTrouble(listener: (trouble: Trouble | null) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
