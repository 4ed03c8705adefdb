import { Check } from 'lucide';
import { retryAction, undoAction } from '../mailbox/actions.ts';
import type { Database, OutboxRow } from '../mailbox/db.ts';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';
import { mailboxName } from './mailboxes.tsx';
import { Page } from './page.tsx';
import { useLive } from './use.ts';

interface Entry {
  row: OutboxRow;
  /** what the action is, in words */
  action: string;
  /** subjects of the messages that the action is about */
  subjects: string[];
}

async function actionOf(db: Database, row: OutboxRow): Promise<string> {
  const [patch = {}] = Object.values(row.update);
  const target = Object.keys(patch).find(path => path.startsWith('mailboxIds/') && patch[path]);
  const mailbox = target && (await db.get('mailboxes', [row.accountId, target.slice('mailboxIds/'.length)]));
  if (mailbox) return words.outbox.moveTo(mailboxName(mailbox));
  return words.outbox.actions[row.action] ?? row.action;
}

async function readOutbox(db: Database): Promise<Entry[]> {
  const rows = await db.getAll('outbox');
  const entries = rows.map(async row => {
    const ids = Object.keys(row.update);
    const emails = await Promise.all(ids.map(id => db.get('emails', [row.accountId, id])));
    const subjects = emails.map(email =>
      email ? email.subject || words.list.noSubject : words.outbox.unknown,
    );
    return { row, action: await actionOf(db, row), subjects };
  });
  return Promise.all(entries);
}

/** Why the server refused an action, as a sentence. */
function refusalOf(row: OutboxRow): string {
  const type = row.refusal?.type ?? 'serverFail';
  const reason = words.outbox.reasons[type] ?? row.refusal?.description;
  return words.outbox.refused(reason || words.outbox.otherReason(type));
}

/** What waits for the server, and what it refused. */
export function Outbox({ onMenu }: { onMenu: () => void }) {
  const entries = useLive(['outbox', 'emails'], 'outbox-page', readOutbox);
  return (
    <Page title={words.outbox.title} onMenu={onMenu}>
      {entries?.length === 0 ? (
        <div class="empty">
          <Icon node={Check} />
          <h2>{words.outbox.empty}</h2>
          <p>{words.outbox.emptyText}</p>
        </div>
      ) : (
        <p>{words.outbox.text}</p>
      )}
      <ul class="cards">
        {entries?.map(({ row, action, subjects }) => (
          <li class="card" key={row.seq}>
            <h2>{action}</h2>
            {subjects.map((subject, position) => (
              <p dir="auto" key={position}>
                {subject}
              </p>
            ))}
            <p class={row.state === 'failed' ? 'note note-warning' : 'card-note'}>
              {row.state === 'failed' && refusalOf(row)}
              {row.state === 'sending' && words.outbox.sending}
              {row.state === 'waiting' && words.outbox.waiting(row.createdAt)}
            </p>
            <div class="buttons">
              {row.state === 'failed' && (
                <button type="button" class="button" onClick={() => void retryAction(row.seq)}>
                  {words.outbox.retry}
                </button>
              )}
              {row.state !== 'sending' && (
                <button type="button" class="button" onClick={() => void undoAction(row.seq)}>
                  {row.state === 'failed' ? words.outbox.dismiss : words.outbox.undo}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Page>
  );
}
