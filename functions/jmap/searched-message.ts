import { emailProperty, isHeaderProperty } from '../mime/header-property.ts';
import { searchTextOf } from '../mime/search-text.ts';
import { parseStructure } from '../mime/structure.ts';
import { blobKeys } from '../store/keys.ts';
import type { EmailSummary } from '../store/rows.ts';
import { MethodError } from './errors.ts';
import type { AccountContext } from './methods.ts';
import type { EmailAddress } from './types.ts';

/** Messages that one query reads at most, and their octets: some seconds of a function that has thirty. */
const MAX_MESSAGES = 1_000;
const MAX_OCTETS = 64_000_000;

/** What a filter can ask of a message that no row tells. */
export interface SearchedMessage {
  /** What its text parts say. */
  text(): string;
  /** The addresses of a header field. */
  addresses(name: string): EmailAddress[];
  /** The values of a header field, as they stand there and decoded. */
  header(name: string): string[];
}

export type MessageReader = (summary: EmailSummary) => Promise<SearchedMessage>;

/**
 * Reads messages for one query.
 * @throws MethodError `unsupportedFilter` for more than a query may read (RFC 8620 section 5.5: the search should be
 * simplified)
 */
export function messageReader({ services, account }: AccountContext): MessageReader {
  let messages = 0;
  let octets = 0;
  return async ({ sha256, size }) => {
    messages += 1;
    octets += size;
    if (messages > MAX_MESSAGES || octets > MAX_OCTETS) {
      const description = `This search would have to read more than ${MAX_MESSAGES} messages or ${MAX_OCTETS} octets. Narrow it, by a time or a mailbox.`;
      throw new MethodError('unsupportedFilter', description);
    }
    const raw = await services.blobs.get(blobKeys.raw(account.id, sha256));
    // What is not there cannot be searched, and must not keep the rest from being.
    return messageOf(raw ?? new Uint8Array());
  };
}

/** A message as filters see it. */
export function messageOf(raw: Uint8Array): SearchedMessage {
  const structure = parseStructure(raw);
  const property = (name: string) =>
    isHeaderProperty(name) ? ((emailProperty(raw, structure, name) ?? []) as string[]) : [];
  let text: string | null = null;
  return {
    text() {
      text ??= searchTextOf(raw);
      return text;
    },
    addresses: name => (emailProperty(raw, structure, `header:${name}:asAddresses`) ?? []) as EmailAddress[],
    header: name => [...property(`header:${name}:asRaw:all`), ...property(`header:${name}:asText:all`)],
  };
}
