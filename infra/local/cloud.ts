import { randomBytes } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { APP_FOLDER } from '../app-build.ts';
import { LocalCloudError } from './errors.ts';
import { type FunctionProcess, startFunction } from './function-process.ts';
import { createGateway } from './gateway.ts';
import { staticToken } from './gateway-auth.ts';
import { listenOnLoopback } from './listen.ts';
import { type DataLock, lockData } from './lock.ts';
import type { FunctionKind, WorkerCall, WorkerSetup } from './messages.ts';
import { startQueue } from './pull-queue.ts';
import { startTable } from './table-process.ts';

/** Time limits of the functions in milliseconds, as the stack sets them on AWS. */
const TIMEOUT: Readonly<Record<FunctionKind, number>> = { api: 30_000, dispatch: 60_000, sync: 300_000 };
/** The time in which a test of an account, or a search for its settings, must answer. */
const TEST_TIMEOUT = 30_000;
const MINUTE = 60_000;

export interface CloudOptions {
  /** Port on loopback; 0 takes a free one. */
  port: number;
  /** Data folder; made if missing. */
  data: string;
  /** What the sign-in asks for; null (default): nothing. */
  password?: string | null;
  /** Folder of the built app. */
  app?: string;
  /** The lock on the data folder, of a caller who has taken it and will release it. */
  lock?: DataLock;
  /** Modules to run instead of `functions/<kind>.ts`, as URLs. */
  functions?: Partial<Record<FunctionKind, string>>;
  /** Told what a person should know while the cloud runs. */
  log?(line: string): void;
}

/** A running local cloud. */
export interface Cloud {
  /** `http://localhost:<port>` */
  url: string;
  /** Bearer token of the API, as in `<data>/token`. */
  token: string;
  data: string;
  /** Process ids of the table and the functions that run now. */
  pids(): number[];
  /** Ends everything by process id and waits for it; again: the same promise. */
  stop(): Promise<void>;
}

/**
 * Starts the cloud on one machine: table, then the functions, each in a process of its own, the queue and the
 * clock between them, and the gateway. Ready when it answers. Throws `LocalCloudError`: `data-in-use`,
 * `port-in-use`, or `process`; what was started before is ended then.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { data, log = () => undefined } = options;
  const undo: (() => Promise<void> | void)[] = [];
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= (async () => {
      for (const step of undo.reverse()) await step();
    })();
    return stopping;
  };
  try {
    if (!options.lock) undo.push((await lockData(data)).release);
    const token = await staticToken(data);
    let answer: RequestListener = notYet;
    const listening = await listenOnLoopback(options.port, (request, response) => answer(request, response));
    undo.push(listening.close);

    const starting = startTable(data, log);
    undo.push(() => starting.then(table => table.stop()).catch(() => undefined));
    const blobs = {
      origin: `http://localhost:${listening.port}`,
      secret: randomBytes(32).toString('base64url'),
    };
    const functions = startFunctions(
      { ...options, blobs },
      starting.then(table => table.endpoint),
      log,
    );
    undo.push(functions.stop);
    const { api, sync, dispatch } = functions;
    const gateway = createGateway({
      port: listening.port,
      data,
      app: options.app ?? APP_FOLDER,
      token,
      blobSecret: blobs.secret,
      password: options.password ?? null,
      invokeApi: event => api.invoke(event, TIMEOUT.api),
      log,
    });
    const [table, listener] = await Promise.all([starting, gateway, api.ready, sync.ready, dispatch.ready]);
    answer = listener;
    undo.push(startClock(dispatch, log));

    const processes = [table, api, sync, dispatch];
    const pids = () => processes.map(one => one.pid()).filter(pid => pid !== null);
    return { url: `http://localhost:${listening.port}`, token, data, pids, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Until the gateway is there: the port is taken early, so that a taken one is found early. */
function notYet(_request: unknown, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1' }).end('Mailferry is starting.\n');
}

interface Functions extends Record<FunctionKind, FunctionProcess> {
  stop(): Promise<void>;
}

/** Starts the three functions and joins them: the queue and the tester lead to sync. */
function startFunctions(
  options: CloudOptions & Required<Pick<WorkerSetup, 'blobs'>>,
  tableEndpoint: Promise<string>,
  log: (line: string) => void,
): Functions {
  const start = (kind: FunctionKind) => {
    const module = options.functions?.[kind] ?? new URL(`../../functions/${kind}.ts`, import.meta.url).href;
    const setup = { kind, data: options.data, module, blobs: options.blobs };
    return startFunction({ setup, tableEndpoint, log, onCall });
  };
  const onCall = async (call: WorkerCall): Promise<unknown> => {
    if (call.service === 'queue') {
      return queue.send(call.requests, { delaySeconds: call.delaySeconds });
    }
    return sync.invoke(call.event, TEST_TIMEOUT);
  };
  const queue = startQueue(event => sync.invoke(event, TIMEOUT.sync), log);
  const sync = start('sync');
  const api = start('api');
  const dispatch = start('dispatch');
  return {
    api,
    sync,
    dispatch,
    async stop() {
      queue.stop();
      await Promise.all([api.stop(), sync.stop(), dispatch.stop()]);
    },
  };
}

/**
 * How long to wait for the middle of the first second of the next minute, in milliseconds. Each minute of the clock
 * gets its tick: who is due in one that is left out would wait for an hour.
 */
export const untilNextMinute = (now: number): number => MINUTE - (now % MINUTE) + 500;

/** EventBridge Scheduler: calls dispatch now and then in each minute, one call at a time. Gives the way to end it. */
function startClock(dispatch: FunctionProcess, log: (line: string) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  const tick = async () => {
    try {
      await dispatch.invoke({ time: new Date().toISOString() }, TIMEOUT.dispatch);
    } catch (error) {
      const expected = error instanceof LocalCloudError && error.code === 'process';
      if (!stopped && !expected) log(error instanceof Error ? error.message : 'The schedule failed once.');
    }
    if (!stopped) timer = setTimeout(tick, untilNextMinute(Date.now()));
  };
  void tick();
  return () => {
    stopped = true;
    if (timer) clearTimeout(timer);
  };
}
