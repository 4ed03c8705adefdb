import type { MimePart } from './structure.ts';

/** RFC 8621 section 4.1.4: what to show as the message, in two preferences, and what to offer beside it. */
export interface BodyLists {
  textBody: MimePart[];
  htmlBody: MimePart[];
  attachments: MimePart[];
}

/** A list being filled; null once an alternative has shown that this preference has its own version. */
interface Targets {
  text: MimePart[] | null;
  html: MimePart[] | null;
  attachments: MimePart[];
}

/** Parts that a mail program handles itself and that nobody wants to download. */
const AUTOMATIC = new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pgp-signature',
  'message/delivery-status',
  'message/disposition-notification',
]);

function isMedia(type: string): boolean {
  return type.startsWith('image/') || type.startsWith('audio/') || type.startsWith('video/');
}

/**
 * Which child of a multipart/related is the document and which are its pictures (RFC 2387). The first, unless
 * `start` names another; some web clippers put the pictures first and name nothing.
 */
function rootIndex(parent: MimePart): number {
  if (parent.type !== 'multipart/related') return 0;
  const named = parent.children.findIndex(part => part.cid !== null && part.cid === parent.rootCid);
  if (named >= 0 || !isMedia(parent.children[0]?.type ?? '')) return Math.max(0, named);
  return Math.max(
    0,
    parent.children.findIndex(part => part.type === 'text/html' || part.partId === null),
  );
}

/** Whether a part is body rather than attachment, given whether it is the first (or root) of its multipart. */
function isBody(part: MimePart, isFirst: boolean, multipartType: string): boolean {
  if (part.disposition === 'attachment') return false;
  if (part.type !== 'text/plain' && part.type !== 'text/html' && !isMedia(part.type)) return false;
  // Only the first part of a multipart/related is body. A text part with a name that is not the first of
  // its multipart is taken for an attachment.
  return isFirst || (multipartType !== 'related' && (isMedia(part.type) || !part.name));
}

function placeInAlternative(part: MimePart, to: Targets): void {
  if (part.type === 'text/plain' && to.text) to.text.push(part);
  else if (part.type === 'text/html' && to.html) to.html.push(part);
  else to.attachments.push(part);
}

function placeInline(part: MimePart, inAlternative: boolean, to: Targets): void {
  if (inAlternative && part.type === 'text/plain') to.html = null;
  if (inAlternative && part.type === 'text/html') to.text = null;
  to.text?.push(part);
  to.html?.push(part);
  if ((!to.text || !to.html) && (isMedia(part.type) || (!to.text && !to.html))) to.attachments.push(part);
}

/** An alternative of one kind only serves both preferences. */
function shareAlternative(to: Targets, textLength: number, htmlLength: number): void {
  const { text, html } = to;
  if (!text || !html) return;
  if (textLength === text.length && htmlLength !== html.length) text.push(...html.slice(htmlLength));
  else if (htmlLength === html.length && textLength !== text.length) html.push(...text.slice(textLength));
}

function place(parent: MimePart, inAlternative: boolean, lists: Targets): void {
  const multipartType = parent.type.slice('multipart/'.length);
  const root = rootIndex(parent);
  // A null target holds for this multipart and those inside it, as in the RFC's function arguments.
  const to = { ...lists };
  const textLength = to.text?.length ?? -1;
  const htmlLength = to.html?.length ?? -1;
  for (const [index, part] of parent.children.entries()) {
    if (part.partId === null) {
      place(part, inAlternative || part.type === 'multipart/alternative', to);
    } else if (!isBody(part, index === root, multipartType)) {
      to.attachments.push(part);
    } else if (multipartType === 'alternative') {
      placeInAlternative(part, to);
    } else {
      placeInline(part, inAlternative, to);
    }
  }
  if (multipartType === 'alternative') shareAlternative(to, textLength, htmlLength);
}

/**
 * Decomposes a structure into textBody, htmlBody and attachments by the algorithm printed in RFC 8621 section
 * 4.1.4. It differs in two points: a part that neither preference can take any more becomes an attachment
 * rather than an error, and a multipart/related need not have its root first.
 */
export function bodyLists(structure: MimePart): BodyLists {
  const textBody: MimePart[] = [];
  const htmlBody: MimePart[] = [];
  const attachments: MimePart[] = [];
  place({ ...structure, type: 'multipart/mixed', children: [structure] }, false, {
    text: textBody,
    html: htmlBody,
    attachments,
  });
  return { textBody, htmlBody, attachments };
}

/**
 * Whether a person would say that the message has an attachment (hasAttachment of RFC 8621 section 4.1.4): not
 * for pictures that belong into the HTML, nor for signatures and delivery reports.
 */
export function hasAttachment(lists: BodyLists): boolean {
  return lists.attachments.some(part => {
    if (AUTOMATIC.has(part.type)) return false;
    if (part.disposition === 'attachment') return true;
    // Apple Mail marks every attachment inline; only media and nameless parts are shown in place.
    if (part.disposition === 'inline') return !isMedia(part.type) && part.name !== null;
    return !(
      part.cid !== null &&
      isMedia(part.type) &&
      lists.htmlBody.some(body => body.type === 'text/html')
    );
  });
}
