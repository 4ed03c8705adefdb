import { z } from 'zod';
import type { NewPart } from '../mime/compose.ts';
import { fieldLine, writeParameter } from '../mime/compose-header.ts';
import { readNewHeader } from './new-header.ts';
import type { Id } from './types.ts';

/** What a client gives as the body of a new Email is not as RFC 8621 section 4.6 wants it: the property's name. */
export class BodyProblem extends Error {
  override name = 'BodyProblem';

  constructor(readonly property: string) {
    super(`The property ${property} is not valid.`);
  }
}

const MAX_DEPTH = 20;
const TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/;
const token = z.string().max(1_000);

const partSchema = z.looseObject({
  partId: token.nullish(),
  blobId: token.nullish(),
  type: token.nullish(),
  name: token.nullish(),
  charset: token.nullish(),
  disposition: token.nullish(),
  cid: token.nullish(),
  language: z.array(token).nullish(),
  location: token.nullish(),
  size: z.number().nullish(),
  subParts: z.array(z.unknown()).nullish(),
});

const valuesSchema = z.record(
  z.string(),
  z.object({
    value: z.string(),
    isEncodingProblem: z.literal(false).optional(),
    isTruncated: z.literal(false).optional(),
  }),
);

/** Where the octets of a part come from. */
export interface PartContents {
  /** `bodyValues` of the Email in UTF-8, by partId. */
  values: ReadonlyMap<string, Buffer>;
  /** The octets of blobs that were found, by blobId. */
  blobs: ReadonlyMap<Id, Buffer>;
}

/** Reads `bodyValues`. Throws BodyProblem. */
export function readBodyValues(value: unknown): PartContents['values'] {
  const read = valuesSchema.safeParse(value ?? {});
  if (!read.success) throw new BodyProblem('bodyValues');
  return new Map(Object.entries(read.data).map(([partId, { value }]) => [partId, Buffer.from(value)]));
}

/** Octets of the texts and of the blobs that a part is written with. */
export function octetsOf({ isText, body }: NewPart): { texts: number; blobs: number } {
  if (body instanceof Buffer) return { texts: isText ? body.length : 0, blobs: isText ? 0 : body.length };
  const all = (body as readonly NewPart[]).map(octetsOf);
  const sum = (kind: 'texts' | 'blobs') => all.reduce((octets, part) => octets + part[kind], 0);
  return { texts: sum('texts'), blobs: sum('blobs') };
}

