import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { PushRequest } from '../../functions/push/tell.ts';
import type { PullQueue, PullRequest } from '../../functions/services.ts';

/** Delays before the second, third and fourth delivery of a message, in milliseconds. */
const REDELIVERY_MS = [1000, 5000, 20_000];
/** Invocations of sync at the same time, as the event source mapping bounds them on AWS. */
const CONCURRENCY = 4;

/** The partial batch response of a function behind SQS; nothing at all means that everything went well. */
const batchResponse = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]) })
  .nullish();

interface Message {
  id: string;
  body: string;
  deliveries: number;
}

/** SQS on one machine: in memory, because the due list in the table brings back what a kill loses. */
export interface LocalQueue extends PullQueue {
  send(
    requests: readonly (PullRequest | { push: PushRequest })[],
    options?: { delaySeconds?: number },
  ): Promise<void>;
  /** Delivers nothing more. */
  stop(): void;
}

/**
 * A queue that hands each message to `deliver` as an SQS event of one record, and delivers it again, up to three
 * times, when that throws or names it in `batchItemFailures`; then it tells `log` and drops it.
 */
export function startQueue(
  deliver: (event: unknown) => Promise<unknown>,
  log: (line: string) => void,
): LocalQueue {
  const waiting: Message[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const sendLater = (message: Message, delay: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      waiting.push(message);
      pump();
    }, delay);
    timers.add(timer);
  };
  let running = 0;
  let stopped = false;

  const pump = () => {
    while (!stopped && running < CONCURRENCY) {
      const message = waiting.shift();
      if (!message) return;
      running += 1;
      void handle(message).finally(() => {
        running -= 1;
        pump();
      });
    }
  };
  const handle = async (message: Message) => {
    message.deliveries += 1;
    const problem = await attempt(deliver, message);
    if (problem === null || stopped) return;
    const delay = REDELIVERY_MS[message.deliveries - 1];
    if (delay === undefined) {
      log(`A pull was given up after ${message.deliveries} deliveries; the schedule asks again. ${problem}`);
      return;
    }
    sendLater(message, delay);
  };

  return {
    async send(requests, { delaySeconds = 0 } = {}) {
      if (stopped) return;
      for (const request of requests) {
        const message = { id: randomUUID(), body: JSON.stringify(request), deliveries: 0 };
        if (delaySeconds > 0) sendLater(message, delaySeconds * 1000);
        else waiting.push(message);
      }
      pump();
    },
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** Delivers once; null when the message is done, else what went wrong. */
async function attempt(
  deliver: (event: unknown) => Promise<unknown>,
  message: Message,
): Promise<string | null> {
  try {
    const answer = batchResponse.parse(await deliver(sqsEvent(message)));
    const refused = answer?.batchItemFailures.some(failure => failure.itemIdentifier === message.id);
    return refused ? 'The function asked for it again each time.' : null;
  } catch (error) {
    return error instanceof Error ? error.message : 'The function threw something that is not an Error.';
  }
}

/** The event of an SQS event source mapping (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
function sqsEvent(message: Message): unknown {
  const now = String(Date.now());
  return {
    Records: [
      {
        messageId: message.id,
        receiptHandle: message.id,
        body: message.body,
        attributes: {
          ApproximateReceiveCount: String(message.deliveries),
          SentTimestamp: now,
          SenderId: 'local',
          ApproximateFirstReceiveTimestamp: now,
        },
        messageAttributes: {},
        md5OfBody: createHash('md5').update(message.body).digest('hex'),
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:local:000000000000:mailferry-pulls',
        awsRegion: 'local',
      },
    ],
  };
}
