import type { Answer, Fault } from './faulty-aws.ts';

/**
 * Versions of a bucket, in front of an S3 that has none: each put of a key is a version, ListObjectVersions shows them,
 * PutObjectTagging marks one of them. What a rule would expire is what `discarded` gives.
 */
export function versionedBucket() {
  const versions = new Map<string, { id: string; at: number; isTagged: boolean }[]>();
  let serial = 0;
  /** Leaves the newest so many keys out of a listing. */
  let stale = 0;

  const fault: Fault = async ({ operation, url }, forward) => {
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    if (operation === 'PutObject') {
      const answer = await forward();
      const before = versions.get(key) ?? [];
      if (answer.status === 200) {
        versions.set(key, [{ id: `v${++serial}`, at: Date.now(), isTagged: false }, ...before]);
      }
      return answer;
    }
    if (operation === 'PutObjectTagging') {
      const found = versions.get(key)?.find(({ id }) => id === url.searchParams.get('versionId'));
      if (!found) return xml(404, '<Error><Code>NoSuchVersion</Code><Message>gone</Message></Error>');
      found.isTagged = true;
      return xml(200, '');
    }
    if (operation !== 'ListObjectVersions') return forward();
    return xml(200, listing(url.searchParams));
  };

  const listing = (parameters: URLSearchParams): string => {
    const [prefix, after] = [parameters.get('prefix') ?? '', parameters.get('key-marker') ?? ''];
    const newest = [...versions].sort(([, [a]], [, [b]]) =>
      (b?.id ?? '').localeCompare(a?.id ?? '', 'en', { numeric: true }),
    );
    const hidden = new Set(newest.slice(0, stale).map(([key]) => key));
    const keys = [...versions.keys()].filter(key => key.startsWith(prefix) && !hidden.has(key)).sort();
    const left = keys.filter(key => key > after);
    const page = left.slice(0, PAGE);
    const entries = page.flatMap(key =>
      (versions.get(key) ?? []).map(
        ({ id, at }, i) =>
          `<Version><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${i === 0}</IsLatest>` +
          `<LastModified>${new Date(at).toISOString()}</LastModified></Version>`,
      ),
    );
    const more = left.length > page.length;
    const next = more
      ? `<NextKeyMarker>${page.at(-1)}</NextKeyMarker><NextVersionIdMarker>x</NextVersionIdMarker>`
      : '';
    return `<ListVersionsResult><IsTruncated>${more}</IsTruncated>${next}${entries.join('')}</ListVersionsResult>`;
  };

  return {
    fault,
    /** Makes the present version of a key older. */
    async age(key: string, daysAgo: number): Promise<void> {
      const [current] = versions.get(key) ?? [];
      if (current) current.at = Date.now() - daysAgo * 86_400_000;
    },
    /** The keys of which the present version is marked: the rule of the bucket would let them go. */
    discarded: (): string[] => [...versions].filter(([, [current]]) => current?.isTagged).map(([key]) => key),
    hideNewest(count: number): void {
      stale = count;
    },
  };
}

/** Keys on a page: few, so that there are many pages. */
const PAGE = 3;

function xml(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
}
