import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Id, MailAccount, MailAccountTest } from '../../../functions/jmap/types.ts';
import { changeAccount, createAccount, type NewAccount, testAccount } from '../mailbox/accounts.ts';
import { lookNow } from '../mailbox/schedule.ts';
import { call } from '../mailbox/server.ts';
import { words } from '../words/words.ts';
import { reasonOf } from './accounts.tsx';
import { Field } from './field.tsx';
import { Page } from './page.tsx';
import { useLive } from './use.ts';

const PORTS: Record<NewAccount['protocol'], Record<NewAccount['security'], number>> = {
  imap: { tls: 993, starttls: 143, none: 143 },
  pop: { tls: 995, starttls: 110, none: 110 },
};

const EMPTY: NewAccount = {
  name: '',
  protocol: 'imap',
  address: '',
  host: '',
  port: PORTS.imap.tls,
  security: 'tls',
  username: '',
  password: '',
  deletionPolicy: 'keep',
  deletionDays: null,
};

/** Fills in what follows from a change, where the person has not said otherwise. */
function withDefaults(before: NewAccount, change: Partial<NewAccount>): NewAccount {
  const after = { ...before, ...change };
  const domain = (account: NewAccount) => account.address.split('@')[1] ?? '';
  const host = (account: NewAccount) => (domain(account) ? `${account.protocol}.${domain(account)}` : '');
  if (before.port === PORTS[before.protocol][before.security])
    after.port = PORTS[after.protocol][after.security];
  if (change.port !== undefined) after.port = change.port;
  if (change.host === undefined && before.host === host(before)) after.host = host(after);
  if (change.username === undefined && before.username === before.address) after.username = after.address;
  if (change.name === undefined && before.name === domain(before)) after.name = domain(after);
  return after;
}

type Progress =
  | { state: 'idle' | 'testing' | 'adding' }
  | { state: 'tested'; test: MailAccountTest }
  | { state: 'refused'; reason: string };

/** The form for a new account. */
export function AddAccount({ onMenu }: { onMenu: () => void }) {
  return <AccountForm settings={EMPTY} onMenu={onMenu} />;
}

/** The form for the settings of an account, such as a new password. */
export function ChangeAccount({ id, onMenu }: { id: Id; onMenu: () => void }) {
  const known = useLive(['accounts'], id, async db => (await db.get('accounts', id)) ?? null);
  const settings = known && settingsOf(known);
  if (settings) return <AccountForm key={id} id={id} settings={settings} onMenu={onMenu} />;
  return (
    <Page title={words.form.change} back={BACK} onMenu={onMenu}>
      {known && <p dir="auto">{known.status.message}</p>}
      {known === null && <p>{words.form.gone}</p>}
    </Page>
  );
}

const BACK = { href: '/accounts', name: words.form.back };

/** Only what a person writes: sending `deletionFrozen` back would lift a freeze. Null for an archive. */
function settingsOf(account: MailAccount): NewAccount | null {
  const { name, protocol, address, host, port, security, username } = account;
  const { deletionPolicy, deletionDays } = account;
  if (protocol === 'archive' || host === null || port === null || security === null) return null;
  const connection = { protocol, host, port, security, username: username ?? '' };
  return { name, address, ...connection, deletionPolicy, deletionDays, password: '' };
}

interface FormProps {
  /** Of the account to be changed; without, one is added. */
  id?: Id;
  settings: NewAccount;
  onMenu: () => void;
}

