import { useEffect } from 'preact/hooks';
import type { Id, MailAccount } from '../../../../functions/jmap/types.ts';
import { type Database, mailbox, type StoredEmail } from '../../mailbox/db.ts';
import { firstLook } from '../../mailbox/first-look.ts';
import { readList } from '../../mailbox/lists.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { call } from '../../mailbox/server.ts';
import { listPath, messagePath } from '../../routes.ts';
import { shortDate } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { senderName } from '../avatar.tsx';
import { Page } from '../page.tsx';
import { useLive } from '../use.ts';
import { StepTitle } from './add.tsx';
import { actionOf, messageOf } from './health.tsx';
import { Progress } from './progress.tsx';

/** Between two looks while the first mail is awaited, in milliseconds. */
const LOOK_EVERY = 700;
const SHOWN = 5;

interface First {
  inboxId: Id | null;
  emails: StoredEmail[];
}

async function readFirst(db: Database, accountId: Id): Promise<First> {
  const mailboxes = await db.getAllFromIndex('mailboxes', 'account', accountId);
  const inbox = mailboxes.find(({ role }) => role === 'inbox');
  if (!inbox) return { inboxId: null, emails: [] };
  const emails = await readList(db, { accountId, mailboxId: inbox.id }, 0, SHOWN);
  return { inboxId: inbox.id, emails };
}

const isSettled = ({ status: { phase } }: MailAccount) => phase !== 'new' && phase !== 'pulling';

/** The third step: how far the first fetch is, and the newest mail as soon as it comes. */
export function FirstMail({ account, onMenu }: { account: MailAccount; onMenu: () => void }) {
  const { id, status } = account;
  const first = useLive(['emails', 'mailboxes'], `first ${id}`, db => readFirst(db, id));
  const hasMail = (first?.emails.length ?? 0) > 0;
  const settled = isSettled(account);
  useEffect(() => {
    if (hasMail) {
      // From here on it is an account like any other.
      void lookNow();
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const look = async () => {
      await firstLook(await mailbox(), id, call).catch(() => {});
      if (!stopped) timer = setTimeout(() => void look(), settled ? LOOK_EVERY * 10 : LOOK_EVERY);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [id, hasMail, settled]);
  const isEmpty = settled && status.phase === 'ok' && status.atSource === 0;
  const title = status.phase === 'ok' && (hasMail || isEmpty) ? words.onboarding.complete : null;
  const heading = title ?? (hasMail ? words.onboarding.arrived : words.onboarding.coming);
  const inbox = first?.inboxId ? ({ accountId: id, mailboxId: first.inboxId } as const) : null;
  return (
    <Page title={words.onboarding.title} onMenu={onMenu}>
      <StepTitle key={heading} at={3} title={heading} />
      <div role="status">
        {(status.phase === 'failing' || status.phase === 'stopped') && (
          <p class="note note-warning" dir="auto">
            {messageOf(status)} {actionOf(status)}
          </p>
        )}
        {isEmpty && <p>{words.onboarding.empty}</p>}
        {!settled && status.atSource === null && <p>{words.onboarding.firstWait}</p>}
      </div>
      {status.atSource === null ? (
        !settled && <progress aria-label={words.onboarding.coming} />
      ) : (
        <Progress
          label={words.accounts.progress(account.name)}
          value={status.stored}
          max={status.atSource}
          text={words.onboarding.progress(status.stored, status.atSource)}
        />
      )}
      {inbox && hasMail && (
        <section class="first-mail" aria-label={words.onboarding.newest}>
          {first?.emails.map(email => (
            <a key={email.id} class="first-row" href={messagePath(inbox, { accountId: id, id: email.id })}>
              <b dir="auto">{email.from.map(senderName).join(', ') || words.list.noSender}</b>
              <time dateTime={email.receivedAt}>{shortDate(email.receivedAt)}</time>
              <span dir="auto">{email.subject || words.list.noSubject}</span>
            </a>
          ))}
        </section>
      )}
      {!settled && <p class="card-note">{words.onboarding.canLeave}</p>}
      <div class="buttons">
        <a
          class={`button${hasMail || isEmpty ? ' button-primary' : ''}`}
          href={inbox ? listPath(inbox) : '/inbox'}
        >
          {words.onboarding.toInbox}
        </a>
      </div>
    </Page>
  );
}
