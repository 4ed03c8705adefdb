import { useId } from 'preact/hooks';
import type { Database } from '../../mailbox/db.ts';
import { type Choices, type Hours, toldMailboxes, USUAL_QUIET, withQuiet } from '../../push/choices.ts';
import { words } from '../../words/words.ts';
import { byName, mailboxName } from '../mailboxes.tsx';
import { useLive } from '../use.ts';
import { choose } from './choose.ts';
import { Switch } from './switch.tsx';

/** The hours in which new mail makes no sound: those of the device, and others for accounts and mailboxes. */
export function QuietHours({ choices }: { choices: Choices }) {
  const text = words.notifications;
  const others = choices.otherQuiet ?? {};
  const places = useLive(['accounts', 'mailboxes', 'status'], JSON.stringify(choices), db =>
    readPlaces(db, choices),
  );
  const set = (key: string, hours: Hours | null | undefined) => void choose(withQuiet(choices, key, hours));
  const own = (places ?? []).filter(({ key }) => key in others);
  const addable = (places ?? []).filter(({ key }) => !(key in others));
  return (
    <section class="card" aria-labelledby="quiet-hours">
      <h2 id="quiet-hours">{text.quiet}</h2>
      <When
        hint={text.quietText}
        hours={choices.quiet}
        onChange={quiet => void choose({ ...choices, quiet })}
      />
      {own.map(({ key, name }) => (
        <fieldset key={key} class="notify-account">
          <legend dir="auto">{name}</legend>
          <When hours={others[key] ?? null} onChange={hours => set(key, hours)} />
          <button type="button" class="button-text" onClick={() => set(key, undefined)}>
            {text.quietAsDevice}
          </button>
        </fieldset>
      ))}
      {addable.length > 0 && <Add places={addable} onAdd={key => set(key, choices.quiet ?? USUAL_QUIET)} />}
    </section>
  );
}

/** What may have quiet hours of its own: an account that is told, and each of its mailboxes that is. */
interface Place {
  /** as in `Choices.otherQuiet` */
  key: string;
  name: string;
}

async function readPlaces(db: Database, choices: Choices): Promise<Place[]> {
  const [accounts, mailboxes] = await Promise.all([db.getAll('accounts'), db.getAll('mailboxes')]);
  const told = toldMailboxes(choices, mailboxes);
  return byName(accounts).flatMap(({ id, name }) => {
    const own = told.filter(({ accountId }) => accountId === id);
    if (own.length === 0) return [];
    const below = own.map(one => ({ key: `${id}/${one.id}`, name: `${name} · ${mailboxName(one)}` }));
    return [{ key: id, name }, ...below];
  });
}

function When(props: { hours: Hours | null; hint?: string; onChange: (hours: Hours | null) => void }) {
  const { hours, hint, onChange } = props;
  const text = words.notifications;
  return (
    <>
      <Switch
        label={text.quietOn}
        {...(hint && { hint })}
        checked={hours !== null}
        onChange={on => onChange(on ? USUAL_QUIET : null)}
      />
      {hours && (
        <div class="quiet-times">
          <Time label={text.from} value={hours.from} onValue={from => onChange({ ...hours, from })} />
          <Time label={text.to} value={hours.to} onValue={to => onChange({ ...hours, to })} />
        </div>
      )}
    </>
  );
}

function Add({ places, onAdd }: { places: readonly Place[]; onAdd: (key: string) => void }) {
  const id = useId();
  const text = words.notifications;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {text.quietOther}
      </label>
      <select id={id} value="" onChange={event => onAdd(event.currentTarget.value)}>
        <option value="" selected disabled>
          {text.quietChoose}
        </option>
        {places.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function Time({ label, value, onValue }: { label: string; value: string; onValue: (value: string) => void }) {
  const id = useId();
  const take = (entered: string) => {
    if (entered) onValue(entered);
  };
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <input id={id} type="time" value={value} onChange={event => take(event.currentTarget.value)} />
    </div>
  );
}
