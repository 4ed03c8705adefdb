import { Menu, Search as SearchIcon, X } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import { type Names, suggest } from '../../search/names.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { useKeys } from '../keys.tsx';
import { useLive } from '../use.ts';
import { readNames } from './use-search.ts';

/** What is in the field, and how to change it. */
export interface Typing {
  typed: string;
  onType: (typed: string) => void;
}

/** The field in which a person types. */
export function Field({ typed, onType, onMenu, focus }: Typing & { onMenu: () => void; focus: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focus) field.current?.focus();
  }, []);
  useKeys({ '/': () => field.current?.select() });
  return (
    <search class="bar search-bar">
      <button type="button" class="button-icon narrow-only" aria-label={words.nav.open} onClick={onMenu}>
        <Icon node={Menu} />
      </button>
      <div class="search-field">
        <Icon node={SearchIcon} />
        <input
          ref={field}
          id="search-field"
          type="search"
          dir={typed === '' ? undefined : 'auto'}
          enterKeyHint="search"
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          value={typed}
          placeholder={words.search.field}
          aria-label={words.search.field}
          onInput={event => onType(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') event.currentTarget.blur();
            if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('.result .row-link')?.focus();
          }}
        />
        {typed !== '' && (
          <button
            type="button"
            class="button-icon"
            aria-label={words.search.clear}
            title={words.search.clear}
            onClick={() => {
              onType('');
              field.current?.focus();
            }}
          >
            <Icon node={X} />
          </button>
        )}
      </div>
    </search>
  );
}

const NO_NAMES: Names = { accounts: [], mailboxes: [] };

/** What can be added to the search by a tap; after `in:` and `account:` the names. */
export function Suggestions({ typed, onType }: Typing) {
  const names = useLive(['accounts', 'mailboxes'], 'search-names', readNames) ?? NO_NAMES;
  const { operators, ownNames, unread, starred } = words.search;
  const flags: Record<string, string> = { unread, starred };
  return (
    <fieldset class="search-chips" aria-label={words.search.narrow}>
      {suggest(typed, names, ownNames).map(({ operator, value, text, on }) => (
        <button
          key={`${operator}:${value}`}
          type="button"
          class="search-chip"
          aria-pressed={operator === 'is' || operator === 'has' ? on : undefined}
          onClick={() => {
            onType(text);
            document.getElementById('search-field')?.focus();
          }}
        >
          <span dir="auto">
            {operator === 'is'
              ? flags[value ?? '']
              : operator === 'has'
                ? operators.has
                : (value ?? operators[operator])}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
