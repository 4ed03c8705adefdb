import { ImageOff } from 'lucide';
import { useMemo, useState } from 'preact/hooks';
import type { StoredBody } from '../../mailbox/db.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { Attachments, attachmentsOf } from './attachments.tsx';
import { HtmlFrame } from './html-frame.tsx';
import { PlainText } from './plain-text.tsx';
import { sanitise } from './sanitise.ts';
import { usePictures } from './use-pictures.ts';

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`);
}

/** The HTML of a message with its plain parts in between, or null when it has no HTML. */
function htmlOf(body: StoredBody): string | null {
  if (!body.htmlBody.some(part => part.type === 'text/html')) return null;
  return body.htmlBody
    .map(part => {
      const value = body.bodyValues[part.partId ?? '']?.value ?? '';
      if (part.type === 'text/html') return value;
      return part.type.startsWith('text/') ? `<pre>${escapeText(value)}</pre>` : '';
    })
    .join('\n');
}

function textOf(body: StoredBody): string {
  return body.textBody
    .filter(part => part.type.startsWith('text/'))
    .map(part => body.bodyValues[part.partId ?? '']?.value ?? '')
    .join('\n\n');
}

/** The body of a message: HTML in its frame or plain text, then attachments. */
export function Body({ body, onShown }: { body: StoredBody; onShown: () => void }) {
  const html = htmlOf(body);
  const text = html === null ? textOf(body) : '';
  const values = Object.values(body.bodyValues);
  return (
    <>
      {values.some(value => value.isTruncated) && <p class="note">{words.reader.truncated}</p>}
      {values.some(value => value.isEncodingProblem) && <p class="note">{words.reader.encoding}</p>}
      {html !== null && <HtmlBody html={html} body={body} onShown={onShown} />}
      {html === null && <PlainText text={text} onShown={onShown} />}
      <Attachments accountId={body.accountId} parts={attachmentsOf(body)} />
    </>
  );
}

function HtmlBody({ html, body, onShown }: { html: string; body: StoredBody; onShown: () => void }) {
  const [showRemote, setShowRemote] = useState(false);
  const pictures = usePictures(body);
  const mail = useMemo(() => pictures && sanitise(html, pictures, showRemote), [html, pictures, showRemote]);
  if (!mail) return <div class="pending" aria-busy="true" />;
  return (
    <>
      {mail.remote > 0 && !showRemote && (
        <div class="note note-action">
          <Icon node={ImageOff} />
          <p>{words.reader.imagesBlocked}</p>
          <button type="button" class="button" onClick={() => setShowRemote(true)}>
            {words.reader.showImages}
          </button>
        </div>
      )}
      {mail.empty && <p class="note">{words.reader.empty}</p>}
      <HtmlFrame mail={mail} showRemote={showRemote} onShown={onShown} />
    </>
  );
}
