/**
 * A function's own process, as on Lambda: told once what it is (`setup`), then it runs its handler for each
 * `invoke`. It ends with its parent, whatever ended that: a closed channel is the one sign that a SIGKILL leaves.
 */
import type { Services } from '../../functions/services.ts';
import { type FromWorker, type ToWorker, type WireError, type WorkerCall, wireError } from './messages.ts';
import { localServices } from './services.ts';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;
type HandlerModule = { createHandler(services: Services): Handler };

const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
let calls = 0;
let handler: Handler | null = null;

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent lets us finish what we are at.
process.on('SIGINT', () => undefined);
process.on('message', (message: ToWorker) => {
  if (message.type === 'setup') void setUp(message);
  else if (message.type === 'invoke') void invoke(message);
  else settle(message.id, message.result, message.error);
});

async function setUp({ setup }: Extract<ToWorker, { type: 'setup' }>): Promise<void> {
  const functions = (await import(setup.module)) as HandlerModule;
  handler = functions.createHandler(localServices(setup, callParent));
  tell({ type: 'ready' });
}

async function invoke({ id, event, deadline }: Extract<ToWorker, { type: 'invoke' }>): Promise<void> {
  try {
    if (handler === null) throw new Error('The function is not set up yet.');
    const result = await handler(event, contextOf(id, deadline));
    tell({ type: 'done', id, result });
  } catch (error) {
    tell({ type: 'done', id, error: wireError(error) });
  }
}

/** The part of Lambda's context that a handler may rely on: who it is, and how long it still has. */
function contextOf(id: number, deadline: number): unknown {
  return {
    awsRequestId: `local-${process.pid}-${id}`,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function callParent(call: WorkerCall): Promise<unknown> {
  calls += 1;
  const id = calls;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    tell({ type: 'call', id, call });
  });
}

function settle(id: number, result: unknown, error: WireError | undefined): void {
  const waiter = waiting.get(id);
  waiting.delete(id);
  if (error) waiter?.reject(Object.assign(new Error(error.message), { name: error.name }));
  else waiter?.resolve(result);
}

function tell(message: FromWorker): void {
  // The parent may be gone between two lines; the disconnect handler deals with that.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
