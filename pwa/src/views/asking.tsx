import { useState } from 'preact/hooks';
import type { Id } from '../../../functions/jmap/types.ts';
import type { StoredEmail, StoredMailbox } from '../mailbox/db.ts';
import { lazily } from './lazily.tsx';

const MoveDialog = lazily(async () => (await import('./dialogs/move.tsx')).MoveDialog);
const DestroyDialog = lazily(async () => (await import('./dialogs/destroy.tsx')).DestroyDialog);
const MailboxDialog = lazily(async () => (await import('./dialogs/mailbox.tsx')).MailboxDialog);

type Question =
  | { ask: 'move' | 'destroy'; emails: readonly StoredEmail[]; onDone: () => void }
  | { ask: 'mailbox'; accountId: Id; mailbox: StoredMailbox | null };

let show: (question: Question) => void = () => {};

/** Asks to which mailbox messages should move; `onDone` is called once they did. */
export function askToMove(emails: readonly StoredEmail[], onDone: () => void = () => {}): void {
  if (emails.length) show({ ask: 'move', emails, onDone });
}

/** Asks whether messages should be deleted for good; `onDone` is called once they are. */
export function askToDestroy(emails: readonly StoredEmail[], onDone: () => void = () => {}): void {
  if (emails.length) show({ ask: 'destroy', emails, onDone });
}

/** Asks what should become of a mailbox; with null how a new one should be called. */
export function askAboutMailbox(accountId: Id, mailbox: StoredMailbox | null): void {
  show({ ask: 'mailbox', accountId, mailbox });
}

/** Where questions appear; rendered once. */
export function Asking() {
  const [question, setQuestion] = useState<Question | null>(null);
  show = setQuestion;
  if (!question) return null;
  const close = () => setQuestion(null);
  if (question.ask === 'mailbox') {
    return <MailboxDialog accountId={question.accountId} mailbox={question.mailbox} onClose={close} />;
  }
  const Asked = question.ask === 'move' ? MoveDialog : DestroyDialog;
  return <Asked emails={question.emails} onDone={question.onDone} onClose={close} />;
}
