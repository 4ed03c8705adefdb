import { useEffect, useState } from 'preact/hooks';
import type { StoredEmail } from '../../mailbox/db.ts';
import { words } from '../../words/words.ts';
import { Dialog } from '../dialog.tsx';
import { notify } from '../toast.tsx';
import { whyNotSaved } from './attachments.tsx';
import { openPart } from './part-text.ts';
import { headerText } from './raw-headers.ts';

/** More of a message than any header takes, in octets. */
const MOST = 1_000_000;

/** All header fields of a message as they came, from its raw octets. */
export function HeadersView({ email, onClose }: { email: StoredEmail; onClose: () => void }) {
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { more, links } = words.reader;
  useEffect(() => {
    const load = async () => {
      const part = { blobId: email.blobId, name: 'message.eml', type: 'message/rfc822' };
      const raw = await openPart(email, part);
      setText(headerText(new Uint8Array(await raw.slice(0, MOST).arrayBuffer())));
    };
    load().catch((error: unknown) => setProblem(whyNotSaved(error, words.reader.offlineOriginal)));
  }, [email.blobId]);
  const copy = () =>
    navigator.clipboard.writeText(text ?? '').then(
      () => notify(more.copied),
      () => notify(links.notCopied),
    );
  return (
    <Dialog label={more.headersTitle} class="dialog sheet preview" onClose={onClose}>
      <h2>{more.headersTitle}</h2>
      {problem && (
        <p class="note note-warning" role="alert">
          {problem}
        </p>
      )}
      {!problem && text === null && (
        <p class="hint" role="status">
          {words.reader.preview.opening}
        </p>
      )}
      {text !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keys as well
        <pre class="preview-text" dir="ltr" tabIndex={0}>
          {text}
        </pre>
      )}
      <div class="buttons">
        {text !== null && (
          <button type="button" class="button" onClick={() => void copy()}>
            {more.copy}
          </button>
        )}
        <button type="button" class="button" onClick={onClose}>
          {words.reader.close}
        </button>
      </div>
    </Dialog>
  );
}
