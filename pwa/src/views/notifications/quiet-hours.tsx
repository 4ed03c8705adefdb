import { useId } from 'preact/hooks';
import { type Choices, USUAL_QUIET } from '../../push/choices.ts';
import { words } from '../../words/words.ts';
import { choose } from './choose.ts';
import { Switch } from './switch.tsx';

/** The hours in which new mail makes no sound. */
export function QuietHours({ choices }: { choices: Choices }) {
  const text = words.notifications;
  const { quiet } = choices;
  const set = (change: Partial<typeof USUAL_QUIET>) =>
    void choose({ ...choices, quiet: { ...(quiet ?? USUAL_QUIET), ...change } });
  return (
    <section class="card" aria-labelledby="quiet-hours">
      <h2 id="quiet-hours">{text.quiet}</h2>
      <Switch
        label={text.quietOn}
        hint={text.quietText}
        checked={quiet !== null}
        onChange={on => void choose({ ...choices, quiet: on ? USUAL_QUIET : null })}
      />
      {quiet && (
        <div class="quiet-times">
          <Time label={text.from} value={quiet.from} onValue={from => set({ from })} />
          <Time label={text.to} value={quiet.to} onValue={to => set({ to })} />
        </div>
      )}
    </section>
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
