import { Download, File, FileArchive, FileImage, FileText } from 'lucide';
import { useId, useState } from 'preact/hooks';
import type { EmailBodyPart, Id } from '../../../../functions/jmap/types.ts';
import { RequestRefused, SignInNeeded } from '../../jmap/errors.ts';
import type { StoredBody } from '../../mailbox/db.ts';
import { inlineParts } from '../../mailbox/files.ts';
import { deviceBlobs } from '../../mailbox/server.ts';
import { fileSize } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { openPart } from './part-text.ts';
import { Preview } from './preview.tsx';
import { previewKind } from './preview-kind.ts';

/**
 * Saves a part of a message, or a whole one, as a file. It never opens as a page of ours.
 * @param id the Email that it belongs to, with which it is kept on the device; without, it is only saved
 */
export async function saveBlob(
  accountId: Id,
  part: Pick<EmailBodyPart, 'blobId' | 'name' | 'type'>,
  fileName: string,
  id?: Id,
): Promise<void> {
  const blob = id ? await openPart({ accountId, id }, part) : await deviceBlobs.read(accountId, part);
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** What a person is told when something could not be saved; `offline` where the server cannot be reached. */
export function whyNotSaved(error: unknown, offline: string): string {
  if (error instanceof SignInNeeded) return words.reader.signInToSave;
  return error instanceof RequestRefused ? words.reader.notAtServer : offline;
}

/** The parts that a person can save: attachments, and media that stand between the texts (RFC 8621 section 4.1.4). */
export function attachmentsOf(body: StoredBody): EmailBodyPart[] {
  const inline = new Set(inlineParts(body).map(part => part.blobId));
  const between = body.htmlBody.filter(part => !part.type.startsWith('text/') && part.blobId);
  const all = [...body.attachments, ...between].filter(part => part.blobId && !inline.has(part.blobId));
  return [...new Map(all.map(part => [part.blobId, part])).values()];
}

function iconOf(type: string) {
  if (type.startsWith('image/')) return FileImage;
  if (type.startsWith('text/') || type === 'application/pdf') return FileText;
  return /zip|tar|compressed/.test(type) ? FileArchive : File;
}

/** Endings for parts that came without a name. */
const EXTENSIONS: Record<string, string> = {
  'text/calendar': '.ics',
  'text/vcard': '.vcf',
  'text/rfc822-headers': '.txt',
  'message/rfc822': '.eml',
  'message/delivery-status': '.txt',
  'text/html': '.html',
  'application/pdf': '.pdf',
  'image/jpeg': '.jpg',
  'image/png': '.png',
};

/** The list of attachments under a message: each can be saved, and what a browser can show is shown first. */
export function Attachments({ email, parts }: { email: { accountId: Id; id: Id }; parts: EmailBodyPart[] }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [opened, setOpened] = useState<EmailBodyPart | null>(null);
  const title = useId();
  if (!parts.length) return null;
  const save = async (part: EmailBodyPart) => {
    setProblem(null);
    setBusy(part.blobId);
    await saveBlob(email.accountId, part, fileNameOf(part), email.id).catch((error: unknown) =>
      setProblem(whyNotSaved(error, words.reader.noAttachmentOffline)),
    );
    setBusy(null);
  };
  const kindOf = (part: EmailBodyPart) => previewKind(part, navigator.pdfViewerEnabled);
  const openedKind = opened && kindOf(opened);
  return (
    <section class="attachments" aria-labelledby={title}>
      <h2 id={title}>{words.reader.attachments(parts.length)}</h2>
      {problem && (
        <p class="note note-warning" role="alert">
          {problem}
        </p>
      )}
      <ul>
        {parts.map((part, position) => (
          <li key={position} class="attachment-row" aria-busy={busy === part.blobId}>
            <Attachment
              part={part}
              onOpen={kindOf(part) ? () => setOpened(part) : null}
              onSave={() => void save(part)}
            />
          </li>
        ))}
      </ul>
      {opened && openedKind && (
        <Preview
          email={email}
          part={opened}
          kind={openedKind}
          name={shownName(opened)}
          onSave={() => void save(opened)}
          onClose={() => setOpened(null)}
        />
      )}
    </section>
  );
}

function shownName(part: EmailBodyPart): string {
  return part.name || words.reader.kinds[part.type] || words.reader.unnamed(part.type);
}

function fileNameOf(part: EmailBodyPart): string {
  return part.name || `${shownName(part)}${EXTENSIONS[part.type] ?? ''}`;
}

/** One attachment. A press on it opens what can be looked at and saves everything else. */
function Attachment(props: { part: EmailBodyPart; onOpen: (() => void) | null; onSave: () => void }) {
  const { part, onOpen, onSave } = props;
  const name = shownName(part);
  return (
    <>
      <button type="button" class="attachment" onClick={onOpen ?? onSave}>
        <Icon node={iconOf(part.type)} />
        <span class="visually-hidden">{onOpen ? words.reader.preview.open : words.reader.save} </span>
        <span class="attachment-name" dir="auto">
          {name}
        </span>
        <span class="attachment-size">{fileSize(part.size)}</span>
        {!onOpen && <Icon node={Download} />}
      </button>
      {onOpen && (
        <button
          type="button"
          class="button-icon"
          aria-label={words.reader.preview.saveOf(name)}
          title={words.reader.save}
          onClick={onSave}
        >
          <Icon node={Download} />
        </button>
      )}
    </>
  );
}
