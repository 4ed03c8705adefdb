import type { Connection } from '../../mailbox/accounts.ts';
import { words } from '../../words/words.ts';
import { Field } from '../field.tsx';

/** How a server is reached: its name, port, security and the user name. */
export function ConnectionFields(props: {
  connection: Connection;
  onChange: (change: Partial<Connection>) => void;
}) {
  const { connection, onChange } = props;
  return (
    <>
      <Field
        label={words.form.host}
        inputMode="url"
        value={connection.host}
        onValue={host => onChange({ host: host.trim() })}
      />
      <div class="form-pair">
        <label class="field">
          <span class="field-label">{words.form.security}</span>
          <select
            value={connection.security}
            onChange={event => onChange({ security: event.currentTarget.value as Connection['security'] })}
          >
            {Object.entries(words.form.securities).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Field
          label={words.form.port}
          type="number"
          value={String(connection.port)}
          onValue={port => onChange({ port: Number(port) })}
        />
      </div>
      {connection.security === 'none' && <p class="note note-warning">{words.form.insecure}</p>}
      <Field
        label={words.form.username}
        hint={words.form.usernameHint}
        autocomplete="username"
        value={connection.username}
        onValue={username => onChange({ username })}
      />
    </>
  );
}

/** One of several ways, with what it means. */
export function Choice(props: {
  name: string;
  value: string;
  title: string;
  text?: string | undefined;
  badge?: string | undefined;
  checked: boolean;
  onChoose: () => void;
}) {
  return (
    <label class="choice">
      <input
        type="radio"
        name={props.name}
        value={props.value}
        checked={props.checked}
        onChange={props.onChoose}
      />
      <span>
        <b>{props.title}</b>
        {props.badge && (
          <>
            {' '}
            <span class="badge badge-ok">{props.badge}</span>
          </>
        )}
        {props.text && <small>{props.text}</small>}
      </span>
    </label>
  );
}
