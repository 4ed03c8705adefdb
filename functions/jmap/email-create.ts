import { randomUUID } from 'node:crypto';
import { compose } from '../mime/compose.ts';
import { fieldLine, writeDate } from '../mime/compose-header.ts';
import { readBlob } from './blob.ts';
import { utcDate } from './email-properties.ts';
import { setError } from './errors.ts';
import { type Ready, storeMessage } from './import.ts';
import { readImport } from './import-email.ts';
import { LIMITS, MAX_ATTACHMENTS } from './limits.ts';
import type { AccountContext } from './methods.ts';
import { resolveId } from './methods.ts';
import { BodyProblem, blobIdsOf, octetsOf, readBodyValues, rootOf } from './new-body.ts';
import { readNewHeader } from './new-header.ts';
import type { Id, SetError } from './types.ts';

const PLACES: ReadonlySet<string> = new Set(['mailboxIds', 'keywords', 'receivedAt']);
const BODY: ReadonlySet<string> = new Set([
  ...['bodyStructure', 'bodyValues', 'textBody', 'htmlBody', 'attachments'],
]);

type Refused = { error: SetError & { notFound?: Id[] } };

/**
 * Email/set create, RFC 8621 section 4.6: writes the message that the properties describe, and makes it durable. From
 * there it goes the way of an imported one. Message-ID and Date are ours where the client gives none.
 */
export async function createEmail(
  context: AccountContext,
  object: Record<string, unknown>,
): Promise<{ ready: Ready } | Refused> {
  const places = Object.fromEntries(Object.entries(object).filter(([name]) => PLACES.has(name)));
  const read = readImport({ blobId: 'new', ...places }, id => resolveId(context, id));
  if ('error' in read) return read;
  const header = headerOf(context, object);
  if ('error' in header) return header;
  const ids = [...BODY].flatMap(name => blobIdsOf(object[name]));
  const blobs = await readBlobs(context, [...new Set(ids)]);
  if ('error' in blobs) return blobs;
  try {
    const contents = { values: readBodyValues(object.bodyValues), blobs: blobs.found };
    const root = rootOf(object, contents);
    const doubled = root.lines.find(line => header.fields.has(line.split(':')[0]?.toLowerCase() ?? ''));
    if (doubled) throw new BodyProblem('bodyStructure');
    // A blob or a value that is named often is written as often.
    const { texts, blobs: attached } = octetsOf(root);
    if (attached > MAX_ATTACHMENTS || texts > LIMITS.maxSizeRequest) return tooLarge();
    return await storeMessage(context, compose(header.lines, root), read.email);
  } catch (error) {
    if (error instanceof BodyProblem) return invalid([error.property]);
    throw error;
  }
}

/** The header fields of the message, each given once. */
function headerOf(
  { services, account }: AccountContext,
  object: Record<string, unknown>,
): { lines: string[]; fields: Set<string> } | Refused {
  const fields = new Set<string>();
  const lines: string[] = [];
  const wrong: string[] = [];
  for (const [property, value] of Object.entries(object)) {
    if (PLACES.has(property) || BODY.has(property)) continue;
    const header = readNewHeader(property, value);
    const isOurs = header !== null && header !== 'invalid' && isOfTheMessage(header.field);
    if (!isOurs || fields.has(header.field)) {
      wrong.push(property);
      continue;
    }
    // One that is null is absent, and ours where the message needs it.
    if (header.lines.length > 0) fields.add(header.field);
    lines.push(...header.lines);
  }
  if (wrong.length > 0) return invalid(wrong);
  const domain = /@([A-Za-z0-9.-]+)$/.exec(account.address)?.[1] ?? 'mailferry.invalid';
  if (!fields.has('message-id')) lines.unshift(fieldLine('Message-ID', `<${randomUUID()}@${domain}>`));
  if (!fields.has('date')) lines.unshift(fieldLine('Date', writeDate(utcDate(services.now())) ?? ''));
  return { lines, fields };
}

const isOfTheMessage = (field: string) => !field.startsWith('content-') && field !== 'mime-version';

async function readBlobs(
  { services, account }: AccountContext,
  ids: readonly Id[],
): Promise<{ found: Map<Id, Buffer> } | Refused> {
  const found = new Map<Id, Buffer>();
  const notFound: Id[] = [];
  let size = 0;
  for (const id of ids) {
    const bytes = await readBlob(services.blobs, account.id, id);
    if (bytes === 'notFound') {
      notFound.push(id);
      continue;
    }
    if (bytes === 'tooLarge') return tooLarge();
    size += bytes.length;
    if (size > MAX_ATTACHMENTS) return tooLarge();
    found.set(id, Buffer.from(bytes));
  }
  if (notFound.length === 0) return { found };
  return { error: { ...setError('blobNotFound', 'There are no such blobs.'), notFound } };
}

const tooLarge = (): Refused => ({
  error: setError('tooLarge', 'This message is too large. Leave out an attachment.'),
});

const invalid = (names: readonly string[]): Refused => ({
  error: setError('invalidProperties', 'These properties are missing, not valid or given twice.', names),
});
