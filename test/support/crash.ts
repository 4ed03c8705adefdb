import type { Services } from '../../functions/services.ts';

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

const READS = new Set(['GetCommand', 'QueryCommand', 'BatchGetCommand']);

/** Wraps services; the write number `after + 1` and everything later, reads too, throws `Killed`. */
export function mortal(services: Services, after: number): Mortal {
  let effects = 0;
  const step = (isWrite: boolean) => {
    if (isWrite) effects++;
    if (effects > after) throw new Killed('killed');
  };
  const { client } = services.table;
  const send = async (command: { constructor: { name: string } }, ...rest: unknown[]) => {
    step(!READS.has(command.constructor.name));
    return (client.send as (...args: unknown[]) => Promise<unknown>).call(client, command, ...rest);
  };
  const dying = new Proxy(client, {
    get: (target, name) => (name === 'send' ? send : Reflect.get(target, name)),
  });
  return {
    effects: () => effects,
    services: {
      ...services,
      table: { ...services.table, client: dying },
      blobs: {
        ...services.blobs,
        async put(key, bytes, contentType) {
          step(true);
          await services.blobs.put(key, bytes, contentType);
        },
        async putFile(key, path, contentType) {
          step(true);
          await services.blobs.putFile(key, path, contentType);
        },
        async putStream(key, chunks, contentType) {
          step(true);
          return services.blobs.putStream(key, chunks, contentType);
        },
      },
    },
  };
}
