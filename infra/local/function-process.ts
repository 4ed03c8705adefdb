import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { endChild, forkModule } from './child.ts';
import { LocalCloudError } from './errors.ts';
import { type FromWorker, type ToWorker, type WorkerCall, type WorkerSetup, wireError } from './messages.ts';

/** Delay before a function that ended is started again, in milliseconds; doubled each time until it is ready. */
const RESTART_MS = 500;
const RESTART_LIMIT_MS = 30_000;

/** A function in a process of its own, which is started again when it ends. */
export interface FunctionProcess {
  /** Settles when the function has loaded for the first time; `LocalCloudError('process')` when it cannot. */
  ready: Promise<void>;
  /**
   * Runs the handler once. Throws `LocalCloudError`: `function-failed` with what the handler threw,
   * `function-timeout` after `timeout` milliseconds, `process` when the process ended in between.
   */
  invoke(event: unknown, timeout: number): Promise<unknown>;
  /** The process id, or null between two lives. */
  pid(): number | null;
  /** Ends the process for good. */
  stop(): Promise<void>;
}

interface Options {
  setup: Omit<WorkerSetup, 'tableEndpoint'>;
  /** Where the table is, once it is there: the process loads its code meanwhile. */
  tableEndpoint: Promise<string>;
  /** Answers what the function asks of the rest of the cloud. */
  onCall(call: WorkerCall): Promise<unknown>;
  /** Tells the person that the process ended and starts again. */
  log(line: string): void;
}

interface Invocation {
  message: Extract<ToWorker, { type: 'invoke' }>;
  sent: boolean;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Starts the process of one function and keeps it up. */
export function startFunction({ setup, tableEndpoint, onCall, log }: Options): FunctionProcess {
  const invocations = new Map<number, Invocation>();
  const { promise: ready, resolve: becameReady, reject: neverReady } = signal();
  let child: ChildProcess | null = null;
  let isReady = false;
  let wasReady = false;
  let stopped = false;
  let restart: NodeJS.Timeout | null = null;
  let delay = RESTART_MS;
  let count = 0;

  const send = (to: ChildProcess, message: ToWorker) => {
    // A closed channel shows as the end of the process, which is handled there.
    if (to.connected) to.send(message, () => undefined);
  };
  const deliver = () => {
    for (const invocation of invocations.values()) {
      if (child === null || invocation.sent) continue;
      invocation.sent = true;
      send(child, invocation.message);
    }
  };
  const onMessage = async (from: ChildProcess, message: FromWorker) => {
    if (message.type === 'ready') {
      isReady = true;
      wasReady = true;
      delay = RESTART_MS;
      becameReady();
      deliver();
    } else if (message.type === 'done') {
      const invocation = invocations.get(message.id);
      if (message.error) invocation?.reject(failed(setup.kind, message.error));
      else invocation?.resolve(message.result);
    } else {
      const answer = await onCall(message.call).then(
        result => ({ result }),
        error => ({ error: wireError(error) }),
      );
      send(from, { type: 'answer', id: message.id, ...answer });
    }
  };
  const onExit = (code: number | null, signalName: NodeJS.Signals | null) => {
    child = null;
    isReady = false;
    for (const invocation of invocations.values()) {
      if (invocation.sent) invocation.reject(ended(setup.kind));
    }
    if (stopped) return;
    if (!wasReady) {
      // A function that never came up is the whole cloud's problem: nobody waits for a second try.
      stopped = true;
      return neverReady(unusable(setup));
    }
    log(
      `The ${setup.kind} function ended (${signalName ?? `exit ${code}`}) and starts again in ${delay / 1000} s; its log is logs/${setup.kind}.log.`,
    );
    restart = setTimeout(start, delay);
    delay = Math.min(delay * 2, RESTART_LIMIT_MS);
  };
  const start = () => {
    const started = forkModule(new URL('./worker.ts', import.meta.url), [], setup.data, setup.kind);
    child = started;
    started.on('message', message => void onMessage(started, message as FromWorker));
    started.once('exit', onExit);
    started.on('error', () => undefined);
    // A table that does not come up ends the whole start, and this process with it.
    tableEndpoint.then(
      endpoint => send(started, { type: 'setup', setup: { ...setup, tableEndpoint: endpoint } }),
      () => undefined,
    );
  };
  start();

  return {
    ready,
    invoke(event, timeout) {
      count += 1;
      const id = count;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => invocations.get(id)?.reject(tooLate(setup.kind, timeout)), timeout);
        const finish = () => {
          clearTimeout(timer);
          invocations.delete(id);
        };
        invocations.set(id, {
          message: { type: 'invoke', id, event, deadline: Date.now() + timeout },
          sent: false,
          resolve: result => {
            finish();
            resolve(result);
          },
          reject: error => {
            finish();
            reject(error);
          },
        });
        if (stopped) invocations.get(id)?.reject(ended(setup.kind));
        if (isReady) deliver();
      });
    },
    pid: () => child?.pid ?? null,
    async stop() {
      stopped = true;
      if (restart) clearTimeout(restart);
      if (child) await endChild(child);
      for (const invocation of invocations.values()) invocation.reject(ended(setup.kind));
    },
  };
}

/** A promise with its ends; only the first use of either counts. */
function signal(): { promise: Promise<void>; resolve(): void; reject(error: Error): void } {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

function unusable({ kind, data }: Omit<WorkerSetup, 'tableEndpoint'>): LocalCloudError {
  return new LocalCloudError(
    'process',
    `The ${kind} function could not be started; the reason is in ${join(data, 'logs', `${kind}.log`)}.`,
  );
}

function failed(kind: string, error: { name: string; message: string }): LocalCloudError {
  return new LocalCloudError(
    'function-failed',
    `The ${kind} function failed: ${error.name}: ${error.message}`,
  );
}

function ended(kind: string): LocalCloudError {
  return new LocalCloudError('process', `The ${kind} function ended while it was at work.`);
}

function tooLate(kind: string, timeout: number): LocalCloudError {
  return new LocalCloudError(
    'function-timeout',
    `The ${kind} function gave no answer within ${timeout / 1000} s.`,
  );
}
