import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { AUTHORIZED_PATH, answerIn, type Ending, endAuthorization } from '../../mailbox/authorize.ts';
import { mailbox } from '../../mailbox/db.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { call } from '../../mailbox/server.ts';
import { words } from '../../words/words.ts';
import { Page } from '../page.tsx';
import { notify } from '../toast.tsx';
import { providerName } from './connection.ts';
import { reasonOf } from './problem.tsx';
import { SignInWith } from './sign-in-with.tsx';

/** Where a provider sends people back to: the sign-in is completed, and leads to the account. */
export function Authorized({ onMenu }: { onMenu: () => void }) {
  const { route } = useLocation();
  const [answer] = useState(takeAnswer);
  const [ending, setEnding] = useState<Ending | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const complete = async () => {
    setProblem(null);
    if (!answer.state) return setEnding(NOTHING);
    try {
      const ended = await endAuthorization(await mailbox(), call, answer);
      if (!ended.ok || ended.accountId === null) return setEnding(ended);
      void lookNow(true);
      if (!ended.isNew) notify(words.authorize.done);
      route(`/accounts/${ended.accountId}${ended.isNew ? '/first' : ''}`, true);
    } catch (error) {
      setProblem(words.accounts.failed(reasonOf(error)));
    }
  };
  useEffect(() => void complete(), []);
  const isWaiting = ending === null && problem === null;
  const provider = ending?.provider ? providerName(ending.provider) : null;
  return (
    <Page
      title={words.authorize.title(provider)}
      back={{ href: '/accounts', name: words.accounts.back }}
      onMenu={onMenu}
    >
      <div role="status">{isWaiting && <p>{words.authorize.completing}</p>}</div>
      {isWaiting && <progress aria-label={words.authorize.completing} />}
      {ending && <Failure ending={ending} />}
      {problem && (
        <>
          <p class="note note-warning" role="alert">
            {problem}
          </p>
          <div class="buttons">
            <button type="button" class="button button-primary" onClick={() => void complete()}>
              {words.authorize.tryAgain}
            </button>
          </div>
        </>
      )}
    </Page>
  );
}

/** Somebody came here without an answer, or once more. */
const NOTHING: Ending = {
  ...{ ok: false, code: 'expired', message: '' },
  ...{ accountId: null, provider: null, isNew: false },
};

/** Reads the answer and takes it out of the address, where it would stay in the history. */
function takeAnswer() {
  const answer = answerIn(location);
  history.replaceState(history.state, '', AUTHORIZED_PATH);
  return answer;
}

function Failure({ ending: { code, message, accountId, provider } }: { ending: Ending }) {
  const known = words.authorize.problems[code ?? ''];
  return (
    <>
      <div class="note note-warning" role="alert">
        <p>
          <b dir="auto">{known?.title ?? message}</b>
        </p>
        <p>{known?.todo ?? words.authorize.otherProblem}</p>
      </div>
      <p>{words.authorize.unchanged}</p>
      {accountId !== null && provider !== null ? (
        <SignInWith provider={provider} goal={{ id: accountId }} label={words.authorize.again} />
      ) : (
        <div class="buttons">
          <a class="button button-primary" href="/accounts/new">
            {words.accounts.add}
          </a>
          <a class="button" href="/accounts">
            {words.authorize.toAccounts}
          </a>
        </div>
      )}
    </>
  );
}
