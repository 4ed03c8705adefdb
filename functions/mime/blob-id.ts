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

/** What a blobId names that is no message: a file that was uploaded to be imported, or one that an export wrote. */
export interface FileName {
  kind: 'upload' | 'export';
  /** Of the upload, or of the export. */
  id: string;
  /** Which file of the export, from 1; 0 for an upload. */
  nth: number;
}

/** The blobId of a file that is uploaded to be imported. */
export const uploadedFileId = (id: string): string => `u${id}`;

/** The blobId of a file of an export. */
export const exportedFileId = (id: string, nth: number): string => `e${id}-${nth}`;

/** Reads such a blobId; null for anything else. */
export function parseFileId(blobId: string): FileName | null {
  const match = /^(?:u([a-z0-9]{10,40})|e([a-z0-9]{10,40})-([1-9][0-9]{0,5}))$/.exec(blobId);
  if (!match) return null;
  return match[1]
    ? { kind: 'upload', id: match[1], nth: 0 }
    : { kind: 'export', id: match[2] ?? '', nth: Number(match[3]) };
}
