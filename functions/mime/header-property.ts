import {
  allHeaders,
  asAddresses,
  asDate,
  asGroupedAddresses,
  asMessageIds,
  asText,
  asURLs,
  fieldsNamed,
  rawValue,
} from './headers.ts';
import type { MimePart } from './structure.ts';

export type HeaderForm = 'Raw' | 'Text' | 'Addresses' | 'GroupedAddresses' | 'MessageIds' | 'Date' | 'URLs';

/** What a property such as `header:Resent-To:asAddresses:all` asks for, RFC 8621 section 4.1.3. */
export interface HeaderProperty {
  /** Lower-cased field name. */
  field: string;
  form: HeaderForm;
  all: boolean;
}

const PARSERS: Record<HeaderForm, (raw: string) => unknown> = {
  Raw: raw => raw,
  Text: asText,
  Addresses: asAddresses,
  GroupedAddresses: asGroupedAddresses,
  MessageIds: asMessageIds,
  Date: asDate,
  URLs: asURLs,
};

const ADDRESS_FIELDS = ['from', 'sender', 'reply-to', 'to', 'cc', 'bcc'];
const ADDRESSES = [...ADDRESS_FIELDS, ...ADDRESS_FIELDS.map(name => `resent-${name}`)];
const LIST_FIELDS = ['help', 'unsubscribe', 'subscribe', 'post', 'owner', 'archive'];

/** RFC 8621 section 4.1.2: which fields of RFC 5322 and RFC 2369 may be asked for in which form. */
const ALLOWED: Record<Exclude<HeaderForm, 'Raw'>, readonly string[]> = {
  Text: ['subject', 'comments', 'keywords', 'list-id'],
  Addresses: ADDRESSES,
  GroupedAddresses: ADDRESSES,
  MessageIds: ['message-id', 'in-reply-to', 'references', 'resent-message-id'],
  Date: ['date', 'resent-date'],
  URLs: LIST_FIELDS.map(name => `list-${name}`),
};
const RESTRICTED = new Set([...Object.values(ALLOWED).flat(), 'return-path', 'received']);

/** RFC 8621 section 4.1.3, the convenience properties. */
const CONVENIENCE: Record<string, string> = {
  messageId: 'header:Message-ID:asMessageIds',
  inReplyTo: 'header:In-Reply-To:asMessageIds',
  references: 'header:References:asMessageIds',
  sender: 'header:Sender:asAddresses',
  from: 'header:From:asAddresses',
  to: 'header:To:asAddresses',
  cc: 'header:Cc:asAddresses',
  bcc: 'header:Bcc:asAddresses',
  replyTo: 'header:Reply-To:asAddresses',
  subject: 'header:Subject:asText',
  sentAt: 'header:Date:asDate',
};

function isForm(name: string): name is HeaderForm {
  return Object.hasOwn(PARSERS, name);
}

function isAllowed(field: string, form: HeaderForm): boolean {
  return form === 'Raw' || !RESTRICTED.has(field) || ALLOWED[form].includes(field);
}

/**
 * Reads a `header:…` property name of an Email or a body part.
 * @returns null when it is malformed or the form is forbidden for that field: invalidArguments for the caller
 */
export function parseHeaderProperty(property: string): HeaderProperty | null {
  const match = /^header:([!-9;-~]+)(?::as([A-Za-z]+))?(:all)?$/.exec(property);
  const field = match?.[1]?.toLowerCase();
  const form = match?.[2] ?? 'Raw';
  if (!field || !isForm(form) || !isAllowed(field, form)) return null;
  return { field, form, all: match?.[3] !== undefined };
}

/** The value of a header property of a message or a part; null, or [] for `:all`, when the field is absent. */
export function headerProperty(raw: Uint8Array, part: MimePart, property: HeaderProperty): unknown {
  const fields = fieldsNamed(part.headers, property.field);
  const parse = PARSERS[property.form];
  if (property.all) return fields.map(field => parse(rawValue(raw, field)));
  const last = fields.at(-1);
  return last ? parse(rawValue(raw, last)) : null;
}

/**
 * A property of an Email that comes from its header: a convenience property (`subject`, `replyTo`, …),
 * `headers`, or `header:…` in any form.
 * @returns undefined when the name is none of these, or a `header:…` that `parseHeaderProperty` refuses
 */
export function emailProperty(raw: Uint8Array, structure: MimePart, name: string): unknown {
  if (name === 'headers') return allHeaders(raw, structure.headers);
  const property = parseHeaderProperty(Object.hasOwn(CONVENIENCE, name) ? (CONVENIENCE[name] ?? '') : name);
  return property ? headerProperty(raw, structure, property) : undefined;
}

/** The `header:…` name of a convenience property; null for any other name. */
export function convenienceProperty(name: string): string | null {
  return Object.hasOwn(CONVENIENCE, name) ? (CONVENIENCE[name] ?? null) : null;
}

/** Whether `emailProperty` knows a name. */
export function isHeaderProperty(name: string): boolean {
  return name === 'headers' || Object.hasOwn(CONVENIENCE, name) || parseHeaderProperty(name) !== null;
}
