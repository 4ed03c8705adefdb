import type { Services } from '../../../functions/services.ts';

/** A stand-in for every function: it answers with its event, and does what the event's `ask` header says. */
export function createHandler(services: Services) {
  return async (event: Record<string, unknown>): Promise<unknown> => {
    if ('Records' in event) return recordDeliveries(services, event);
    if ('test' in event) return { ok: true, code: null, message: `pid ${process.pid}`, found: null };
    if ('discover' in event) return { ...(event.discover as object), provider: `pid ${process.pid}` };
    if (!('requestContext' in event)) return null;
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: await answer(services, event),
    };
  };
}

async function answer(services: Services, event: Record<string, unknown>): Promise<string> {
  const headers = event.headers as Record<string, string>;
  if (headers.ask === 'crash') process.exit(3);
  if (headers.ask === 'throw') throw new Error('on purpose');
  if (headers.ask === 'unwrap') await services.vaultKeeper.unwrap(new Uint8Array(), {});
  if (headers.ask === 'pull') await services.queue.send([{ accounts: ['a1'], reason: 'asked' }]);
  if (headers.ask === 'test') return JSON.stringify(await services.tester.test(TEST));
  if (headers.ask === 'discover') return JSON.stringify(await services.tester.discover('mara@example.org'));
  if (headers.ask === 'delivered') {
    const bytes = await services.blobs.get('raw/deliveries/log');
    return bytes ? Buffer.from(bytes).toString() : '[]';
  }
  return JSON.stringify({ ...event, pid: process.pid });
}

const TEST = {
  protocol: 'imap',
  host: 'localhost',
  port: 143,
  security: 'none',
  username: 'u',
  sealedPassword: 's',
  accountId: 'a1',
} as const;

/** Refuses the first delivery of each message, so that it must come again, and remembers every delivery. */
async function recordDeliveries(services: Services, event: Record<string, unknown>): Promise<unknown> {
  const records = event.Records as { messageId: string; body: string; attributes: Record<string, string> }[];
  const known = await services.blobs.get('raw/deliveries/log');
  const log = known ? (JSON.parse(Buffer.from(known).toString()) as unknown[]) : [];
  const counts = records.map(record => Number(record.attributes.ApproximateReceiveCount));
  log.push(...records.map((record, index) => ({ body: record.body, count: counts[index] })));
  await services.blobs.put('raw/deliveries/log', Buffer.from(JSON.stringify(log)));
  return {
    batchItemFailures: records
      .filter((_, index) => counts[index] === 1)
      .map(record => ({ itemIdentifier: record.messageId })),
  };
}
