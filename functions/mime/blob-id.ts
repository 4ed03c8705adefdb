/** What a blobId names: a raw message, or one decoded part of it. */
export interface BlobName {
  /** Of the raw message, lower-case hex. */
  sha256: string;
  /** Null for the message itself. */
  partId: string | null;
}

/** The blobId of a raw message. */
export function rawBlobId(sha256: string): string {
  return `r${sha256}`;
}

/** The blobId of a decoded part of a message; within RFC 8620's 255 characters of A-Z a-z 0-9 - _ */
export function partBlobId(sha256: string, partId: string): string {
  return `p${sha256}-${partId}`;
}

/** Reads a blobId of either kind; null for anything else. */
export function parseBlobId(id: string): BlobName | null {
  const match = /^(?:r([0-9a-f]{64})|p([0-9a-f]{64})-([1-9][0-9]{0,5}))$/.exec(id);
  if (!match) return null;
  return match[1] ? { sha256: match[1], partId: null } : { sha256: match[2] ?? '', partId: match[3] ?? '' };
}
