import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Dialog } from './dialog.tsx';

const STORED = 'mailferry:keys';

/** Single-key shortcuts can be turned off (WCAG 2.1.4), for those who speak to their device. */
export function keysAreOn(): boolean {
  return localStorage.getItem(STORED) !== 'off';
}

/** Turns single-key shortcuts on or off. */
export function setKeys(on: boolean): void {
  localStorage.setItem(STORED, on ? 'on' : 'off');
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input:not([type=checkbox]), textarea, select, dialog') !== null
  );
}

/** What a key does; false when it does nothing here, so that the browser may do what it does. */
type Handler = () => unknown;

/** How long the second key of two may take, in milliseconds. */
const SECOND_KEY = 1_500;

/** Calls the handler of a key that is pressed outside of fields and dialogs; `g i` is g, then i. */
export function useKeys(handlers: Record<string, Handler>): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    let first = { key: '', at: 0 };
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || (event.key.length === 1 && !keysAreOn())) return;
      const isSecond = event.timeStamp - first.at < SECOND_KEY;
      const two = isSecond ? latest.current[`${first.key} ${event.key}`] : undefined;
      first = { key: event.key, at: event.timeStamp };
      const handler = two ?? latest.current[event.key];
      if (!handler) return;
      if (handler() !== false) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** The help that `?` shows. */
export function KeysHelp() {
  const [open, setOpen] = useState(false);
  const [on, setOn] = useState(keysAreOn);
  useKeys({ '?': () => setOpen(true) });
  if (!open) return null;
  const close = () => setOpen(false);
  return (
    <Dialog label={words.keys.title} onClose={close}>
      <h2>{words.keys.title}</h2>
      <dl class="keys">
        {words.keys.list.map(([key, meaning]) => (
          <div class="keys-row" key={key}>
            <dt>
              <kbd dir="ltr">{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={on}
          onChange={event => {
            setKeys(event.currentTarget.checked);
            setOn(event.currentTarget.checked);
          }}
        />
        {words.keys.on}
      </label>
      <div class="buttons">
        <button type="button" class="button" onClick={close}>
          {words.keys.close}
        </button>
      </div>
    </Dialog>
  );
}
