import { useState } from 'preact/hooks';
import type { MailAccountDiscovery, MailAccountTest } from '../../../../functions/jmap/types.ts';
import { type NewAccount, testAccount } from '../../mailbox/accounts.ts';
import { call } from '../../mailbox/server.ts';
import { said } from '../../words/said.ts';
import { words } from '../../words/words.ts';
import { Field } from '../field.tsx';
import { StepTitle } from './add.tsx';
import { adviseProtocol, bestOf, type Habits } from './advice.ts';
import { AdviceNote, HabitQuestions, Warnings } from './advice-note.tsx';
import { fromProposal, providerName, withDefaults } from './connection.ts';
import { Choice, ConnectionFields } from './connection-fields.tsx';
import { Problem, useAction } from './problem.tsx';
import { SignInWith } from './sign-in-with.tsx';
import { HelpPages, WhyNot } from './signing-in.tsx';

const PROTOCOLS = ['imap', 'pop'] as const;
/** Days that mail stays at the server of somebody who wants room there. */
const ROOM_DAYS = 30;

interface Props {
  start: NewAccount;
  /** What was found for the address; null where the person enters the server. */
  discovery: MailAccountDiscovery | null;
  onBack: () => void;
  onAdd: (account: NewAccount) => Promise<void>;
}

/** The second step: IMAP or POP, with advice for this person; the password; and a test of both. */
export function ChooseServer({ start, discovery, onBack, onAdd }: Props) {
  const found = discovery?.proposals.length ? discovery : null;
  const [habits, setHabits] = useState<Habits>({ others: true, room: false });
  const [chosen, setChosen] = useState<'imap' | 'pop' | null>(null);
  const [entered, setEntered] = useState(start);
  const [isManual, setManual] = useState(found === null);
  const [byPassword, setByPassword] = useState(false);
  const [test, setTest] = useState<MailAccountTest | null>(null);
  const [isAdding, setAdding] = useState(false);
  const action = useAction(words.onboarding.notAdded);

  const advice = found && adviseProtocol(found, habits);
  const protocol = chosen ?? advice?.protocol ?? entered.protocol;
  const proposal = found && bestOf(found, protocol);
  const account = isManual || !proposal ? { ...entered, protocol } : fromProposal(entered, proposal);
  const complete: NewAccount = {
    ...account,
    deletionPolicy: habits.room ? 'afterDays' : 'keep',
    deletionDays: habits.room ? ROOM_DAYS : null,
  };
  const change = (part: Partial<NewAccount>) => {
    setTest(null);
    setEntered(before => withDefaults(before, part));
  };
  const choose = (to: 'imap' | 'pop') => {
    setChosen(to);
    change({ protocol: to });
  };
  const enterMyself = () => {
    setEntered(account);
    setChosen(account.protocol);
    setManual(true);
  };
  const connect = async () => {
    setTest(null);
    setAdding(false);
    const answer = await testAccount(call, complete);
    setTest(answer);
    if (!answer.ok) return;
    setAdding(true);
    await onAdd(complete);
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void action.run(connect);
  };
  const provider = found?.provider ?? null;
  const { password: _, ...create } = complete;
  const canSignIn = !isManual && proposal?.canAuthorize === true;
  const signInAt = canSignIn && !byPassword ? proposal.oauthProvider : null;
  return (
    <form class="form" onSubmit={onSubmit}>
      <StepTitle at={2} title={found ? words.onboarding.how : words.onboarding.manualTitle} />
      {provider && <p>{words.onboarding.foundAt(provider)}</p>}
      {!found && <p>{discovery ? said(discovery.protocolAdviceSentence) : words.onboarding.manualText}</p>}
      {found && <HabitQuestions habits={habits} onHabits={setHabits} />}
      <fieldset>
        <legend>{words.form.protocol}</legend>
        {PROTOCOLS.filter(one => isManual || !found || bestOf(found, one)).map(one => (
          <Choice
            key={one}
            name="protocol"
            value={one}
            title={words.form[one]}
            text={words.form[`${one}Text`]}
            badge={advice?.protocol === one ? words.onboarding.recommended : undefined}
            checked={protocol === one}
            onChoose={() => choose(one)}
          />
        ))}
      </fieldset>
      {found && advice && <AdviceNote advice={advice} discovery={found} />}
      {!found && (
        <Field
          label={words.form.address}
          type="email"
          autocomplete="email"
          value={entered.address}
          onValue={address => change({ address })}
        />
      )}
      {isManual ? (
        <>
          <ConnectionFields connection={account} onChange={change} />
          <Field
            label={words.form.name}
            hint={words.form.nameHint}
            optional
            value={entered.name}
            onValue={name => change({ name })}
          />
        </>
      ) : (
        <div class="server">
          <p>
            <bdi>
              {words.onboarding.server(
                account.host,
                account.port,
                words.form.securities[account.security] ?? account.security,
              )}
            </bdi>
          </p>
          {proposal?.confirmed === false && !found?.warnings.length && (
            <p class="note note-warning">{words.onboarding.unconfirmed}</p>
          )}
          <button type="button" class="button-text start" onClick={enterMyself}>
            {words.onboarding.change}
          </button>
        </div>
      )}
      {signInAt !== null ? (
        <>
          {proposal?.authentication === 'oauth' && found && (
            <Warnings proposal={proposal} discovery={found} />
          )}
          <p class="note">{words.authorize.text(providerName(signInAt))}</p>
          <SignInWith provider={signInAt} goal={{ create, oauthProvider: signInAt }} />
          {proposal?.authentication === 'password' && (
            <button type="button" class="button-text start" onClick={() => setByPassword(true)}>
              {words.authorize.byPassword}
            </button>
          )}
        </>
      ) : (
        <>
          {proposal && found && <Warnings proposal={proposal} discovery={found} />}
          <Field
            label={words.form.password}
            hint={words.onboarding.sealed}
            type="password"
            value={entered.password}
            onValue={password => change({ password })}
          />
        </>
      )}
      {canSignIn && byPassword && proposal.oauthProvider && (
        <button type="button" class="button-text start" onClick={() => setByPassword(false)}>
          {words.authorize.signIn(providerName(proposal.oauthProvider))}
        </button>
      )}
      {signInAt === null && <HelpPages pages={found?.help ?? []} />}
      <div role="status">
        {action.busy && <p class="note">{isAdding ? words.onboarding.adding : words.form.testing}</p>}
      </div>
      {test && !test.ok && <WhyNot test={test} />}
      <Problem text={action.problem} />
      <div class="buttons">
        <button type="button" class="button" onClick={onBack}>
          {words.onboarding.back}
        </button>
        {signInAt === null && (
          <button type="submit" class="button button-primary" disabled={action.busy}>
            {words.onboarding.connect}
          </button>
        )}
      </div>
    </form>
  );
}
