import { z } from 'zod';
import { RequestError } from './errors.ts';
import { parseIJson } from './json.ts';
import { LIMITS } from './limits.ts';
import type { Request } from './types.ts';

const PLAIN_ID = /^[A-Za-z0-9_-]{1,255}$/;

const requestSchema = z.object({
  using: z.array(z.string()),
  methodCalls: z.array(z.tuple([z.string(), z.record(z.string(), z.unknown()), z.string()])),
  createdIds: z.record(z.string().regex(PLAIN_ID), z.string().regex(PLAIN_ID)).optional(),
});

/**
 * Reads the body of an API request (RFC 8620 sections 3.1 and 3.3).
 * @param capabilities what `using` may name
 * Throws RequestError for everything of section 3.6.1.
 */
export function parseRequest(
  body: Uint8Array,
  contentType: string | undefined,
  capabilities: ReadonlySet<string>,
): Request {
  if (!/^application\/json\s*(;|$)/i.test(contentType?.trim() ?? '')) {
    throw new RequestError('notJSON', 'The content type of a request must be application/json.');
  }
  if (body.length > LIMITS.maxSizeRequest) throw tooMuch('maxSizeRequest', 'The request is too large.');
  const request = readEnvelope(body);
  if (request.methodCalls.length > LIMITS.maxCallsInRequest) {
    throw tooMuch('maxCallsInRequest', 'The request has too many method calls.');
  }
  const unknown = request.using.find(capability => !capabilities.has(capability));
  if (unknown !== undefined) {
    const detail = `The request uses the capability '${unknown.slice(0, 200)}', which is not supported here.`;
    throw new RequestError('unknownCapability', detail);
  }
  return request;
}

function readEnvelope(body: Uint8Array): Request {
  let value: unknown;
  try {
    value = parseIJson(body);
  } catch (cause) {
    throw new RequestError('notJSON', 'The request is not I-JSON.', { cause });
  }
  const read = requestSchema.safeParse(value);
  if (!read.success) {
    const where = read.error.issues.map(issue => issue.path.join('/') || 'the whole').join(', ');
    throw new RequestError('notRequest', `The request does not have the shape of a Request at: ${where}.`);
  }
  const { using, methodCalls, createdIds } = read.data;
  return { using, methodCalls, ...(createdIds && { createdIds }) };
}

function tooMuch(limit: string, detail: string): RequestError {
  return new RequestError('limit', detail, { limit });
}
