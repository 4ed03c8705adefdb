import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ListedBlob } from '../../functions/services.ts';
import { DISCARDED, s3BlobVersions } from '../../functions/store/blob-versions.ts';

interface Version {
  key: string;
  id: string;
  at: number;
  isMarker?: boolean;
  tags: { Key: string; Value: string }[];
}

/** A versioned bucket in memory, newest version of a key first: the emulator that the other tests use has no versions. */
function bucket(versions: Version[], pageSize: number) {
  const client = new S3Client({ region: 'us-east-1' });
  const asked: string[] = [];
  client.send = (async (command: { constructor: { name: string }; input: unknown }) => {
    asked.push(command.constructor.name);
    if (command instanceof ListObjectsV2Command) {
      const { Prefix = '' } = command.input;
      const names = versions.flatMap(({ key }) => (key.startsWith(Prefix) ? [key.split('/')[1]] : []));
      return { CommonPrefixes: [...new Set(names)].map(name => ({ Prefix: `${Prefix}${name}/` })) };
    }
    if (command instanceof ListObjectVersionsCommand) {
      const { Prefix = '', KeyMarker, VersionIdMarker } = command.input;
      const below = versions.filter(({ key }) => key.startsWith(Prefix));
      const from = below.findIndex(({ key, id }) => key === KeyMarker && id === VersionIdMarker) + 1;
      const page = below.slice(from, from + pageSize);
      const shown = page.map(({ key, id, at }) => ({
        ...{ Key: key, VersionId: id, LastModified: new Date(at) },
        IsLatest: versions.find(version => version.key === key)?.id === id,
      }));
      return {
        Versions: shown.filter((_, i) => !page[i]?.isMarker),
        DeleteMarkers: shown.filter((_, i) => page[i]?.isMarker),
        IsTruncated: from + page.length < below.length,
        NextKeyMarker: page.at(-1)?.key,
        NextVersionIdMarker: page.at(-1)?.id,
      };
    }
    if (command instanceof PutObjectTaggingCommand) {
      const { Key, VersionId, Tagging } = command.input;
      const found = versions.find(version => version.key === Key && version.id === VersionId);
      if (!found) throw Object.assign(new Error('gone'), { name: 'NoSuchVersion' });
      found.tags = (Tagging?.TagSet ?? []) as Version['tags'];
      return {};
    }
    throw new Error(`not expected: ${command.constructor.name}`);
  }) as typeof client.send;
  return { client, asked };
}

const version = (key: string, id: string, more: Partial<Version> = {}): Version => ({
  ...{ key, id, at: 1_000, tags: [] },
  ...more,
});

test('in S3 the current versions are listed, over all pages, and only what was listed gets the tag', async () => {
  const versions = [
    version('raw/a1/1', 'v2', { at: 5_000 }),
    version('raw/a1/1', 'v1'),
    version('raw/a1/2', 'm1', { isMarker: true }),
    version('raw/a1/2', 'v3'),
    version('raw/a1/3', 'v4'),
    version('raw/a2/1', 'v5'),
  ];
  const { client, asked } = bucket(versions, 2);
  const blobs = s3BlobVersions(client, 'mail');
  const folders: string[] = [];
  for await (const name of blobs.folders('raw/')) folders.push(name);
  assert.deepEqual(folders, ['a1', 'a2']);
  const listed: ListedBlob[] = [];
  for await (const blob of blobs.listed('raw/a1/')) listed.push(blob);
  assert.deepEqual(listed, [
    { key: 'raw/a1/1', version: 'v2', storedAt: 5_000 },
    { key: 'raw/a1/3', version: 'v4', storedAt: 1_000 },
  ]);
  // Put again between listing and discarding: the rule of the bucket looks at the current version, which has no tag.
  versions.unshift(version('raw/a1/3', 'v6'));
  await blobs.discard([...listed, { key: 'raw/a1/4', version: 'v9', storedAt: 0 }]);
  const tagged = versions.filter(({ tags }) => tags.length > 0);
  assert.deepEqual(
    tagged.map(({ id, tags }) => [id, tags]),
    [
      ['v2', [DISCARDED]],
      ['v4', [DISCARDED]],
    ],
  );
  assert.ok(!asked.some(name => name.startsWith('Delete')), 'it asks for no deletion');
});
