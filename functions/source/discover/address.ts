import { domainToASCII } from 'node:url';
import { MailferryError } from '../../errors.ts';

/** An e-mail address in its parts. Pure. */

export interface MailAddress {
  /** The part before `@`, without quotes: what a server may want as the user name. */
  localPart: string;
  /** In lower case, as ASCII (punycode), without the dot of the root. */
  domain: string;
  /** The whole address, its local part quoted only where it has to be. */
  text: string;
}

/** What was entered is no e-mail address; `message` says what is wrong with it. */
export class AddressError extends MailferryError {
  override name = 'AddressError';

  constructor(message: string) {
    super('address', message);
  }
}

/** Octets of a local part, RFC 5321 section 4.5.3.1.1, and of a whole address (section 4.5.3.1.3 without `<>`). */
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;

/** atext of RFC 5322 and RFC 6531. Dots may stand anywhere: some providers gave out such addresses. */
const UNQUOTED = /^[^\s\p{C}"(),:;<>@[\\\]]+$/u;
const QUOTED = /^"((?:[^"\\\p{C}]|\\[^\p{C}])+)"$/u;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Reads an e-mail address as a person enters it: blanks around it are dropped, an internationalised domain becomes
 * ASCII, a quoted local part (RFC 5321 section 4.1.2) is understood.
 *
 * @throws AddressError
 */
export function parseAddress(input: string): MailAddress {
  const entered = input.trim();
  const at = entered.lastIndexOf('@');
  if (at < 0) throw new AddressError('An e-mail address has an @ in it, as in name@example.org.');
  const localPart = readLocalPart(entered.slice(0, at));
  const domain = readDomain(entered.slice(at + 1));
  const text = `${UNQUOTED.test(localPart) ? localPart : quote(localPart)}@${domain}`;
  if (Buffer.byteLength(text) > LONGEST_ADDRESS) throw new AddressError('This e-mail address is too long.');
  return { localPart, domain, text };
}

function readLocalPart(text: string): string {
  if (text === '') throw new AddressError('The part of the address before the @ is missing.');
  const quoted = QUOTED.exec(text)?.[1]?.replace(/\\(.)/gsu, '$1');
  if (quoted === undefined && !UNQUOTED.test(text)) {
    throw new AddressError('The part of the address before the @ has characters that cannot stand there.');
  }
  const localPart = quoted ?? text;
  if (Buffer.byteLength(localPart) > LONGEST_LOCAL_PART) {
    throw new AddressError('The part of the address before the @ is too long.');
  }
  return localPart;
}

function readDomain(text: string): string {
  const withoutRoot = text.endsWith('.') ? text.slice(0, -1) : text;
  // domainToASCII reads as a URL does: it would skip line breaks, and stop at a slash.
  const plain = !/[\s\p{C}/\\?#:[\]%<>"]/u.test(withoutRoot);
  const ascii = !plain || /^\p{ASCII}*$/u.test(withoutRoot) ? withoutRoot : domainToASCII(withoutRoot);
  const domain = ascii.toLowerCase();
  const labels = domain.split('.');
  const isDomain =
    plain && domain.length <= 253 && labels.length > 1 && labels.every(label => LABEL.test(label));
  // RFC 3696 section 2: the last label is no number, so that no address of a machine passes for a name.
  if (!isDomain || /^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) {
    throw new AddressError('The part of the address after the @ has to be a domain, such as example.org.');
  }
  return domain;
}

function quote(localPart: string): string {
  return `"${localPart.replace(/["\\]/g, '\\$&')}"`;
}
