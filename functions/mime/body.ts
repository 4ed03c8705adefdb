import type { EmailBodyPart, EmailBodyValue } from '../jmap/types.ts';
import { partBlobId } from './blob-id.ts';
import { type BodyLists, bodyLists, hasAttachment } from './body-lists.ts';
import { asBuffer, decodeText, trimPartialUtf8 } from './charset.ts';
import { stripComments } from './date.ts';
import { decodedSize, decodePart, isKnownEncoding } from './decode.ts';
import { headerProperty, parseHeaderProperty } from './header-property.ts';
import { allHeaders, lastValue } from './headers.ts';
import { leaves, type MimePart, parseStructure } from './structure.ts';

/** An EmailBodyPart with the properties that were asked for, `header:…` ones included. */
export type BodyPart = Omit<Partial<EmailBodyPart>, 'subParts'> & {
  subParts?: BodyPart[];
  [header: `header:${string}`]: unknown;
};

/** The properties of an Email that come from its body. */
export const BODY_PROPERTIES = [
  'bodyStructure',
  'textBody',
  'htmlBody',
  'attachments',
  'bodyValues',
  'hasAttachment',
] as const;
export type BodyProperty = (typeof BODY_PROPERTIES)[number];

/** The answer of `emailBody`: what was asked for, nothing else. */
export interface EmailBody {
  bodyStructure?: BodyPart;
  textBody?: BodyPart[];
  htmlBody?: BodyPart[];
  attachments?: BodyPart[];
  bodyValues?: Record<string, EmailBodyValue>;
  hasAttachment?: boolean;
}

/** The arguments of Email/get (RFC 8621 section 4.2) that concern the body. */
export interface EmailBodyOptions {
  /** Of the raw message, lower-case hex: part blobIds are made of it. */
  sha256: string;
  /** Names that are no body property are ignored. */
  properties: readonly string[];
  /** Default: `DEFAULT_BODY_PROPERTIES`. Unknown names are ignored: see `isBodyPartProperty`. */
  bodyProperties?: readonly string[] | null | undefined;
  fetchTextBodyValues?: boolean | undefined;
  fetchHTMLBodyValues?: boolean | undefined;
  fetchAllBodyValues?: boolean | undefined;
  /** Octets of UTF-8; 0 for no limit. */
  maxBodyValueBytes?: number | undefined;
  /** The structure, if the caller already has it. */
  structure?: MimePart | undefined;
}

/** RFC 8621 section 4.2 */
export const DEFAULT_BODY_PROPERTIES: readonly string[] = [
  'partId',
  'blobId',
  'size',
  'name',
  'type',
  'charset',
  'disposition',
  'cid',
  'language',
  'location',
];

type Reader = (raw: Uint8Array, part: MimePart, sha256: string) => unknown;

function language(raw: Uint8Array, part: MimePart): string[] | null {
  const value = lastValue(raw, part.headers, 'content-language');
  const tags = stripComments(value ?? '').split(/[\s,]+/);
  const found = tags.filter(tag => tag !== '');
  return found.length > 0 ? found : null;
}

const READERS: Record<string, Reader> = {
  partId: (_raw, part) => part.partId,
  blobId: (_raw, part, sha256) => (part.partId === null ? null : partBlobId(sha256, part.partId)),
  // A multipart is no file: nobody downloads it, and RFC 8621 gives it no blob.
  size: (raw, part) => (part.partId === null ? 0 : decodedSize(raw, part)),
  headers: (raw, part) => allHeaders(raw, part.headers),
  name: (_raw, part) => part.name,
  type: (_raw, part) => part.type,
  charset: (_raw, part) => part.charset,
  disposition: (_raw, part) => part.disposition,
  cid: (_raw, part) => part.cid,
  language,
  location: (raw, part) => lastValue(raw, part.headers, 'content-location')?.replace(/\s+/g, '') || null,
};

/** Whether a name may stand in `bodyProperties`; if not, Email/get answers invalidArguments. */
export function isBodyPartProperty(name: string): boolean {
  return name === 'subParts' || Object.hasOwn(READERS, name) || parseHeaderProperty(name) !== null;
}

