import { Download } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { EmailBodyPart, Id } from '../../../../functions/jmap/types.ts';
import { words } from '../../words/words.ts';
import { Dialog } from '../dialog.tsx';
import { Icon } from '../icon.tsx';
import { whyNotSaved } from './attachments.tsx';
import { decodeText, openPart } from './part-text.ts';
import type { PreviewKind } from './preview-kind.ts';

/** Characters of a text that are shown. */
const MOST_TEXT = 200_000;

type Shown = { address: string } | { text: string; cut: boolean } | { problem: string };

/** A part as it can be shown. The type of its address is ours, never the sender's: it can be nothing else. */
async function prepare(
  email: { accountId: Id; id: Id },
  part: EmailBodyPart,
  kind: PreviewKind,
): Promise<Shown> {
  const blob = await openPart(email, part);
  if (kind === 'text') {
    const text = await decodeText(blob, part.charset);
    return { text: text.slice(0, MOST_TEXT), cut: text.length > MOST_TEXT };
  }
  if (kind === 'pdf') {
    const start = await blob.slice(0, 1024).text();
    if (!start.includes('%PDF-')) return { problem: words.reader.preview.broken };
  }
  const type = kind === 'pdf' ? 'application/pdf' : part.type.toLowerCase();
  return { address: URL.createObjectURL(new Blob([blob], { type })) };
}

/** A look at an attachment: a picture, a text, or a PDF in the browser's own viewer. */
export function Preview(props: {
  email: { accountId: Id; id: Id };
  part: EmailBodyPart;
  kind: PreviewKind;
  name: string;
  onSave: () => void;
  onClose: () => void;
}) {
  const { email, part, kind, name, onSave, onClose } = props;
  const [shown, setShown] = useState<Shown | null>(null);
  const { preview } = words.reader;
  useEffect(() => {
    let stopped = false;
    let address = '';
    prepare(email, part, kind)
      .catch((error: unknown) => ({ problem: whyNotSaved(error, words.reader.noAttachmentOffline) }))
      .then(found => {
        if ('address' in found) address = found.address;
        if (stopped) URL.revokeObjectURL(address);
        else setShown(found);
      });
    return () => {
      stopped = true;
      if (address) URL.revokeObjectURL(address);
    };
  }, [part.blobId]);
  const broken = () => setShown({ problem: preview.broken });
  return (
    <Dialog label={name} class="dialog sheet preview" onClose={onClose}>
      <h2 dir="auto">{name}</h2>
      {!shown && (
        <p role="status" class="hint">
          {preview.opening}
        </p>
      )}
      {shown && 'problem' in shown && (
        <p class="note note-warning" role="alert">
          {shown.problem}
        </p>
      )}
      {shown && 'address' in shown && kind === 'picture' && (
        <img class="preview-picture" src={shown.address} alt={name} onError={broken} />
      )}
      {shown && 'address' in shown && kind === 'pdf' && (
        <iframe class="preview-pdf" src={shown.address} title={name} />
      )}
      {shown && 'text' in shown && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keys as well */}
          <pre class="preview-text" dir="auto" tabIndex={0}>
            {shown.text}
          </pre>
          {shown.cut && <p class="hint">{preview.cut}</p>}
        </>
      )}
      <div class="buttons">
        <button type="button" class="button" onClick={onSave}>
          <Icon node={Download} />
          {words.reader.save}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {words.reader.close}
        </button>
      </div>
    </Dialog>
  );
}
