import { useEffect, useState } from 'preact/hooks';
import type { Id } from '../../../../functions/jmap/types.ts';
import { type Colours, readColours } from '../../mailbox/colours.ts';
import { mailbox } from '../../mailbox/db.ts';
import { observe } from '../../mailbox/observe.ts';

/** The colours as they were read last: one reading serves all rows of a list. */
let colours: Colours = {};
const listeners = new Set<() => void>();
let isObserved = false;

async function read(): Promise<void> {
  const db = await mailbox();
  const [all, accounts] = await Promise.all([readColours(db), db.count('accounts')]);
  // One account needs nothing to tell it from others.
  const now = accounts > 1 ? all : {};
  if (JSON.stringify(now) === JSON.stringify(colours)) return;
  colours = now;
  for (const listener of [...listeners]) listener();
}

/** The colour of an account on this device, 0 to 7; undefined where there is only one, or until it is known. */
export function useColour(accountId: Id): number | undefined {
  const [, render] = useState(0);
  useEffect(() => {
    const again = () => render(n => n + 1);
    listeners.add(again);
    if (!isObserved) {
      isObserved = true;
      observe(['accounts'], () => void read().catch(() => {}));
      void read().catch(() => {});
    }
    return () => {
      listeners.delete(again);
    };
  }, []);
  return colours[accountId];
}
