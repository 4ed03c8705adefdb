import type { MailAccount } from '../../../../functions/jmap/types.ts';
import { MethodRefused } from '../../jmap/errors.ts';
import { beginAuthorization, type Goal } from '../../mailbox/authorize.ts';
import { call } from '../../mailbox/server.ts';
import { words } from '../../words/words.ts';
import { providerName } from './connection.ts';
import { Problem, useAction } from './problem.tsx';

interface Props {
  provider: string;
  goal: Goal;
  label?: string;
  /** Whether the page has something else to be done first. */
  isSecond?: boolean;
}

/** Leaves for the page of a provider, where the person signs in for an account. */
export function SignInWith(props: Props) {
  const name = providerName(props.provider);
  const action = useAction();
  const leave = async () => {
    const url = await beginAuthorization(call, props.goal).catch((error: unknown) => {
      const isMissing = error instanceof MethodRefused && error.code === 'forbidden';
      throw isMissing
        ? new MethodRefused(error.code, words.authorize.problems.configuration?.todo ?? '')
        : error;
    });
    location.assign(url);
  };
  return (
    <>
      <div role="status">{action.busy && <p class="note">{words.authorize.leaving(name)}</p>}</div>
      <Problem text={action.problem} />
      <div class="buttons">
        <button
          type="button"
          class={`button${props.isSecond ? '' : ' button-primary'}`}
          disabled={action.busy}
          onClick={() => void action.run(leave)}
        >
          {props.label ?? words.authorize.signIn(name)}
        </button>
      </div>
    </>
  );
}

/** Whether an account waits for the person to sign in at its provider once more. */
export const needsSignIn = ({ status: { phase, code }, authentication }: MailAccount): boolean =>
  authentication === 'oauth' && phase === 'stopped' && (code === 'authentication' || code === 'sealed');
