import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ByteRange } from '../services.ts';
import type { Problem } from './errors.ts';

export type Answer = APIGatewayProxyStructuredResultV2;

/** Above this many octets an answer goes as base64: quotes escaped inside the event could double plain text. */
const LARGEST_PLAIN_TEXT = 2_500_000;

/** An answer of JSON text. It is never cached: mail is nobody else's. */
export function jsonAnswer(statusCode: number, text: string, contentType = 'application/json'): Answer {
  const asBase64 = Buffer.byteLength(text) > LARGEST_PLAIN_TEXT;
  return {
    statusCode,
    headers: {
      'content-type': contentType,
      'cache-control': 'no-cache, no-store, must-revalidate',
      'x-content-type-options': 'nosniff',
    },
    body: asBase64 ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded: asBase64,
  };
}

/** Problem details, RFC 7807. */
export function problemAnswer(
  status: number,
  problem: Omit<Problem, 'status' | 'type'> & { type?: string },
  headers: Record<string, string> = {},
): Answer {
  const body = JSON.stringify({ type: 'about:blank', ...problem, status });
  const answer = jsonAnswer(status, body, 'application/problem+json');
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/**
 * The one range of a Range header (RFC 9110 section 14.1.2) within `size` octets: null for the whole (no header,
 * another unit, several ranges, malformed), `unsatisfiable` for a range beyond the end.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | null | 'unsatisfiable' {
  const match = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (!match || (first === '' && last === '')) return null;
  if (first === '') {
    const suffix = Math.min(Number(last), size);
    return suffix === 0 ? 'unsatisfiable' : { start: size - suffix, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** `attachment` with a file name in both forms of RFC 6266; nothing in a name can end the header. */
export function attachmentNamed(fileName: string): string {
  const name = fileName
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\p{Cc}/\\]/gu, '_')
    .slice(0, 200);
  const plain = name.replace(/[^\x20-\x7e]|["%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** A media type as asked for by the client, or the one for octets when it is none. */
export function safeType(type: string | undefined): string {
  const token = "[a-z0-9!#$&^_.+'-]+";
  const shape = new RegExp(`^${token}/${token}(\\s*;\\s*charset="?[a-z0-9_.:-]+"?)?$`, 'i');
  return type !== undefined && type.length <= 200 && shape.test(type) ? type : 'application/octet-stream';
}