function describe(raw: Uint8Array, part: MimePart, names: readonly string[], sha256: string): BodyPart {
  const described: Record<string, unknown> = {};
  for (const name of names) {
    const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    const header = read ? null : parseHeaderProperty(name);
    if (read) described[name] = read(raw, part, sha256);
    else if (header) described[name] = headerProperty(raw, part, header);
  }
  return described as BodyPart;
}

/** A structure without its `subParts` would tell nothing, so multiparts have them whether asked for or not. */
function describeTree(raw: Uint8Array, part: MimePart, names: readonly string[], sha256: string): BodyPart {
  const described = describe(raw, part, names, sha256);
  if (part.partId !== null) return described;
  return { ...described, subParts: part.children.map(child => describeTree(raw, child, names, sha256)) };
}

/**
 * Cuts text to so many octets of UTF-8: between characters, and in HTML not inside a tag (RFC 8621
 * section 4.2).
 */
export function truncateValue(
  value: string,
  maxBytes: number,
  isHtml: boolean,
): { value: string; isTruncated: boolean } {
  if (value.length * 3 <= maxBytes) return { value, isTruncated: false };
  // A UTF-16 unit is at least one octet, so what lies beyond `maxBytes` units is out in any case.
  const bytes = Buffer.from(value.slice(0, maxBytes + 1), 'utf8');
  if (value.length <= maxBytes && bytes.length <= maxBytes) return { value, isTruncated: false };
  const cut = trimPartialUtf8(bytes.subarray(0, maxBytes)).toString('utf8');
  const tag = isHtml ? cut.lastIndexOf('<') : -1;
  return { value: tag > cut.lastIndexOf('>') ? cut.slice(0, tag) : cut, isTruncated: true };
}

/** The text of a `text/*` part, RFC 8621 section 4.1.4; `maxBytes` 0 for all of it. */
export function bodyValue(raw: Uint8Array, part: MimePart, maxBytes: number): EmailBodyValue {
  const decoded = decodeText(asBuffer(decodePart(raw, part)), part.charset);
  const isEncodingProblem = decoded.isEncodingProblem || !isKnownEncoding(part.encoding);
  if (maxBytes <= 0) return { value: decoded.value, isEncodingProblem, isTruncated: false };
  return { ...truncateValue(decoded.value, maxBytes, part.type === 'text/html'), isEncodingProblem };
}

function bodyValues(
  raw: Uint8Array,
  structure: MimePart,
  lists: BodyLists,
  options: EmailBodyOptions,
): Record<string, EmailBodyValue> {
  const wanted = new Set<MimePart>([
    ...(options.fetchTextBodyValues ? lists.textBody : []),
    ...(options.fetchHTMLBodyValues ? lists.htmlBody : []),
    ...(options.fetchAllBodyValues ? leaves(structure) : []),
  ]);
  const values: Record<string, EmailBodyValue> = {};
  for (const part of wanted) {
    if (part.partId === null || !part.type.startsWith('text/')) continue;
    values[part.partId] = bodyValue(raw, part, options.maxBodyValueBytes ?? 0);
  }
  return values;
}

/**
 * The body properties of an Email for Email/get (RFC 8621 sections 4.1.4 and 4.2). Never throws on any octets.
 * @param raw the message, octet for octet
 */
export function emailBody(raw: Uint8Array, options: EmailBodyOptions): EmailBody {
  const structure = options.structure ?? parseStructure(raw);
  const names = options.bodyProperties ?? DEFAULT_BODY_PROPERTIES;
  const wanted = new Set(options.properties);
  const lists = bodyLists(structure);
  const list = (parts: readonly MimePart[]) => parts.map(part => describe(raw, part, names, options.sha256));
  const body: EmailBody = {};
  if (wanted.has('bodyStructure')) body.bodyStructure = describeTree(raw, structure, names, options.sha256);
  if (wanted.has('textBody')) body.textBody = list(lists.textBody);
  if (wanted.has('htmlBody')) body.htmlBody = list(lists.htmlBody);
  if (wanted.has('attachments')) body.attachments = list(lists.attachments);
  if (wanted.has('bodyValues')) body.bodyValues = bodyValues(raw, structure, lists, options);
  if (wanted.has('hasAttachment')) body.hasAttachment = hasAttachment(lists);
  return body;
}
