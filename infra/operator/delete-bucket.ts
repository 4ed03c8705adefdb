import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { type Aws, isGone } from './aws.ts';
import { OperatorError } from './errors.ts';

/** How often the person is told how far it is. */
const TOLD_EVERY = 100_000;

/** Removes every version and delete marker of a bucket, then the bucket. One that is gone is no error. */
export async function deleteBucket(
  { s3 }: Aws,
  Bucket: string,
  { awsAccount, log }: { awsAccount: string; log(line: string): void },
): Promise<void> {
  // A bucket's name is the world's: one of another AWS account is refused, whatever it holds.
  const asked = { Bucket, ExpectedBucketOwner: awsAccount };
  let removed = 0;
  try {
    for (;;) {
      // Always from the beginning: what was listed is gone.
      const page = await s3.send(new ListObjectVersionsCommand(asked));
      const objects = identifiers(page);
      if (objects.length === 0) break;
      const { Errors = [] } = await s3.send(
        new DeleteObjectsCommand({ ...asked, Delete: { Objects: objects, Quiet: true } }),
      );
      const [refused] = Errors;
      if (refused) {
        throw new OperatorError(
          'refused',
          `S3 did not delete ${Errors.length} objects of ${Bucket} (${refused.Code}).`,
        );
      }
      const before = Math.floor(removed / TOLD_EVERY);
      removed += objects.length;
      if (Math.floor(removed / TOLD_EVERY) > before) log(`${Bucket}: ${removed} versions are gone`);
    }
    await s3.send(new DeleteBucketCommand(asked));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function identifiers({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput) {
  return [...Versions, ...DeleteMarkers].flatMap(({ Key, VersionId }) =>
    Key === undefined ? [] : [{ Key, VersionId }],
  );
}
