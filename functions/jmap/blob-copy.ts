import { z } from 'zod';
import { rawBlobId } from '../mime/blob-id.ts';
import { sha256Of } from '../mime/identity.ts';
import { blobKeys } from '../store/keys.ts';
import { type BlobProblem, readBlob } from './blob.ts';
import { fromAccount } from './email-copy.ts';
import { setError } from './errors.ts';
import { checkCount } from './get.ts';
import { accountMethod, idSchema, resolveId } from './methods.ts';
import { CORE, type Id, type SetError } from './types.ts';

const WHY: Record<BlobProblem, string> = {
  notFound: 'There is no such blob.',
  tooLarge: 'This blob is too large to be copied.',
};

/** Blob/copy, RFC 8620 section 6.3: what is copied is kept as long as an upload, or until an Email takes it up. */
export const blobCopy = accountMethod(
  'Blob/copy',
  CORE,
  { fromAccountId: idSchema, blobIds: z.array(idSchema) },
  async (context, args) => {
    const { services, account } = context;
    const from = await fromAccount(context, args.fromAccountId);
    checkCount(args.blobIds.length);
    const copied: Record<Id, Id> = {};
    const notCopied: Record<Id, SetError> = {};
    for (const blobId of args.blobIds.map(id => resolveId(context, id))) {
      const bytes = await readBlob(services.blobs, from.id, blobId);
      if (typeof bytes === 'string') {
        notCopied[blobId] = setError(bytes, WHY[bytes]);
        continue;
      }
      const sha256 = sha256Of(bytes);
      await services.blobs.put(blobKeys.upload(account.id, sha256), bytes);
      copied[blobId] = rawBlobId(sha256);
    }
    const orNull = <T extends object>(map: T) => (Object.keys(map).length > 0 ? map : null);
    return { fromAccountId: from.id, copied: orNull(copied), notCopied: orNull(notCopied) };
  },
);
