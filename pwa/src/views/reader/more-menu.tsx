import { Download, EllipsisVertical, FileText, ImageOff, Printer, Reply, UserSearch } from 'lucide';
import { useState } from 'preact/hooks';
import type { StoredBody, StoredEmail } from '../../mailbox/db.ts';
import { searchPath } from '../../routes.ts';
import { words } from '../../words/words.ts';
import { Dialog } from '../dialog.tsx';
import { Icon } from '../icon.tsx';
import { KeepMessage } from '../offline/keep-offline.tsx';
import { notify } from '../toast.tsx';
import { saveBlob, whyNotSaved } from './attachments.tsx';
import { HeadersView } from './headers-view.tsx';
import { PictureSenders } from './picture-senders.tsx';
import { printMessage } from './print.ts';
import { replyAddress } from './reply.ts';

/** What is seldom wanted of a message: an answer, more of its sender, its file, its headers, paper, whose pictures show. */
export function MoreMenu({ email, body }: { email: StoredEmail; body: StoredBody | null }) {
  const [open, setOpen] = useState<'menu' | 'headers' | 'senders' | null>(null);
  const { more } = words.reader;
  const close = () => setOpen(null);
  const download = () => {
    const name = `${(email.subject || email.id).replace(/[^\p{L}\p{N} ._-]/gu, '_').slice(0, 80)}.eml`;
    const part = { blobId: email.blobId, name, type: 'message/rfc822' };
    saveBlob(email.accountId, part, name, email.id).catch((error: unknown) =>
      notify(whyNotSaved(error, words.reader.offlineOriginal)),
    );
    close();
  };
  const print = () => {
    close();
    if (body) void printMessage(email, body);
  };
  const sender = email.from[0]?.email;
  const reply = replyAddress(email, body);
  const link = (icon: typeof Download, name: string, href: string) => (
    <li>
      <a class="menu-item" href={href} onClick={close}>
        <Icon node={icon} pointing={icon === Reply} />
        {name}
      </a>
    </li>
  );
  const item = (icon: typeof Download, name: string, onClick: () => void) => (
    <li>
      <button type="button" class="menu-item" onClick={onClick}>
        <Icon node={icon} />
        {name}
      </button>
    </li>
  );
  return (
    <>
      <button
        type="button"
        class="button-icon"
        aria-label={more.title}
        title={more.title}
        aria-haspopup="dialog"
        onClick={() => setOpen('menu')}
      >
        <Icon node={EllipsisVertical} />
      </button>
      {open === 'menu' && (
        <Dialog label={more.title} class="dialog sheet menu" onClose={close}>
          <ul>
            {reply !== null && link(Reply, more.reply, reply)}
            {sender && link(UserSearch, more.fromSender, searchPath(`from:${sender}`))}
            {item(Download, words.reader.download, download)}
            <li>
              <KeepMessage email={email} />
            </li>
            {item(FileText, more.headers, () => setOpen('headers'))}
            {body && item(Printer, more.print, print)}
            {item(ImageOff, words.reader.pictures.senders, () => setOpen('senders'))}
          </ul>
        </Dialog>
      )}
      {open === 'headers' && <HeadersView email={email} onClose={close} />}
      {open === 'senders' && <PictureSenders onClose={close} />}
    </>
  );
}
