import type { MailAccount } from '../../../../functions/jmap/types.ts';
import { DAYS, type Forecast, OCTETS } from '../../mailbox/budget.ts';
import { changeBudget } from '../../mailbox/change-keeping.ts';
import { mailbox } from '../../mailbox/db.ts';
import type { BudgetChange } from '../../mailbox/keeping.ts';
import { announce } from '../../mailbox/observe.ts';

import { lookNow } from '../../mailbox/schedule.ts';
import { deviceBlobs } from '../../mailbox/server.ts';
import { fileSize } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { pathsOf } from '../mailboxes.tsx';
import { Page } from '../page.tsx';
import { notify } from '../toast.tsx';
import { useLive } from '../use.ts';
import { DeviceRoom } from './device-room.tsx';
import { KeepOffline } from './keep-offline.tsx';
import { type Budget, readBudget, readForecast } from './read-budget.ts';

interface Props {
  account: MailAccount;
  back: { href: string; name: string };
  onMenu: () => void;
}

/** What this device keeps of one account: how far back, how much, and what whatever its age. */
export function BudgetPage({ account, back, onMenu }: Props) {
  const { id } = account;
  const budget = useLive(['feeds', 'bodies', 'emails', 'mailboxes'], `budget ${id}`, db =>
    readBudget(db, id),
  );
  // Every message counts in it: it is calculated once, and again when the list is complete.
  const foreseen = useLive([], `forecast ${id} ${budget?.listing ?? true}`, db => readForecast(db, id));
  const change = async (part: BudgetChange) => {
    if (await changeBudget(await mailbox(), deviceBlobs, id, part)) return lookNow();
    notify(words.offline.notChanged);
    // The fields go back to what is so.
    announce('feeds');
  };
  return (
    <Page title={words.offline.title} back={back} onMenu={onMenu}>
      {budget && (
        <>
          <Used account={account} budget={budget} />
          <div class="form">
            <Days budget={budget} days={foreseen?.days} onChange={change} />
            {foreseen && !foreseen.complete && (
              <p class="card-note">{words.offline.forecastPartly(foreseen.listed)}</p>
            )}
            <Limit budget={budget} onChange={change} />
            <Attachments budget={budget} days={foreseen?.days} onChange={change} />
          </div>
          <Pinned account={account} budget={budget} />
        </>
      )}
      <DeviceRoom />
    </Page>
  );
}

function Used({ account, budget }: { account: MailAccount; budget: Budget }) {
  const { used, kept, wanted, keeping } = budget;
  return (
    <section class="offline-used">
      <progress aria-label={words.offline.usedLabel(account.name)} value={used} max={keeping.octets} />
      <p>
        <b>{words.offline.used(fileSize(used), fileSize(keeping.octets))}</b>
      </p>
      <p class="card-note">{words.offline.readable(kept, kept + wanted)}</p>
    </section>
  );
}

interface FieldProps {
  budget: Budget;
  onChange: (part: BudgetChange) => void;
}

function Days({ budget, days, onChange }: FieldProps & { days: Forecast[] | undefined }) {
  const { keeping } = budget;
  return (
    <fieldset>
      <legend>{words.offline.days}</legend>
      <p class="field-hint">{words.offline.daysHint}</p>
      {DAYS.map((choice, position) => {
        const foreseen = days?.[position];
        const size = foreseen ? foreseen.texts + (keeping.attachments ? foreseen.attachments : 0) : 0;
        const say = size > keeping.octets ? words.offline.forecastFull : words.offline.forecast;
        return (
          <label class="choice" key={choice ?? 'all'}>
            <input
              type="radio"
              name="days"
              checked={keeping.days === choice}
              onChange={() => onChange({ days: choice })}
            />
            <span>
              {choice === null ? words.offline.everything : words.offline.lastDays(choice)}
              <small>{foreseen ? say(foreseen.emails, fileSize(size)) : words.offline.forecasting}</small>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

function Limit({ budget, onChange }: FieldProps) {
  const { octets } = budget.keeping;
  const choices = [...new Set([...OCTETS, octets])].sort((a, b) => a - b);
  return (
    <div class="field">
      <label class="field-label" for="octets">
        {words.offline.octets}
      </label>
      <select
        id="octets"
        aria-describedby="octets-hint"
        value={octets}
        onChange={event => onChange({ octets: Number(event.currentTarget.value) })}
      >
        {choices.map(choice => (
          <option key={choice} value={choice}>
            {fileSize(choice)}
          </option>
        ))}
      </select>
      <small class="field-hint" id="octets-hint">
        {words.offline.octetsHint}
      </small>
    </div>
  );
}

function Attachments({ budget, days, onChange }: FieldProps & { days: Forecast[] | undefined }) {
  const { keeping } = budget;
  const octets = days?.[DAYS.indexOf(keeping.days)]?.attachments ?? 0;
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={keeping.attachments}
        onChange={event => onChange({ attachments: event.currentTarget.checked })}
      />
      <span>
        {words.offline.attachments}
        <small>{words.offline.attachmentsHint(fileSize(octets))}</small>
      </span>
    </label>
  );
}

function Pinned({ account, budget }: { account: MailAccount; budget: Budget }) {
  const { mailboxes, keeping } = budget;
  const { threads, emails } = keeping.pinned;
  return (
    <section class="offline-pinned" aria-labelledby="pinned-title">
      <h2 id="pinned-title">{words.offline.pinnedTitle}</h2>
      <p class="card-note">{words.offline.pinnedHint}</p>
      <ul aria-label={words.offline.pinnedMailboxes}>
        {pathsOf(mailboxes).map(({ mailbox: { id }, path }) => (
          <li key={id}>
            <KeepOffline target={{ accountId: account.id, mailboxId: id }} name={path} />
          </li>
        ))}
      </ul>
      {threads.length + emails.length > 0 && (
        <p class="card-note">{words.offline.pinnedOthers(threads.length, emails.length)}</p>
      )}
    </section>
  );
}
