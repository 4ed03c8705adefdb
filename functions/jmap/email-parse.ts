import { z } from 'zod';
import { parseBlobId } from '../mime/blob-id.ts';
import { isBodyPartProperty } from '../mime/body.ts';
import { sha256Of } from '../mime/identity.ts';
import { summarize } from '../mime/parse.ts';
import { parseStructure } from '../mime/structure.ts';
import { blobKeys } from '../store/keys.ts';
import { readBlob } from './blob.ts';
import { bodyArguments, FRAME, fitted, valuesInMemory } from './email-get.ts';
import { type BodyArguments, fromMessage, isEmailProperty } from './email-properties.ts';
import { MethodError } from './errors.ts';
import { checkCount } from './get.ts';
import { type AccountContext, accountMethod, idSchema, resolveId } from './methods.ts';
import { type Id, MAIL } from './types.ts';

/** RFC 8621 section 4.9: what is answered when no properties are named. */
const DEFAULT_PROPERTIES: readonly string[] = [
  ...['messageId', 'inReplyTo', 'references', 'sender', 'from', 'to', 'cc', 'bcc', 'replyTo'],
  ...['subject', 'sentAt', 'hasAttachment', 'preview', 'bodyValues', 'textBody', 'htmlBody', 'attachments'],
];

/** What only an Email of the account has. */
const OF_THE_STORE: ReadonlySet<string> = new Set(['id', 'mailboxIds', 'keywords', 'receivedAt']);

/**
 * Email/parse, RFC 8621 section 4.9: what Email/get would say of a message that is uploaded, or attached to another one.
 * Its own parts can be downloaded for as long as an upload is kept.
 */
export const emailParse = accountMethod(
  'Email/parse',
  MAIL,
  { blobIds: z.array(idSchema), properties: z.array(z.string()).nullish(), ...bodyArguments },
  async (context, args) => {
    const properties = [...new Set(args.properties ?? DEFAULT_PROPERTIES)];
    const unknown =
      properties.find(name => !isEmailProperty(name)) ??
      args.bodyProperties?.find(name => !isBodyPartProperty(name));
    if (unknown !== undefined) {
      throw new MethodError('invalidArguments', `There is no property ${unknown.slice(0, 100)}.`);
    }
    const blobIds = [...new Set(args.blobIds.map(id => resolveId(context, id)))];
    checkCount(blobIds.length);
    const parsed = new Map<Id, Record<string, unknown>>();
    const notFound: Id[] = [];
    const notParsable: Id[] = [];
    const hold = valuesInMemory(context);
    const limit = Math.min(args.maxBodyValueBytes || context.room, Math.max(1, context.room));
    for (const blobId of blobIds) {
      const bytes = await readBlob(context.services.blobs, context.account.id, blobId);
      if (bytes === 'notFound') {
        notFound.push(blobId);
        continue;
      }
      const wanted = { ...args, maxBodyValueBytes: limit };
      const email = bytes === 'tooLarge' ? null : await parse(context, blobId, bytes, properties, wanted);
      if (!email) {
        notParsable.push(blobId);
        continue;
      }
      hold(email);
      parsed.set(blobId, email);
    }
    fitted([...parsed.values()], context.room - FRAME);
    return {
      parsed: parsed.size > 0 ? Object.fromEntries(parsed) : null,
      notParsable: notParsable.length > 0 ? notParsable : null,
      notFound: notFound.length > 0 ? notFound : null,
    };
  },
);

async function parse(
  { services, account }: AccountContext,
  blobId: Id,
  raw: Uint8Array,
  properties: readonly string[],
  args: BodyArguments,
): Promise<Record<string, unknown> | null> {
  if (parseStructure(raw).headers.length === 0) return null;
  const sha256 = sha256Of(raw);
  // The blobIds of its parts begin with its own checksum: what was attached has to be found by that.
  if (parseBlobId(blobId)?.partId) await services.blobs.put(blobKeys.upload(account.id, sha256), raw);
  const { threadId, preview, hasAttachment } = summarize(raw, sha256);
  const known: Record<string, unknown> = { blobId, threadId, preview, hasAttachment, size: raw.length };
  for (const name of OF_THE_STORE) known[name] = null;
  const others = properties.filter(name => !Object.hasOwn(known, name));
  const read = { ...known, ...fromMessage(raw, sha256, others, args) };
  return Object.fromEntries(properties.map(name => [name, read[name]]));
}
