import type { EmailAddress } from '../../../../functions/jmap/types.ts';
import type { StoredBody, StoredEmail } from '../../mailbox/db.ts';
import { ownHtml } from '../../trusted.ts';
import { longDate } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { attachmentsOf } from './attachments.tsx';
import { htmlOf, textOf } from './content.ts';
import { loadPictures } from './pictures.ts';
import { sanitise } from './sanitise.ts';

/** Longest wait for the print dialog to be done with the document, in milliseconds. */
const PATIENCE = 10 * 60_000;

const STYLE = `
@page { margin: 16mm; }
html { color-scheme: light; background: #fff; color: #000; font: 11pt/1.45 system-ui, sans-serif; }
body { margin: 0; overflow-wrap: break-word; }
h1 { margin: 0 0 6pt; font-size: 15pt; }
#head { display: grid; grid-template-columns: max-content 1fr; gap: 2pt 10pt; margin: 0 0 12pt; padding: 0 0 8pt;
  border-bottom: 1px solid #888; font-size: 9.5pt; }
#head dt { color: #555; }
#head dd { margin: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
img, table { max-width: 100%; }
img { height: auto; break-inside: avoid; }
`;
const EMPTY = `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"><style>${STYLE}</style></head><body></body></html>`;

const namesOf = (people: readonly EmailAddress[]) =>
  people.map(({ name, email }) => (name ? `${name} <${email}>` : email)).join(', ');

function headOf(paper: Document, email: StoredEmail, body: StoredBody): HTMLElement[] {
  const title = paper.createElement('h1');
  title.textContent = email.subject || words.list.noSubject;
  title.dir = 'auto';
  const list = paper.createElement('dl');
  list.id = 'head';
  const names = attachmentsOf(body).map(part => part.name ?? part.type);
  for (const [name, value] of [
    [words.reader.from, namesOf(email.from)],
    [words.reader.to, namesOf(email.to)],
    [words.reader.cc, namesOf(body.cc)],
    [words.reader.date, longDate(body.sentAt ?? email.receivedAt)],
    [words.reader.attachments(names.length), names.join(', ')],
  ] as const) {
    if (!value) continue;
    const term = paper.createElement('dt');
    const text = paper.createElement('dd');
    term.textContent = name;
    text.textContent = value;
    text.dir = 'auto';
    list.append(term, text);
  }
  return [title, list];
}

function contentOf(paper: Document, body: StoredBody, pictures: ReadonlyMap<string, string>): HTMLElement {
  const html = htmlOf(body);
  const content = paper.createElement(html === null ? 'pre' : 'div');
  content.dir = 'auto';
  if (html === null) content.textContent = textOf(body);
  else {
    const mail = sanitise(html, { pictures, showRemote: false });
    content.setAttribute('style', mail.bodyStyle);
    content.append(...paper.importNode(mail.content, true).childNodes);
  }
  return content;
}

/** Resolves when the pictures of a document are there or are known to be broken. */
async function whenPainted(paper: Document): Promise<void> {
  await Promise.all([...paper.images].map(picture => picture.decode().catch(() => {})));
}

/**
 * Prints one message on white paper, as it was sent and without anything of the app. Its document may open the
 * print dialog, run nothing and fetch nothing.
 */
export async function printMessage(email: StoredEmail, body: StoredBody): Promise<void> {
  const { pictures, release } = await loadPictures(body);
  const frame = document.createElement('iframe');
  frame.className = 'print-frame';
  frame.title = words.reader.more.print;
  frame.setAttribute('sandbox', 'allow-same-origin allow-modals');
  frame.srcdoc = ownHtml(EMPTY);
  const remove = () => {
    frame.remove();
    release();
  };
  await new Promise<void>(resolve => {
    frame.addEventListener('load', () => resolve(), { once: true });
    document.body.append(frame);
  });
  const paper = frame.contentDocument;
  if (!paper) return remove();
  paper.title = email.subject || words.list.noSubject;
  paper.body.append(...headOf(paper, email, body), contentOf(paper, body, pictures));
  await whenPainted(paper);
  frame.contentWindow?.addEventListener('afterprint', () => setTimeout(remove, 500));
  setTimeout(remove, PATIENCE);
  frame.contentWindow?.print();
}
