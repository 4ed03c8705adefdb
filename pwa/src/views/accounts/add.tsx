import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { MailAccountDiscovery } from '../../../../functions/jmap/types.ts';
import { MethodRefused } from '../../jmap/errors.ts';
import { createAccount, discover, type NewAccount } from '../../mailbox/accounts.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { call } from '../../mailbox/server.ts';
import { words } from '../../words/words.ts';
import { Field } from '../field.tsx';
import { Page } from '../page.tsx';
import { ChooseServer } from './choose-server.tsx';
import { emptyAccount } from './connection.ts';
import { Problem, reasonOf, useAction } from './problem.tsx';

const STEPS = 3;

type Step =
  | { at: 'address' | 'archive' }
  | { at: 'searching'; domain: string }
  | { at: 'server'; discovery: MailAccountDiscovery | null };

/** Adding an account: its address, how to fetch its mail, and (on a page of its own) the first mail. */
export function AddAccount({ onMenu }: { onMenu: () => void }) {
  const { route } = useLocation();
  const [address, setAddress] = useState('');
  const [step, setStep] = useState<Step>({ at: 'address' });
  const [problem, setProblem] = useState<string | null>(null);
  const search = useRef(0);
  const go = (to: Step) => {
    search.current += 1;
    setProblem(null);
    setStep(to);
  };
  const find = async () => {
    go({ at: 'searching', domain: address.split('@').at(-1) ?? '' });
    const mine = search.current;
    try {
      const discovery = await discover(call, address.trim());
      if (search.current === mine) go({ at: 'server', discovery });
    } catch (error) {
      // The person went on without waiting for it.
      if (search.current !== mine) return;
      go({ at: 'address' });
      const isAddress = !(error instanceof MethodRefused && error.code === 'invalidArguments');
      setProblem(isAddress ? words.accounts.failed(reasonOf(error)) : words.onboarding.invalid);
    }
  };
  const added = async (account: NewAccount | { protocol: 'archive'; name: string }) => {
    const id = await createAccount(call, account);
    if (account.protocol === 'archive') void lookNow(true);
    route(account.protocol === 'archive' ? '/accounts' : `/accounts/${id}/first`, true);
  };
  return (
    <Page
      title={words.onboarding.title}
      back={{ href: '/accounts', name: words.accounts.back }}
      onMenu={onMenu}
    >
      {step.at === 'address' && (
        <AskAddress
          address={address}
          problem={problem}
          onAddress={setAddress}
          onNext={() => void find()}
          onManual={() => go({ at: 'server', discovery: null })}
          onArchive={() => go({ at: 'archive' })}
        />
      )}
      {step.at === 'searching' && (
        <>
          <StepTitle at={1} title={words.onboarding.address} />
          <p role="status">{words.onboarding.searching(step.domain)}</p>
          <progress aria-label={words.onboarding.searching(step.domain)} />
          <div class="buttons">
            <button type="button" class="button" onClick={() => go({ at: 'address' })}>
              {words.onboarding.back}
            </button>
            <button type="button" class="button" onClick={() => go({ at: 'server', discovery: null })}>
              {words.onboarding.manual}
            </button>
          </div>
        </>
      )}
      {step.at === 'server' && (
        <ChooseServer
          start={emptyAccount(address.trim())}
          discovery={step.discovery}
          onBack={() => go({ at: 'address' })}
          onAdd={added}
        />
      )}
      {step.at === 'archive' && <MakeArchive onBack={() => go({ at: 'address' })} onAdd={added} />}
    </Page>
  );
}

/** Says which step this is. It takes the focus, so that who hears the page knows that it has changed. */
export function StepTitle({ at, title }: { at: number | null; title: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header>
      {at !== null && <p class="card-note">{words.onboarding.step(at, STEPS)}</p>}
      <h2 class="step-title" tabIndex={-1} ref={heading}>
        {title}
      </h2>
    </header>
  );
}

function AskAddress(props: {
  address: string;
  problem: string | null;
  onAddress: (address: string) => void;
  onNext: () => void;
  onManual: () => void;
  onArchive: () => void;
}) {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    props.onNext();
  };
  return (
    <form class="form" onSubmit={onSubmit}>
      <StepTitle at={1} title={words.onboarding.address} />
      <Field
        label={words.form.address}
        hint={words.onboarding.addressText}
        type="email"
        autocomplete="email"
        value={props.address}
        onValue={props.onAddress}
      />
      <Problem text={props.problem} />
      <div class="buttons">
        <button type="submit" class="button button-primary">
          {words.onboarding.next}
        </button>
        <button type="button" class="button" onClick={props.onManual}>
          {words.onboarding.manual}
        </button>
      </div>
      <button type="button" class="button-text start" onClick={props.onArchive}>
        {words.onboarding.archive}
      </button>
    </form>
  );
}

function MakeArchive(props: {
  onBack: () => void;
  onAdd: (account: { protocol: 'archive'; name: string }) => Promise<void>;
}) {
  const [name, setName] = useState(words.onboarding.archiveDefault);
  const action = useAction(words.onboarding.notAdded);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void action.run(() => props.onAdd({ protocol: 'archive', name: name.trim() }));
  };
  return (
    <form class="form" onSubmit={onSubmit}>
      <StepTitle at={null} title={words.onboarding.archiveTitle} />
      <p>{words.onboarding.archiveText}</p>
      <Field label={words.onboarding.archiveName} value={name} onValue={setName} />
      <Problem text={action.problem} />
      <div class="buttons">
        <button type="button" class="button" onClick={props.onBack}>
          {words.onboarding.back}
        </button>
        <button type="submit" class="button button-primary" disabled={action.busy}>
          {words.onboarding.archiveMake}
        </button>
      </div>
    </form>
  );
}
