import type { PushRequest } from '../../functions/push/tell.ts';
import type { PullRequest, RedeemRequest, SourceTestRequest } from '../../functions/services.ts';

/** The functions that have a process of their own. */
export type FunctionKind = 'api' | 'sync' | 'dispatch' | 'sweep';

/** The name of the one table. */
export const TABLE_NAME = 'mailferry';

/** What a worker needs to build its services. */
export interface WorkerSetup {
  kind: FunctionKind;
  /** Data folder, absolute. */
  data: string;
  /** `http://127.0.0.1:<port>` of the table process. */
  tableEndpoint: string;
  /** Module with `createHandler`, as a URL. */
  module: string;
  /** How addresses of blobs are made: the gateway's origin, and the secret that both know; without, there are none. */
  blobs?: { origin: string; secret: string };
}

/** An error as it crosses between processes: no stack of ours means anything on the other side. */
export interface WireError {
  name: string;
  message: string;
}

/** From the parent to a worker. */
export type ToWorker =
  | { type: 'setup'; setup: WorkerSetup }
  | { type: 'invoke'; id: number; event: unknown; deadline: number }
  | { type: 'answer'; id: number; result?: unknown; error?: WireError };

/** What a worker asks of the rest of the cloud: what SQS and Lambda's Invoke are on AWS. */
export type WorkerCall =
  | { service: 'queue'; requests: readonly PullRequest[]; delaySeconds: number }
  | { service: 'pusher'; request: PushRequest; delaySeconds: number }
  | {
      service: 'tester';
      event: { test: SourceTestRequest } | { discover: { address: string } } | { redeem: RedeemRequest };
    };

/** From a worker to the parent. */
export type FromWorker =
  | { type: 'ready' }
  | { type: 'done'; id: number; result?: unknown; error?: WireError }
  | { type: 'call'; id: number; call: WorkerCall };

/** An error as a wire error; never its cause, which may hold what must not travel or be logged. */
export function wireError(error: unknown): WireError {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: 'Something that is not an Error was thrown.' };
}
