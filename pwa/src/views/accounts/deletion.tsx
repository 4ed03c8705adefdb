import { useState } from 'preact/hooks';
import type { MailAccount } from '../../../../functions/jmap/types.ts';
import { allowDeleting, changeAccount, pullAccounts } from '../../mailbox/accounts.ts';
import { mailbox } from '../../mailbox/db.ts';
import { call } from '../../mailbox/server.ts';
import { fileSize, longDay } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { Dialog } from '../dialog.tsx';
import { Field } from '../field.tsx';
import { Page } from '../page.tsx';
import { notify } from '../toast.tsx';
import { Choice } from './connection-fields.tsx';
import { messageOf } from './health.tsx';
import { Problem, useAction } from './problem.tsx';
import { Receipts } from './receipts.tsx';
import type { PartProps } from './settings.tsx';

type Policy = MailAccount['deletionPolicy'];
const POLICIES = ['keep', 'afterDays', 'onceStored', 'whenDestroyed'] as const satisfies Policy[];
const USUAL_DAYS = 30;

/** What happens to the mail at the server, in a sentence. */
export function policySummary({ deletionPolicy, deletionDays }: MailAccount): string {
  return deletionPolicy === 'afterDays'
    ? words.deletion.summaryDays(deletionDays ?? USUAL_DAYS)
    : words.deletion.summaries[deletionPolicy];
}

/** What was removed at the server so far, in a sentence; null where nothing was. */
export function receiptsSentence({ receipts: { count, since, freed } }: MailAccount): string | null {
  if (count === 0 || since === null) return null;
  return words.deletion.receiptsSum(count, longDay(since), fileSize(freed));
}

async function refresh(): Promise<void> {
  await pullAccounts(await mailbox(), call);
}

/** What happens to the mail at the server, why nothing does where it is frozen, and what was removed so far. */
export function DeletionPage({ account, back, onMenu }: PartProps) {
  return (
    <Page title={words.deletion.title} back={back} onMenu={onMenu}>
      {account.protocol === 'archive' ? (
        <p>{words.deletion.archive}</p>
      ) : (
        <>
          {account.deletionFrozen && <Frozen account={account} />}
          <PolicyForm account={account} />
          <Receipts account={account} sum={receiptsSentence(account)} />
        </>
      )}
    </Page>
  );
}

function Frozen({ account }: { account: MailAccount }) {
  const [asking, setAsking] = useState(false);
  const action = useAction();
  const unfreeze = async () => {
    await allowDeleting(call, account.id);
    await refresh();
    notify(words.deletion.unfrozen);
  };
  return (
    <section class="note note-warning" aria-labelledby="frozen">
      <h2 id="frozen">{words.deletion.frozen}</h2>
      <p dir="auto">{messageOf(account.status)}</p>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        {words.deletion.unfreeze}
      </button>
      {asking && (
        <Dialog label={words.deletion.unfreezeTitle} onClose={() => setAsking(false)}>
          <h2>{words.deletion.unfreezeTitle}</h2>
          <p>{words.deletion.unfreezeText}</p>
          <Problem text={action.problem} />
          <div class="buttons">
            <button type="button" class="button" onClick={() => setAsking(false)}>
              {words.accounts.cancel}
            </button>
            <button
              type="button"
              class="button button-danger"
              disabled={action.busy}
              onClick={() => void action.run(unfreeze)}
            >
              {words.deletion.unfreeze}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function PolicyForm({ account }: { account: MailAccount }) {
  const [policy, setPolicy] = useState<Policy>(account.deletionPolicy);
  const [days, setDays] = useState(String(account.deletionDays ?? USUAL_DAYS));
  const [asking, setAsking] = useState(false);
  const action = useAction(words.form.notChanged);
  const isByDays = policy === 'afterDays';
  const isSame = policy === account.deletionPolicy && (!isByDays || Number(days) === account.deletionDays);
  // What is stored already goes at the server, too: that is worth a question.
  const takesStored = isByDays || policy === 'onceStored';
  const save = async () => {
    const change = { deletionPolicy: policy, deletionDays: isByDays ? Number(days) : null };
    if (await action.run(() => changeAccount(call, account.id, change).then(refresh))) {
      notify(words.deletion.saved);
    }
    setAsking(false);
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (takesStored) setAsking(true);
    else void save();
  };
  return (
    <form class="form" onSubmit={onSubmit}>
      <fieldset>
        <legend>{words.deletion.text}</legend>
        {POLICIES.map(one => (
          <Choice
            key={one}
            name="policy"
            value={one}
            title={words.deletion.policies[one]}
            text={words.deletion.texts[one]}
            checked={policy === one}
            onChoose={() => setPolicy(one)}
          />
        ))}
      </fieldset>
      {isByDays && (
        <Field
          label={words.deletion.days}
          hint={words.deletion.daysHint}
          type="number"
          value={days}
          onValue={setDays}
        />
      )}
      {policy !== 'keep' && <p class="card-note">{words.deletion.proof}</p>}
      {takesStored && <p class="card-note">{words.deletion.others}</p>}
      <Problem text={action.problem} />
      <div class="buttons">
        <button type="submit" class="button button-primary" disabled={isSame || action.busy}>
          {words.deletion.save}
        </button>
      </div>
      {asking && (
        <Dialog label={words.deletion.confirmTitle} onClose={() => setAsking(false)}>
          <h2>{words.deletion.confirmTitle}</h2>
          <p>{words.deletion.confirmText(account.status.stored)}</p>
          <div class="buttons">
            <button type="button" class="button" onClick={() => setAsking(false)}>
              {words.accounts.cancel}
            </button>
            <button
              type="button"
              class="button button-danger"
              disabled={action.busy}
              onClick={() => void save()}
            >
              {words.deletion.confirm}
            </button>
          </div>
        </Dialog>
      )}
    </form>
  );
}
