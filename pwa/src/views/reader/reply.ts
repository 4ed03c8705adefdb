import type { StoredBody, StoredEmail } from '../../mailbox/db.ts';

const ANSWERED = /^\s*(re|aw|sv|antw|回复)\s*[:：]/i;

/**
 * The address (RFC 6068) that opens an answer in the device's own mail program, since nothing is sent from here; null
 * where there is nobody to answer. Pure.
 */
export function replyAddress(
  { from, subject }: Pick<StoredEmail, 'from' | 'subject'>,
  body: Pick<StoredBody, 'replyTo'> | null,
): string | null {
  const people = body?.replyTo.length ? body.replyTo : from;
  const addresses = people.map(({ email }) => email).filter(email => /^[^\s@]+@[^\s@]+$/.test(email));
  if (!addresses.length) return null;
  // Half a character has no encoding, and a line break would begin another header.
  const about = subject
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\s+/g, ' ')
    .trim();
  const title = ANSWERED.test(about) ? about : `Re: ${about}`.trim();
  const to = addresses.map(encoded).join(',');
  return `mailto:${to}?subject=${encodeURIComponent(title)}`;
}

const encoded = (address: string) =>
  encodeURIComponent(address.replace(/\p{Surrogate}/gu, '\ufffd')).replace('%40', '@');
