import type { Database, StoredMailbox } from '../../mailbox/db.ts';
import { type Choices, isMailboxTold, withAccount, withMailbox } from '../../push/choices.ts';
import { words } from '../../words/words.ts';
import { byName, mailboxName } from '../mailboxes.tsx';
import { useLive } from '../use.ts';
import { choose } from './choose.ts';
import { Switch } from './switch.tsx';

/** Mailboxes that nobody is told about: what a person wrote or threw away. */
const NEVER = new Set(['trash', 'drafts', 'sent']);

async function readAccounts(db: Database) {
  const [accounts, mailboxes] = await Promise.all([db.getAll('accounts'), db.getAll('mailboxes')]);
  return byName(accounts).map(({ id, name }) => {
    const own = mailboxes.filter(({ accountId, role }) => accountId === id && !NEVER.has(role ?? ''));
    const inboxes = own.filter(({ role }) => role === 'inbox');
    const others = own.filter(({ role }) => role !== 'inbox').sort((a, b) => a.name.localeCompare(b.name));
    return { id, name, inboxes, others };
  });
}

/** The accounts and mailboxes whose new mail is told. */
export function WhichMail({ choices }: { choices: Choices }) {
  const accounts = useLive(['accounts', 'mailboxes'], 'notify-accounts', readAccounts) ?? [];
  const text = words.notifications;
  const mailbox = (one: StoredMailbox) => (
    <Switch
      key={one.id}
      label={mailboxName(one)}
      checked={isMailboxTold(choices, one)}
      onChange={told => void choose(withMailbox(choices, one, told))}
    />
  );
  return (
    <section class="card" aria-labelledby="which-mail">
      <h2 id="which-mail">{text.which}</h2>
      {accounts.map(({ id, name, inboxes, others }) => {
        const isTold = !choices.silent.includes(id);
        const someOther = others.some(one => isMailboxTold(choices, one));
        return (
          <fieldset key={id} class="notify-account">
            <legend dir="auto">{name}</legend>
            <Switch
              label={text.account}
              checked={isTold}
              onChange={told => void choose(withAccount(choices, id, told))}
            />
            {isTold && inboxes.map(mailbox)}
            {isTold && others.length > 0 && (
              <details open={someOther}>
                <summary>{text.more(others.length)}</summary>
                {others.map(mailbox)}
              </details>
            )}
          </fieldset>
        );
      })}
    </section>
  );
}
