import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectTaggingCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { BlobVersions } from '../services.ts';
import { inParallel } from './table.ts';

/** The tag of what is discarded: the bucket's lifecycle rule looks for it. */
export const DISCARDED = { Key: 'mailferry', Value: 'discarded' } as const;

/** S3 has no tagging in batches. */
const PARALLEL_TAGS = 16;

/**
 * `BlobVersions` in a versioned S3 bucket. A tag belongs to one version, and the lifecycle rule for it concerns only the
 * current one: where a put comes between listing and discarding, or after it, that put is the current version, has no tag,
 * and stays. A version that is discarded already, or gone, is no error. Errors are the SDK's own.
 */
export function s3BlobVersions(client: S3Client, bucket: string): BlobVersions {
  return {
    async *folders(prefix) {
      const asked = { Bucket: bucket, Prefix: prefix, Delimiter: '/' };
      for await (const page of paginateListObjectsV2({ client }, asked)) {
        for (const { Prefix } of page.CommonPrefixes ?? []) {
          if (Prefix !== undefined) yield Prefix.slice(prefix.length, -1);
        }
      }
    },
    async *listed(prefix) {
      let page: ListObjectVersionsCommandOutput | undefined;
      do {
        page = await client.send(
          new ListObjectVersionsCommand({
            ...{ Bucket: bucket, Prefix: prefix },
            KeyMarker: page?.NextKeyMarker,
            VersionIdMarker: page?.NextVersionIdMarker,
          }),
        );
        for (const { Key, VersionId, LastModified, IsLatest } of page.Versions ?? []) {
          if (IsLatest && Key !== undefined && VersionId !== undefined && LastModified !== undefined) {
            yield { key: Key, version: VersionId, storedAt: LastModified.getTime() };
          }
        }
        // The end of a page is never its beginning: an answer that says otherwise would go round for ever.
      } while (page.IsTruncated && page.NextKeyMarker !== undefined);
    },
    async discard(blobs) {
      await inParallel(blobs, blob => tag(client, bucket, blob), PARALLEL_TAGS);
    },
  };
}

async function tag(
  client: S3Client,
  bucket: string,
  { key, version }: { key: string; version: string },
): Promise<void> {
  try {
    await client.send(
      new PutObjectTaggingCommand({
        ...{ Bucket: bucket, Key: key, VersionId: version },
        Tagging: { TagSet: [DISCARDED] },
      }),
    );
  } catch (error) {
    if (error instanceof Error && GONE.has(error.name)) return;
    throw error;
  }
}

/** Of S3: the version was removed since it was listed. */
const GONE: ReadonlySet<string> = new Set(['NoSuchKey', 'NoSuchVersion']);
