import { Download, File, FileArchive, FileImage, FileText } from 'lucide';
import { useState } from 'preact/hooks';
import type { EmailBodyPart, Id } from '../../../../functions/jmap/types.ts';
import { RequestRefused, SignInNeeded } from '../../jmap/errors.ts';
import { mailbox, type StoredBody } from '../../mailbox/db.ts';
import { inlineParts, openFile } from '../../mailbox/files.ts';
import { deviceBlobs } from '../../mailbox/server.ts';
import { fileSize } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';

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
  const blob = id
    ? await openFile(await mailbox(), deviceBlobs, { accountId, id }, part)
    : await deviceBlobs.read(accountId, part);
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

/** The list of attachments under a message. */
export function Attachments({ email, parts }: { email: { accountId: Id; id: Id }; parts: EmailBodyPart[] }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  if (!parts.length) return null;
  const save = async (part: EmailBodyPart, name: string) => {
    setProblem(null);
    setBusy(part.blobId);
    await saveBlob(email.accountId, part, name, email.id).catch((error: unknown) =>
      setProblem(whyNotSaved(error, words.reader.noAttachmentOffline)),
    );
    setBusy(null);
  };
  return (
    <section class="attachments" aria-labelledby="attachments-title">
      <h2 id="attachments-title">{words.reader.attachments(parts.length)}</h2>
      {problem && (
        <p class="note note-warning" role="alert">
          {problem}
        </p>
      )}
      <ul>
        {parts.map((part, position) => {
          const name = part.name || words.reader.kinds[part.type] || words.reader.unnamed(part.type);
          const size = fileSize(part.size);
          return (
            <li key={position}>
              <button
                type="button"
                class="attachment"
                aria-busy={busy === part.blobId}
                onClick={() => void save(part, part.name || `${name}${EXTENSIONS[part.type] ?? ''}`)}
              >
                <Icon node={iconOf(part.type)} />
                <span class="visually-hidden">{words.reader.save} </span>
                <span class="attachment-name" dir="auto">
                  {name}
                </span>
                <span class="attachment-size">{size}</span>
                <Icon node={Download} />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
