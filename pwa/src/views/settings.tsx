import { useState } from 'preact/hooks';
import { removeFirstScreen } from '../mailbox/first-screen.ts';
import { readSetting, writeSetting } from '../mailbox/settings.ts';
import { type Language, languages } from '../words/language.ts';
import { words } from '../words/words.ts';
import { keysAreOn, setKeys } from './keys.tsx';
import { Page } from './page.tsx';
import { type Preference, prefer, SWIPES, type Swipe, usePreference } from './preferences.ts';
import { useLive } from './use.ts';

/** How this device shows mail and what it does at a touch. */
export function Settings({ onMenu }: { onMenu: () => void }) {
  const threads = usePreference('threads') === 'on';
  const [keys, setOn] = useState(keysAreOn);
  return (
    <Page title={words.settings.title} onMenu={onMenu}>
      <p class="card-note">{words.settings.text}</p>
      <section class="card">
        <LanguageChoice />
      </section>
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

/** Each language is named in itself, so that whoever strayed into another finds the way back. */
function LanguageChoice() {
  const chosen = useLive(['status'], 'language', () => readSetting('language')) ?? '';
  const choose = async (value: string) => {
    await writeSetting('language', value === '' ? null : (value as Language));
    removeFirstScreen();
    location.reload();
  };
  return (
    <div class="field">
      <label class="field-label" for="language">
        {words.settings.language}
      </label>
      <select id="language" value={chosen} onChange={event => void choose(event.currentTarget.value)}>
        <option value="" selected={chosen === ''}>
          {words.settings.ofDevice}
        </option>
        {Object.entries(languages).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag} selected={tag === chosen}>
            {name}
          </option>
        ))}
      </select>
    </div>
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
