import type { EmailBodyPart } from '../../../../functions/jmap/types.ts';
import type { StoredBody } from '../../mailbox/db.ts';
import { unflow } from './text.ts';

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`);
}

function plain(body: StoredBody, part: EmailBodyPart): string {
  const value = body.bodyValues[part.partId ?? '']?.value ?? '';
  const flow = body.flow?.[part.partId ?? ''];
  return flow ? unflow(value, flow === 'delSp') : value;
}

/** The HTML of a message with its plain parts in between, or null when it has no HTML; pure. */
export function htmlOf(body: StoredBody): string | null {
  if (!body.htmlBody.some(part => part.type === 'text/html')) return null;
  return body.htmlBody
    .map(part => {
      if (part.type === 'text/html') return body.bodyValues[part.partId ?? '']?.value ?? '';
      return part.type.startsWith('text/') ? `<pre>${escapeText(plain(body, part))}</pre>` : '';
    })
    .join('\n');
}

/** The plain text of a message, its lines put together where they flow; pure. */
export function textOf(body: StoredBody): string {
  return body.textBody
    .filter(part => part.type.startsWith('text/') && part.type !== 'text/calendar')
    .map(part => plain(body, part))
    .join('\n\n');
}
