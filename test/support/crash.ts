import type { Services } from '../../functions/services.ts';
import { aroundTable, beforePuts, isRead } from './wrapped.ts';

/** The process is gone: nothing it still tries has any effect. */
export class Killed extends Error {
  override name = 'Killed';
}

/** Services whose writes (blobs and rows) stop having effect after `after` of them, as when a process is killed. */
export interface Mortal {
  services: Services;
  /** How many writes were tried. */
  effects(): number;
}

/** Wraps services; the write number `after + 1` and everything later, reads too, throws `Killed`. */
export function mortal(services: Services, after: number): Mortal {
  let effects = 0;
  const step = (isWrite: boolean) => {
    if (isWrite) effects++;
    if (effects > after) throw new Killed('killed');
  };
  const dying = aroundTable(services, (command, send) => {
    step(!isRead(command));
    return send();
  });
  return { effects: () => effects, services: beforePuts(dying, () => step(true)) };
}
