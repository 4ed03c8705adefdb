import { z } from 'zod';
import {
  fieldLine,
  writeAddresses,
  writeDate,
  writeGroups,
  writeMessageIds,
  writeText,
  writeUrls,
} from '../mime/compose-header.ts';
import { convenienceProperty, type HeaderForm, parseHeaderProperty } from '../mime/header-property.ts';

/** A header field that a client gives on create: its name in lower case, and its lines; none where it is null. */
export interface NewHeader {
  field: string;
  lines: string[];
}

const address = z.object({ name: z.string().nullable().default(null), email: z.string() });
const group = z.object({ name: z.string().nullable(), addresses: z.array(address) });
const strings = z.array(z.string());
/** What ends a field, but for folds. */
const ENDS_FIELD = /\r(?!\n)|(?<!\r)\n|\r\n(?![ \t])|\0/;
const MAX_RAW = 100_000;

/** The line of a field in each form of RFC 8621 section 4.1.2; null for a value that is not of the form. */
const WRITERS: Record<HeaderForm, (name: string, value: unknown) => string | null> = {
  Raw: (name, value) =>
    typeof value === 'string' && value.length <= MAX_RAW && !ENDS_FIELD.test(value)
      ? `${name}:${value.startsWith(' ') ? '' : ' '}${value}\r\n`
      : null,
  Text: written(z.string(), writeText),
  Addresses: written(z.array(address), writeAddresses),
  GroupedAddresses: written(z.array(group), writeGroups),
  MessageIds: written(strings, writeMessageIds),
  Date: written(z.string(), writeDate),
  URLs: written(strings, writeUrls),
};

function written<T>(schema: z.ZodType<T>, write: (value: T) => string | null) {
  return (name: string, value: unknown): string | null => {
    const read = schema.safeParse(value);
    const text = read.success ? write(read.data) : null;
    return text === null ? null : fieldLine(name, text);
  };
}

/**
 * A header property of an Email or a body part that is created, RFC 8621 section 4.6.
 * @returns null for a name that is none, or a form that the field may not have; `invalid` for a wrong value
 */
export function readNewHeader(property: string, value: unknown): NewHeader | 'invalid' | null {
  const name = convenienceProperty(property) ?? property;
  const parsed = parseHeaderProperty(name);
  if (!parsed) return null;
  const { field, form, all } = parsed;
  const title = name.split(':')[1] ?? field;
  if (value === null) return { field, lines: [] };
  if (all && !Array.isArray(value)) return 'invalid';
  const values: readonly unknown[] = all ? (value as unknown[]) : [value];
  const lines = values.map(one => WRITERS[form](title, one));
  return lines.includes(null) ? 'invalid' : { field, lines: lines.filter(line => line !== null) };
}
