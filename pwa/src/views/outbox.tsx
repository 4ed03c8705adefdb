import { Check } from 'lucide';
import { retryAction, undoAction } from '../mailbox/actions.ts';
import { readStatus } from '../mailbox/cycle.ts';
import type { Database, OutboxRow } from '../mailbox/db.ts';
import { lookNow } from '../mailbox/schedule.ts';
import { language } from '../words/language.ts';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';
import { mailboxName } from './mailboxes.tsx';
import { Page } from './page.tsx';
import { useClock, useLive } from './use.ts';

/** Subjects that are named of one action; the others are counted. */
const NAMED = 3;

interface Entry {
  row: OutboxRow;
  /** what the action is, in words */
  action: string;
  /** subjects of the first messages that the action is about */
  subjects: string[];
  /** how many more there are */
  others: number;
  /** name of the account, where there are several */
  account: string | null;
}

async function actionOf(db: Database, row: OutboxRow): Promise<string> {
  const [patch = {}] = Object.values(row.update);
  const target = Object.keys(patch).find(path => path.startsWith('mailboxIds/') && patch[path]);
  const mailbox = target && (await db.get('mailboxes', [row.accountId, target.slice('mailboxIds/'.length)]));
  if (mailbox) return words.outbox.moveTo(mailboxName(mailbox));
  return words.outbox.actions[row.action] ?? row.action;
}

/** What was refused first, because it waits for the person; then what waits, in the order it is sent. */
async function readOutbox(db: Database): Promise<{ entries: Entry[]; waiting: number; reachable: boolean }> {
  const [rows, accounts, status] = await Promise.all([
    db.getAll('outbox'),
    db.getAll('accounts'),
    readStatus(),
  ]);
  const failed = rows.filter(row => row.state === 'failed');
  const waiting = rows.filter(row => row.state !== 'failed');
  const entries = [...failed, ...waiting].map(async row => {
    const ids = [...Object.keys(row.update), ...(row.destroy ?? [])];
    const emails = await Promise.all(ids.slice(0, NAMED).map(id => db.get('emails', [row.accountId, id])));
    const subjects = emails.map(email =>
      email ? email.subject || words.list.noSubject : words.outbox.unknown,
    );
    const account = accounts.find(({ id }) => id === row.accountId)?.name ?? null;
    return {
      ...{ row, action: await actionOf(db, row), subjects, others: ids.length - subjects.length },
      account: accounts.length > 1 ? account : null,
    };
  });
  return { entries: await Promise.all(entries), waiting: waiting.length, reachable: status.reachable };
}

/** Why the server refused an action, as a sentence. */
function refusalOf(row: OutboxRow): string {
  const type = row.refusal?.type ?? 'serverFail';
  // What the server says of it is in English.
  const described = language() === 'en' ? row.refusal?.description : '';
  return words.outbox.refused(words.outbox.reasons[type] ?? (described || words.outbox.otherReason(type)));
}

/** What waits for the server, and what it refused. */
export function Outbox({ onMenu }: { onMenu: () => void }) {
  const outbox = useLive(['outbox', 'emails', 'status'], 'outbox-page', readOutbox);
  useClock();
  return (
    <Page title={words.outbox.title} onMenu={onMenu}>
      {outbox?.entries.length === 0 && (
        <div class="empty">
          <Icon node={Check} />
          <h2>{words.outbox.empty}</h2>
          <p>{words.outbox.emptyText}</p>
        </div>
      )}
      {outbox !== undefined && outbox.entries.length > 0 && <p>{words.outbox.text}</p>}
      {outbox !== undefined && outbox.waiting > 0 && (
        <div class="buttons">
          <button type="button" class="button" onClick={() => void lookNow()}>
            {words.outbox.sendNow}
          </button>
          {!outbox.reachable && <p class="card-note">{words.outbox.unreachable}</p>}
        </div>
      )}
      <ul class="cards">
        {outbox?.entries.map(entry => (
          <OutboxCard key={entry.row.seq} entry={entry} />
        ))}
      </ul>
    </Page>
  );
}

function OutboxCard({ entry: { row, action, subjects, others, account } }: { entry: Entry }) {
  const failed = row.state === 'failed';
  const about = subjects[0] ?? '';
  const undo = failed ? words.outbox.dismiss : words.outbox.undo;
  return (
    <li class="card">
      <h2>{action}</h2>
      {subjects.map((subject, position) => (
        <p dir="auto" key={position}>
          {subject}
        </p>
      ))}
      {others > 0 && <p class="card-note">{words.outbox.others(others)}</p>}
      <p class={failed ? 'note note-warning' : 'card-note'}>
        {failed && refusalOf(row)}
        {row.state === 'sending' && words.outbox.sending}
        {row.state === 'waiting' && words.outbox.waiting(row.createdAt)}
        {row.state === 'waiting' && row.attempts > 0 && ` ${words.outbox.tried(row.attempts)}`}
      </p>
      <p class="card-note">
        {account !== null && <bdi>{account}</bdi>}
        {account !== null && failed && ' · '}
        {failed && words.outbox.doneAt(row.createdAt)}
      </p>
      <div class="buttons">
        {failed && (
          <button
            type="button"
            class="button"
            aria-label={words.outbox.of(words.outbox.retry, about)}
            onClick={() => void retryAction(row.seq)}
          >
            {words.outbox.retry}
          </button>
        )}
        {row.state !== 'sending' && (
          <button
            type="button"
            class="button"
            aria-label={words.outbox.of(undo, about)}
            onClick={() => void undoAction(row.seq)}
          >
            {undo}
          </button>
        )}
      </div>
    </li>
  );
}