function AccountForm({ id, settings, onMenu }: FormProps) {
  const { route } = useLocation();
  const known = id !== undefined;
  const [account, setAccount] = useState(settings);
  const [progress, setProgress] = useState<Progress>({ state: 'idle' });
  const busy = progress.state === 'testing' || progress.state === 'adding';
  const change = (part: Partial<NewAccount>) => {
    setAccount(before => withDefaults(before, part));
    if (!busy) setProgress({ state: 'idle' });
  };
  const complete = { ...account, name: account.name.trim() || account.address };
  const test = async () => {
    setProgress({ state: 'testing' });
    try {
      setProgress({ state: 'tested', test: await testAccount(call, complete, id) });
    } catch (error) {
      setProgress({ state: 'refused', reason: words.accounts.failed(reasonOf(error)) });
    }
  };
  const add = async () => {
    setProgress({ state: 'adding' });
    try {
      if (id !== undefined) await changeAccount(call, id, complete);
      else await createAccount(call, complete);
      void lookNow(true);
      route('/accounts', true);
    } catch (error) {
      setProgress({
        state: 'refused',
        reason: (known ? words.form.notChanged : words.form.refused)(reasonOf(error)),
      });
    }
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter.value : 'add';
    void (pressed === 'test' ? test() : add());
  };
  return (
    <Page title={known ? words.form.change : words.form.title} back={BACK} onMenu={onMenu}>
      <form class="form" onSubmit={onSubmit}>
        {!known && <Protocols chosen={account.protocol} onChange={protocol => change({ protocol })} />}
        <Field
          label={words.form.address}
          type="email"
          autocomplete="email"
          value={account.address}
          onValue={address => change({ address })}
        />
        <Field
          label={words.form.name}
          hint={words.form.nameHint}
          optional
          value={account.name}
          onValue={name => change({ name })}
        />
        <Field
          label={words.form.host}
          inputMode="url"
          value={account.host}
          onValue={host => change({ host: host.trim() })}
        />
        <div class="form-pair">
          <label class="field">
            <span class="field-label">{words.form.security}</span>
            <select
              value={account.security}
              onChange={event => change({ security: event.currentTarget.value as NewAccount['security'] })}
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
            value={String(account.port)}
            onValue={port => change({ port: Number(port) })}
          />
        </div>
        {account.security === 'none' && <p class="note note-warning">{words.form.insecure}</p>}
        <Field
          label={words.form.username}
          hint={words.form.usernameHint}
          autocomplete="username"
          value={account.username}
          onValue={username => change({ username })}
        />
        <Field
          label={words.form.password}
          hint={known ? words.form.passwordKept : words.form.passwordHint}
          optional={known}
          type="password"
          autocomplete="off"
          value={account.password}
          onValue={password => change({ password })}
        />
        <details class="advanced">
          <summary>{words.form.advanced}</summary>
          <fieldset>
            <legend>{words.form.deletion}</legend>
            <label class="choice">
              <input type="radio" name="deletion" checked readOnly />
              <span>
                <b>{words.form.keep}</b>
                <small>{words.form.keepText}</small>
              </span>
            </label>
          </fieldset>
        </details>
        <Outcome progress={progress} busy={known ? words.form.saving : words.form.adding} />
        <div class="buttons">
          <button type="submit" value="test" class="button" disabled={busy}>
            {words.form.test}
          </button>
          <button type="submit" value="add" class="button button-primary" disabled={busy}>
            {known ? words.form.save : words.form.add}
          </button>
        </div>
      </form>
    </Page>
  );
}

function Protocols(props: {
  chosen: NewAccount['protocol'];
  onChange: (protocol: NewAccount['protocol']) => void;
}) {
  const choice = (protocol: NewAccount['protocol'], name: string, text: string) => (
    <label class="choice">
      <input
        type="radio"
        name="protocol"
        value={protocol}
        checked={props.chosen === protocol}
        onChange={() => props.onChange(protocol)}
      />
      <span>
        <b>{name}</b>
        <small>{text}</small>
      </span>
    </label>
  );
  return (
    <fieldset>
      <legend>{words.form.protocol}</legend>
      {choice('imap', words.form.imap, words.form.imapText)}
      {choice('pop', words.form.pop, words.form.popText)}
    </fieldset>
  );
}

/** What the server said to a test or an addition. */
function Outcome({ progress, busy }: { progress: Progress; busy: string }) {
  return (
    <div role="status">
      {progress.state === 'testing' && <p class="note">{words.form.testing}</p>}
      {progress.state === 'adding' && <p class="note">{busy}</p>}
      {progress.state === 'refused' && <p class="note note-warning">{progress.reason}</p>}
      {progress.state === 'tested' && (
        <p class={`note ${progress.test.ok ? 'note-good' : 'note-warning'}`}>
          {progress.test.ok && progress.test.found
            ? words.form.found(progress.test.found.mailboxes, progress.test.found.messages)
            : progress.test.message}
        </p>
      )}
    </div>
  );
}
