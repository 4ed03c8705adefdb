import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { Blobs, Services } from '../../functions/services.ts';
import type { Counts } from '../../infra/cost/counts.ts';
import { isRead, type TableCommand } from '../support/wrapped.ts';

/** What the services of a function have been asked for until now. */
export type Meter = Omit<
  Counts,
  'milliseconds' | 'cpuMilliseconds' | 'mailOctets' | 'mailOctetsOut' | 'answerOctets'
>;

/** Services that count, and the counts. */
export interface Metered<S> {
  services: S;
  meter: Meter;
}

const nothing = (): Meter => ({
  ...{ readUnits: 0, writeUnits: 0, tableRequests: 0 },
  ...{ blobPuts: 0, blobGets: 0, blobOctets: 0, queueMessages: 0, logOctets: 0 },
});

/**
 * Counts units as DynamoDB bills them: what it says that a request consumed, rounded up there to 4 KB read and 1 KB
 * written. dynalite says nothing for a read that found nothing; DynamoDB bills one unit for it.
 */
export function metered<S extends Services>(real: S): Metered<S> {
  const meter = nothing();
  const { client } = real.table;
  const plain = client.send as (...args: unknown[]) => Promise<unknown>;
  const send = async (command: TableCommand, ...rest: unknown[]) => {
    Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    meter.tableRequests += 1;
    const answer = (await plain.call(client, command, ...rest)) as {
      ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
    };
    const consumed = [answer.ConsumedCapacity ?? []].flat();
    const units = consumed.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    meter[isRead(command) ? 'readUnits' : 'writeUnits'] += Math.max(1, units);
    return answer;
  };
  const counting = new Proxy(client, {
    get: (target, name) => (name === 'send' ? send : Reflect.get(target, name)),
  });
  const services = {
    ...real,
    table: { ...real.table, client: counting },
    blobs: meteredBlobs(real.blobs, meter),
    queue: {
      async send(requests: readonly unknown[]) {
        meter.queueMessages += requests.length;
      },
    },
  };
  return { services, meter };
}

function meteredBlobs(real: Blobs, meter: Meter): Blobs {
  return {
    ...real,
    async put(key, bytes, contentType) {
      meter.blobPuts += 1;
      meter.blobOctets += bytes.length;
      await real.put(key, bytes, contentType);
    },
    async putFile(key, path, contentType) {
      meter.blobPuts += 1;
      await real.putFile(key, path, contentType);
    },
    async get(key, range) {
      meter.blobGets += 1;
      return real.get(key, range);
    },
    async head(key) {
      meter.blobGets += 1;
      return real.head(key);
    },
    async verify(key, sha256, size) {
      meter.blobGets += 1;
      return real.verify(key, sha256, size);
    },
  };
}
