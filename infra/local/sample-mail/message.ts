import { encodeBase64, encodeQuotedPrintable, encodeWords, foldList } from './encode.ts';

/** The person whose mail this is: the same one in both accounts. */
export const MARA = 'Mara Lindqvist <mara@example.com>';

/** One message of the sample mail, ready to be put into a mailbox. */
export interface SampleMessage {
  account: 'imap' | 'pop';
  mailbox: string;
  /** IMAP flags and keywords; empty for POP, which has none. */
  flags: string[];
  /** When it arrived. */
  date: Date;
  raw: Buffer;
}

/** A file in a letter. With a `cid` it is an inline image that the HTML shows. */
export interface SampleFile {
  name: string;
  type: string;
  bytes: Buffer;
  cid?: string;
}

/** A letter before it is bytes. `id` makes its Message-ID and must be the only one of its name. */
export interface Letter {
  id: string;
  from: string;
  to?: string;
  cc?: string;
  date: Date;
  subject: string;
  text?: string;
  html?: string;
  files?: SampleFile[];
  /** Ids of the letters before it in its thread, oldest first. */
  after?: readonly string[];
  headers?: readonly (readonly [name: string, value: string])[];
  /** Parameters of the text part instead of `charset=utf-8`. */
  textType?: string;
}

/** One node of a MIME tree. */
export interface Part {
  headers: string[];
  body: Buffer;
}

/** Dates of the sample mail, counted back from the moment it is made for. */
export interface Calendar {
  /** So many whole days ago at this time of day (UTC): mail has 1 or more, an event to come a negative number. */
  day(daysAgo: number, clock: string): Date;
  minutesAgo(minutes: number): Date;
}

/** The calendar that ends at `now`. */
export function calendarOf(now: Date): Calendar {
  const midnight = Math.floor(now.getTime() / 86_400_000) * 86_400_000;
  return {
    day: (daysAgo, clock) => {
      const [hours = 0, minutes = 0] = clock.split(':').map(Number);
      return new Date(midnight - daysAgo * 86_400_000 + (hours * 60 + minutes) * 60_000);
    },
    minutesAgo: minutes => new Date(Math.floor(now.getTime() / 1000) * 1000 - minutes * 60_000),
  };
}

/** A message in the IMAP account. */
export function imap(mailbox: string, flags: string[], letter: Letter): SampleMessage {
  return { account: 'imap', mailbox, flags, date: letter.date, raw: compose(letter) };
}

/** A message in the POP account. */
export function pop(letter: Letter): SampleMessage {
  return { account: 'pop', mailbox: 'INBOX', flags: [], date: letter.date, raw: compose(letter) };
}

/** The bytes of a letter: RFC 5322 headers and a MIME body with CRLF line ends. */
export function compose(letter: Letter): Buffer {
  const part = bodyOf(letter);
  const head = [...headersOf(letter), 'MIME-Version: 1.0', ...part.headers].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'utf8'), part.body]);
}

/** The Message-ID of a letter's id. */
export function messageId(id: string): string {
  return `<${id}@example.com>`;
}

/** `Mon, 2 Mar 2026 09:12:00 +0000` (RFC 5322 section 3.3). */
export function headerDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

/** The headers that every letter has, in the order a delivered message shows them. */
export function headersOf(letter: Letter): string[] {
  const to = letter.to ?? MARA;
  const after = letter.after ?? [];
  const received = `from mail.example.org (mail.example.org [192.0.2.25])\r\n by mx.example.com with ESMTPS id ${letter.id};\r\n ${headerDate(letter.date)}`;
  return [
    ...(letter.from === MARA ? [] : [`Received: ${received}`]),
    `Date: ${headerDate(letter.date)}`,
    `From: ${encodeAddresses(letter.from)}`,
    `To: ${encodeAddresses(to)}`,
    ...(letter.cc ? [`Cc: ${encodeAddresses(letter.cc)}`] : []),
    `Subject: ${encodeWords(letter.subject)}`,
    `Message-ID: ${messageId(letter.id)}`,
    ...(after.length > 0 ? [`In-Reply-To: ${messageId(after.at(-1) ?? '')}`] : []),
    ...(after.length > 0 ? [`References: ${foldList(after.map(messageId))}`] : []),
    ...(letter.headers ?? []).map(([name, value]) => `${name}: ${value}`),
  ];
}

/** A text part, quoted-printable where it has to be. `type` is its full Content-Type without the charset. */
export function textPart(type: string, text: string, charset = 'utf-8'): Part {
  const lines = text.replaceAll('\n', '\r\n');
  const plain = /^[\t\r\n\x20-\x7e]*$/.test(lines) && !/[^\r\n]{200}/.test(lines);
  return {
    headers: [
      `Content-Type: ${type}; charset=${charset}`,
      `Content-Transfer-Encoding: ${plain ? '7bit' : 'quoted-printable'}`,
    ],
    body: Buffer.from(plain ? lines : encodeQuotedPrintable(lines), 'latin1'),
  };
}

/** A file in base64; inline when it has a content id. The name goes by RFC 2231 when it is not ASCII. */
export function filePart({ name, type, bytes, cid }: SampleFile): Part {
  const ascii = /^[\x20-\x7e]+$/.test(name);
  const filename = ascii ? `filename="${name}"` : `filename*=utf-8''${encodeURIComponent(name)}`;
  return {
    headers: [
      `Content-Type: ${type}${ascii ? `; name="${name}"` : ''}`,
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: ${cid ? 'inline' : 'attachment'}; ${filename}`,
      ...(cid ? [`Content-ID: <${cid}>`] : []),
    ],
    body: encodeBase64(bytes),
  };
}

/** A multipart of parts; the boundary follows from `name`, so that the same mail has the same bytes. */
export function multipart(subtype: string, name: string, parts: readonly Part[]): Part {
  const boundary = `=_${subtype.slice(0, 3)}_${name}`;
  const pieces = parts.flatMap(part => [
    Buffer.from(`--${boundary}\r\n${part.headers.join('\r\n')}\r\n\r\n`, 'utf8'),
    part.body,
    Buffer.from('\r\n'),
  ]);
  const body = Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
  const extra = subtype === 'report' ? '; report-type=delivery-status' : '';
  return { headers: [`Content-Type: multipart/${subtype}${extra}; boundary="${boundary}"`], body };
}

function bodyOf({ id, text, html, files = [], textType = 'text/plain' }: Letter): Part {
  const inline = files.filter(file => file.cid);
  const attached = files.filter(file => !file.cid);
  const texts: Part[] = [];
  if (text !== undefined) texts.push(textPart(textType, `${text}\n`));
  if (html !== undefined) {
    const page = textPart('text/html', html);
    texts.push(inline.length ? multipart('related', id, [page, ...inline.map(filePart)]) : page);
  }
  const [first, second] = texts;
  const body = second ? multipart('alternative', id, texts) : (first ?? textPart('text/plain', ''));
  return attached.length ? multipart('mixed', id, [body, ...attached.map(filePart)]) : body;
}

function encodeAddresses(list: string): string {
  return list
    .split(/,\s*(?=[^,]*<|[^,<]+@)/)
    .map(entry =>
      entry.replace(/^(.*?)\s*(<[^>]+>)$/, (_, name, address) => `${encodeWords(name)} ${address}`),
    )
    .join(',\r\n ');
}
