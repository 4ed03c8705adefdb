import { randomBytes } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { APP_FOLDER } from '../app-build.ts';
import { startClock } from './clock.ts';
import { type FunctionProcess, startFunction } from './function-process.ts';
import { createGateway } from './gateway.ts';
import { staticToken } from './gateway-auth.ts';
import { listenOnLoopback } from './listen.ts';
import { type DataLock, lockData } from './lock.ts';
import type { FunctionKind, WorkerCall, WorkerSetup } from './messages.ts';
import { startQueue } from './pull-queue.ts';
import { startTable } from './table-process.ts';

/** Time limits of the functions in milliseconds, as the stack sets them on AWS. */
const TIMEOUT: Readonly<Record<FunctionKind, number>> = {
  ...{ api: 30_000, dispatch: 60_000, sync: 300_000, sweep: 900_000 },
};
/** The time in which a test of an account, or a search for its settings, must answer. */
const TEST_TIMEOUT = 30_000;

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
  /** Modules to run instead of our functions, as URLs. */
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
  /** Runs the sweep now, as the clock does once a day. */
  sweep(): Promise<void>;
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
    // Every account each time: nobody knows on which days of the week this machine is on.
    const everyDay = (event: { time: string }) => functions.sweep({ ...event, days: 1 });
    const everyMinute = (event: { time: string }) => dispatch.invoke(event, TIMEOUT.dispatch);
    undo.push(startClock({ everyMinute, everyDay }, log));

    const pids = () => [table.pid(), ...functions.pids()].filter(pid => pid !== null);
    const sweep = () => everyDay({ time: new Date().toISOString() });
    return { url: `http://localhost:${listening.port}`, token, data, pids, sweep, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Until the gateway is there: the port is taken early, so that a taken one is found early. */
function notYet(_request: unknown, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1' }).end('Mailferry is starting.\n');
}

interface Functions extends Record<Exclude<FunctionKind, 'sweep'>, FunctionProcess> {
  /** Runs the sweep in a process that is there for nothing else. */
  sweep(event: unknown): Promise<void>;
  pids(): (number | null)[];
  stop(): Promise<void>;
}

const MODULES: Readonly<Record<FunctionKind, URL>> = {
  api: new URL('../../functions/api.ts', import.meta.url),
  dispatch: new URL('../../functions/dispatch.ts', import.meta.url),
  sync: new URL('../../functions/sync.ts', import.meta.url),
  sweep: new URL('sweep.ts', import.meta.url),
};

/** Starts the functions and joins them: the queue and the tester lead to sync. */
function startFunctions(
  options: CloudOptions & Required<Pick<WorkerSetup, 'blobs'>>,
  tableEndpoint: Promise<string>,
  log: (line: string) => void,
): Functions {
  const start = (kind: FunctionKind) => {
    const module = options.functions?.[kind] ?? MODULES[kind].href;
    const setup = { kind, data: options.data, module, blobs: options.blobs };
    return startFunction({ setup, tableEndpoint, log, onCall });
  };
  const onCall = async (call: WorkerCall): Promise<unknown> => {
    if (call.service === 'queue') {
      return queue.send(call.requests, { delaySeconds: call.delaySeconds });
    }
    if (call.service === 'pusher') {
      const event = { push: call.request };
      if (call.delaySeconds > 0) return queue.send([event], { delaySeconds: call.delaySeconds });
      // Nobody waits for it, as on AWS.
      void sync.invoke(event, TEST_TIMEOUT).catch(() => log('A push failed; devices look by themselves.'));
      return null;
    }
    return sync.invoke(call.event, TEST_TIMEOUT);
  };
  const queue = startQueue(event => sync.invoke(event, TIMEOUT.sync), log);
  const sync = start('sync');
  const api = start('api');
  const dispatch = start('dispatch');
  const running = new Set([api, sync, dispatch]);
  return {
    api,
    sync,
    dispatch,
    async sweep(event) {
      const sweep = start('sweep');
      running.add(sweep);
      try {
        await sweep.ready;
        await sweep.invoke(event, TIMEOUT.sweep);
      } finally {
        running.delete(sweep);
        await sweep.stop();
      }
    },
    pids: () => [...running].map(one => one.pid()),
    async stop() {
      queue.stop();
      await Promise.all([...running].map(one => one.stop()));
    },
  };
}
