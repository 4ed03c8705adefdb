import type { Email, EmailBodyPart, Id } from '../../../functions/jmap/types.ts';
import type { StoredBody } from './db.ts';

/** What is asked for of an Email whose body is to be stored. */
export const PROPERTIES = [
  ...['id', 'cc', 'bcc', 'replyTo', 'sentAt', 'textBody', 'htmlBody', 'attachments', 'bodyValues'],
  // The last instance would be the sender's, so all are asked for: the first is that of the server nearest to us.
  'header:Authentication-Results:asText:all',
];

/** What is asked for of each part; the header says whether text is `format=flowed` (RFC 3676). */
export const PART_PROPERTIES = [
  ...['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid', 'language', 'location'],
  'header:Content-Type:asText',
];

/** What the answer holds beside the properties of an Email. */
export interface AnsweredEmail extends Email {
  'header:Authentication-Results:asText:all'?: string[] | null;
  textBody?: AnsweredPart[];
  htmlBody?: AnsweredPart[];
  attachments?: AnsweredPart[];
}

interface AnsweredPart extends EmailBodyPart {
  'header:Content-Type:asText'?: string | null;
}

const withoutHeader = ({ 'header:Content-Type:asText': _header, ...part }: AnsweredPart): EmailBodyPart =>
  part;

/** How the lines of plain parts flow, by partId. */
function flowOf(parts: readonly AnsweredPart[]): Record<string, 'flowed' | 'delSp'> {
  const flow: Record<string, 'flowed' | 'delSp'> = {};
  for (const { partId, type, 'header:Content-Type:asText': header } of parts) {
    if (!partId || type !== 'text/plain' || !/;\s*format\s*=\s*"?flowed/i.test(header ?? '')) continue;
    flow[partId] = /;\s*delsp\s*=\s*"?yes/i.test(header ?? '') ? 'delSp' : 'flowed';
  }
  return flow;
}

/** The body as it is stored; pure. */
export function toBody(accountId: Id, email: AnsweredEmail): StoredBody {
  const [results] = email['header:Authentication-Results:asText:all'] ?? [];
  return {
    accountId,
    id: email.id,
    cc: email.cc ?? [],
    bcc: email.bcc ?? [],
    replyTo: email.replyTo ?? [],
    sentAt: email.sentAt ?? null,
    textBody: (email.textBody ?? []).map(withoutHeader),
    htmlBody: (email.htmlBody ?? []).map(withoutHeader),
    attachments: (email.attachments ?? []).map(withoutHeader),
    bodyValues: email.bodyValues ?? {},
    flow: flowOf([...(email.textBody ?? []), ...(email.htmlBody ?? [])]),
    authenticationResults: results ?? null,
  };
}
