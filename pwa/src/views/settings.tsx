import { useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { keysAreOn, setKeys } from './keys.tsx';
import { Page } from './page.tsx';
import { type Preference, prefer, SWIPES, type Swipe, usePreference } from './preferences.ts';

/** How this device shows mail and what it does at a touch. */
export function Settings({ onMenu }: { onMenu: () => void }) {
  const threads = usePreference('threads') === 'on';
  const [keys, setOn] = useState(keysAreOn);
  return (
    <Page title={words.settings.title} onMenu={onMenu}>
      <p class="card-note">{words.settings.text}</p>
      <section class="card" aria-labelledby="settings-lists">
        <h2 id="settings-lists">{words.settings.lists}</h2>
        <Switch
          name={words.settings.threads}
          hint={words.settings.threadsText}
          on={threads}
          onChange={on => prefer('threads', on ? 'on' : 'off')}
        />
      </section>
      <section class="card" aria-labelledby="settings-swipes">
        <h2 id="settings-swipes">{words.settings.swipes}</h2>
        <p class="card-note">{words.settings.swipesText}</p>
        <SwipeChoice name="swipeRight" label={words.settings.swipeRight} />
        <SwipeChoice name="swipeLeft" label={words.settings.swipeLeft} />
      </section>
      <section class="card" aria-labelledby="settings-keys">
        <h2 id="settings-keys">{words.keys.title}</h2>
        <Switch
          name={words.keys.on}
          hint={words.settings.keysText}
          on={keys}
          onChange={on => {
            setKeys(on);
            setOn(on);
          }}
        />
      </section>
    </Page>
  );
}

function Switch(props: { name: string; hint: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <div>
      <label class="check">
        <input
          type="checkbox"
          checked={props.on}
          onChange={event => props.onChange(event.currentTarget.checked)}
        />
        {props.name}
      </label>
      <p class="card-note">{props.hint}</p>
    </div>
  );
}

function SwipeChoice({ name, label }: { name: Preference & `swipe${string}`; label: string }) {
  const chosen = usePreference(name);
  return (
    <div class="field">
      <label class="field-label" for={name}>
        {label}
      </label>
      <select id={name} value={chosen} onChange={event => prefer(name, event.currentTarget.value as Swipe)}>
        {SWIPES.map(swipe => (
          <option key={swipe} value={swipe} selected={swipe === chosen}>
            {words.settings.actions[swipe]}
          </option>
        ))}
      </select>
    </div>
  );
}