/** Every blobId that the parts of a new Email name. */
export function blobIdsOf(value: unknown, depth = 0): Id[] {
  if (depth > 2 * MAX_DEPTH || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(one => blobIdsOf(one, depth + 1));
  const { blobId, subParts } = value as { blobId?: unknown; subParts?: unknown };
  return [...(typeof blobId === 'string' ? [blobId] : []), ...blobIdsOf(subParts, depth + 1)];
}

/** An EmailBodyPart as it is to be written, RFC 8621 section 4.6. Throws BodyProblem. */
export function newPart(value: unknown, property: string, contents: PartContents, depth = 0): NewPart {
  const read = partSchema.safeParse(value);
  if (!read.success || depth > MAX_DEPTH) throw new BodyProblem(property);
  const part = read.data;
  const fail = (name: string) => new BodyProblem(`${property}/${name}`);
  const { subParts } = part;
  const type = (part.type ?? (subParts ? 'multipart/mixed' : 'text/plain')).toLowerCase();
  if (!TYPE.test(type) || type.startsWith('multipart/') !== Boolean(subParts)) throw fail('type');
  const shared = {
    type,
    parameters: part.name ? writeParameter('name', part.name) : '',
    lines: partLines(part, fail),
  };
  if (subParts) {
    if (part.partId || part.blobId) throw fail(part.partId ? 'partId' : 'blobId');
    const body = subParts.map((one, i) => newPart(one, `${property}/subParts/${i}`, contents, depth + 1));
    return { ...shared, isText: false, body };
  }
  if (part.partId && part.blobId) throw fail('partId');
  if (part.blobId) {
    const charset = part.charset ? writeParameter('charset', part.charset) : '';
    const body = contents.blobs.get(part.blobId);
    if (!body) throw fail('blobId');
    return { ...shared, parameters: charset + shared.parameters, isText: false, body };
  }
  const text = part.partId ? contents.values.get(part.partId) : undefined;
  if (!text || !type.startsWith('text/')) throw fail('partId');
  if (part.charset || part.size) throw fail(part.charset ? 'charset' : 'size');
  return { ...shared, parameters: `; charset="utf-8"${shared.parameters}`, isText: true, body: text };
}

type ReadPart = z.infer<typeof partSchema>;

/** The header fields of a part but for its type and encoding. */
function partLines(part: ReadPart, fail: (name: string) => BodyProblem): string[] {
  const { disposition, name, cid, language, location } = part;
  const known: [field: string, value: string | null][] = [
    ['Content-Disposition', dispositionOf(disposition ?? null, name ?? null)],
    ['Content-ID', cid ? `<${cid}>` : null],
    ['Content-Language', language?.length ? language.join(', ') : null],
    ['Content-Location', location ?? null],
  ];
  const lines = known.flatMap(([field, value]) => (value === null ? [] : [fieldLine(field, value)]));
  const given = new Set(['content-type', 'content-transfer-encoding']);
  for (const [field, value] of known) if (value !== null) given.add(field.toLowerCase());
  for (const [property, value] of Object.entries(part)) {
    if (Object.hasOwn(partSchema.shape, property)) continue;
    const header = property.startsWith('header:') ? readNewHeader(property, value) : null;
    if (header === null || header === 'invalid' || given.has(header.field)) throw fail(property);
    given.add(header.field);
    lines.push(...header.lines);
  }
  return lines;
}

function dispositionOf(disposition: string | null, name: string | null): string | null {
  if (!disposition) return name ? `attachment${writeParameter('filename', name)}` : null;
  const plain = disposition.replace(/[^A-Za-z0-9-]/g, '');
  return `${plain || 'attachment'}${name ? writeParameter('filename', name) : ''}`;
}

/** The root of a message that is given as textBody, htmlBody and attachments. Throws BodyProblem. */
export function rootOf(object: Record<string, unknown>, contents: PartContents): NewPart {
  if (object.bodyStructure) {
    const doubled = ['textBody', 'htmlBody', 'attachments'].find(name => object[name]);
    if (doubled) throw new BodyProblem(doubled);
    return newPart(object.bodyStructure, 'bodyStructure', contents);
  }
  const text = onlyPart(object, 'textBody', 'text/plain', contents);
  const html = onlyPart(object, 'htmlBody', 'text/html', contents);
  const attached = z.array(z.unknown()).nullish().safeParse(object.attachments);
  if (!attached.success) throw new BodyProblem('attachments');
  const given = attached.data ?? [];
  const parts = given.map((one, i) => ({
    part: newPart(one, `attachments/${i}`, contents),
    isInline: isInline(one),
  }));
  const inline = html ? parts.filter(one => one.isInline).map(({ part }) => part) : [];
  const others = parts.filter(({ part }) => !inline.includes(part)).map(({ part }) => part);
  const shown = html && inline.length > 0 ? multipart('related', [html, ...inline]) : html;
  const both = text && shown ? multipart('alternative', [text, shown]) : (text ?? shown);
  const body = both ?? { ...multipart('mixed', []), type: 'text/plain', isText: true, body: Buffer.alloc(0) };
  return others.length > 0 ? multipart('mixed', [...(both ? [both] : []), ...others]) : body;
}

function onlyPart(
  object: Record<string, unknown>,
  property: 'textBody' | 'htmlBody',
  type: string,
  contents: PartContents,
): NewPart | null {
  const parts = object[property];
  if (parts === undefined || parts === null) return null;
  const [one, another] = Array.isArray(parts) ? parts : [];
  const isOne = typeof one === 'object' && one !== null && another === undefined;
  const given = isOne ? { type, ...one } : null;
  if (!given || given.type !== type) throw new BodyProblem(property);
  return newPart(given, `${property}/0`, contents);
}

const isInline = (value: unknown) => {
  const { cid, disposition } = (value ?? {}) as { cid?: unknown; disposition?: unknown };
  return typeof cid === 'string' && disposition === 'inline';
};

const multipart = (kind: string, body: readonly NewPart[]): NewPart => ({
  ...{ type: `multipart/${kind}`, parameters: '', lines: [], isText: false, body },
});
