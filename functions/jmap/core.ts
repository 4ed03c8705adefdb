import { MailferryError } from '../errors.ts';
import { StoreError } from '../store/errors.ts';
import { MethodError } from './errors.ts';
import type { Context, Implied, Method } from './methods.ts';
import { userMethod } from './methods.ts';
import { resolveReferences } from './references.ts';
import { CORE, type Invocation, type Request } from './types.ts';

/** The methods that change something. */
const CHANGES = /\/(set|import|copy)$/;

/** Faults of AWS that pass by themselves. */
const TEMPORARY = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'SlowDown',
  'InternalServerError',
  'InternalError',
  'ServiceUnavailable',
  'TimeoutError',
]);

/** Core/echo, RFC 8620 section 4: whatever it is given. */
export const coreEcho: Method = {
  ...userMethod('Core/echo', CORE, {}, async () => ({})),
  run: async (_context, args) => args,
};

/**
 * Runs the method calls of a request one after the other (RFC 8620 section 3.3), each answered by its response or
 * an `error`, and gives the methodResponses as JSON text.
 */
export async function runCalls(
  context: Context,
  request: Request,
  methods: ReadonlyMap<string, Method>,
): Promise<string> {
  const using = new Set(request.using);
  const responses: Invocation[] = [];
  const texts: string[] = [];
  for (const [name, args, callId] of request.methodCalls) {
    let call: Implied | null = { name, args };
    while (call) {
      const method = methods.get(call.name);
      const usable = method && using.has(method.capability) ? method : undefined;
      const { response, text, next } = await runCall(
        context,
        usable,
        [call.name, call.args, callId],
        responses,
      );
      context.room -= Buffer.byteLength(text);
      responses.push(response);
      texts.push(text);
      call = next;
    }
  }
  return `[${texts.join(',')}]`;
}

async function runCall(
  context: Context,
  method: Method | undefined,
  [name, args, callId]: Invocation,
  responses: readonly Invocation[],
): Promise<{ response: Invocation; text: string; next: Implied | null }> {
  try {
    if (!method) throw new MethodError('unknownMethod', `There is no method ${name.slice(0, 100)} in use.`);
    const resolved = resolveReferences(args, responses);
    const answer = await method.run(context, resolved);
    const response: Invocation = [name, answer, callId];
    const text = JSON.stringify(response);
    // What was changed has to be told; an answer that only reads can be asked for again in parts.
    if (Buffer.byteLength(text) > context.room && !CHANGES.test(name)) throw tooLarge();
    return { response, text, next: method.follow?.(resolved, answer) ?? null };
  } catch (error) {
    const { code, message } = asMethodError(context, name, error);
    const response: Invocation = ['error', { type: code, description: message }, callId];
    return { response, text: JSON.stringify(response), next: null };
  }
}

/** The answer would not fit into what Lambda can carry. */
export function tooLarge(): MethodError {
  return new MethodError('requestTooLarge', 'The answer would be too large. Ask for fewer objects at once.');
}

function asMethodError(context: Context, method: string, error: unknown): MethodError {
  if (error instanceof MethodError) return error;
  if (error instanceof StoreError && (error.code === 'contended' || error.code === 'overloaded')) {
    return new MethodError('serverUnavailable', error.message, { cause: error });
  }
  if (error instanceof StoreError && error.code === 'too-large') {
    return new MethodError('requestTooLarge', 'These changes are too many for one call.', { cause: error });
  }
  context.report(method, error);
  if (error instanceof Error && TEMPORARY.has(error.name)) {
    return new MethodError('serverUnavailable', 'The server is busy. Try again in a moment.', {
      cause: error,
    });
  }
  const code = error instanceof MailferryError ? ` (${error.code})` : '';
  return new MethodError('serverFail', `Something failed on the server${code}. It has been recorded.`, {
    cause: error,
  });
}
