import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Dialog } from './dialog.tsx';

const STORED = 'mailferry:keys';

/** Single-key shortcuts can be turned off (WCAG 2.1.4), for those who speak to their device. */
function keysAreOn(): boolean {
  return localStorage.getItem(STORED) !== 'off';
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input:not([type=checkbox]), textarea, select, dialog') !== null
  );
}

/** Calls the handler of a key that is pressed outside of fields and dialogs. */
export function useKeys(handlers: Record<string, () => void>): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || (event.key.length === 1 && !keysAreOn())) return;
      const handler = latest.current[event.key];
      if (!handler) return;
      event.preventDefault();
      handler();
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
              <kbd>{key}</kbd>
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
            localStorage.setItem(STORED, event.currentTarget.checked ? 'on' : 'off');
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
