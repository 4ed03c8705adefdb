import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { MailAccount, MailAccountTest } from '../../../../functions/jmap/types.ts';
import { changeAccount, type NewAccount, pullAccounts, testAccount } from '../../mailbox/accounts.ts';
import { mailbox } from '../../mailbox/db.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { call } from '../../mailbox/server.ts';
import { saidAll } from '../../words/said.ts';
import { words } from '../../words/words.ts';
import { Field } from '../field.tsx';
import { Page } from '../page.tsx';
import { notify } from '../toast.tsx';
import { changesOf, providerName, settingsOf, withDefaults } from './connection.ts';
import { ConnectionFields } from './connection-fields.tsx';
import { Problem, useAction } from './problem.tsx';
import { SignInWith } from './sign-in-with.tsx';
import { WhyNot } from './signing-in.tsx';

export interface PartProps {
  account: MailAccount;
  back: { href: string; name: string };
  onMenu: () => void;
}

/** The settings of an account: its name, and how its server is reached. */
export function SettingsPage({ account, back, onMenu }: PartProps) {
  const settings = settingsOf(account);
  return (
    <Page title={words.form.change} back={back} onMenu={onMenu}>
      {settings ? (
        <ServerSettings account={account} settings={settings} />
      ) : (
        <ArchiveSettings account={account} />
      )}
    </Page>
  );
}

/** Saves, takes the answer in, and goes back to the account. */
function useSaved(account: MailAccount): () => Promise<void> {
  const { route } = useLocation();
  return async () => {
    await pullAccounts(await mailbox(), call);
    void lookNow(true);
    notify(words.form.saved);
    route(`/accounts/${account.id}`, true);
  };
}

function ServerSettings({ account, settings }: { account: MailAccount; settings: NewAccount }) {
  const { id } = account;
  const [known] = useState(settings);
  const [entered, setEntered] = useState(settings);
  const [test, setTest] = useState<MailAccountTest | null>(null);
  const [isTesting, setTesting] = useState(false);
  const action = useAction(words.form.notChanged);
  const saved = useSaved(account);
  const change = (part: Partial<NewAccount>) => {
    setTest(null);
    setEntered(before => withDefaults(before, part));
  };
  const save = async () => {
    const changes = changesOf(known, { ...entered, name: entered.name.trim() || entered.address });
    if (Object.keys(changes).length) await changeAccount(call, id, changes);
    await saved();
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter.value : 'save';
    setTest(null);
    setTesting(pressed === 'test');
    void action.run(pressed === 'test' ? async () => setTest(await testAccount(call, entered, id)) : save);
  };
  return (
    <form class="form" onSubmit={onSubmit}>
      <Field
        label={words.form.name}
        hint={words.form.nameHint}
        optional
        value={entered.name}
        onValue={name => change({ name })}
      />
      <Field
        label={words.form.address}
        type="email"
        autocomplete="email"
        value={entered.address}
        onValue={address => change({ address })}
      />
      <ConnectionFields connection={entered} onChange={change} />
      {account.authentication === 'oauth' && account.oauthProvider ? (
        <>
          <p class="note">{words.authorize.bySignIn(providerName(account.oauthProvider))}</p>
          <SignInWith provider={account.oauthProvider} goal={{ id }} label={words.authorize.again} isSecond />
        </>
      ) : (
        <Field
          label={words.form.password}
          hint={words.form.passwordKept}
          optional
          type="password"
          value={entered.password}
          onValue={password => change({ password })}
        />
      )}
      <div role="status">
        {action.busy && <p class="note">{isTesting ? words.form.testing : words.form.saving}</p>}
        {test?.ok && (
          <p class="note note-good" dir="auto">
            {saidAll(test.messageSentences, test.message)}
          </p>
        )}
      </div>
      {test && !test.ok && <WhyNot test={test} />}
      <Problem text={action.problem} />
      <div class="buttons">
        <button type="submit" value="test" class="button" disabled={action.busy}>
          {words.form.test}
        </button>
        <button type="submit" value="save" class="button button-primary" disabled={action.busy}>
          {words.form.save}
        </button>
      </div>
    </form>
  );
}

function ArchiveSettings({ account }: { account: MailAccount }) {
  const [name, setName] = useState(account.name);
  const action = useAction(words.form.notChanged);
  const saved = useSaved(account);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void action.run(async () => {
      await changeAccount(call, account.id, { name: name.trim() });
      await saved();
    });
  };
  return (
    <form class="form" onSubmit={onSubmit}>
      <Field label={words.form.name} hint={words.form.nameHint} value={name} onValue={setName} />
      <Problem text={action.problem} />
      <div class="buttons">
        <button type="submit" class="button button-primary" disabled={action.busy}>
          {words.form.save}
        </button>
      </div>
    </form>
  );
}
