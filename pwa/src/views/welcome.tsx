import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Unreachable } from '../jmap/errors.ts';
import { words } from '../words/words.ts';
import { completeSignIn, signIn } from './sign-in.ts';

/** The page of somebody who is not signed in on this device. */
export function Welcome({ problem: initial = null }: { problem?: string | null }) {
  const [problem, setProblem] = useState(initial);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = words.app;
  }, []);
  const leave = async () => {
    setProblem(null);
    setBusy(true);
    await signIn().catch((error: unknown) => {
      setBusy(false);
      setProblem(error instanceof Unreachable ? words.welcome.unreachable : words.welcome.failed);
    });
  };
  return (
    <main class="welcome">
      <img src="/favicon.svg" alt="" width="96" height="96" />
      <p class="welcome-name">{words.app}</p>
      <h1>{words.welcome.title}</h1>
      <p>{words.welcome.text}</p>
      {problem && (
        <p class="note note-warning" role="alert">
          {problem}
        </p>
      )}
      <button
        type="button"
        class="button button-primary button-large"
        disabled={busy}
        onClick={() => void leave()}
      >
        {words.welcome.signIn}
      </button>
    </main>
  );
}

/** Where the provider sends the person back to. */
export function SignedIn({ onSignedIn }: { onSignedIn: () => void }) {
  const { route } = useLocation();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    completeSignIn().then(
      returnTo => {
        route(returnTo, true);
        onSignedIn();
      },
      () => setFailed(true),
    );
  }, []);
  if (failed) return <Welcome problem={words.welcome.failed} />;
  return (
    <main class="welcome">
      <p role="status">{words.welcome.signingIn}</p>
    </main>
  );
}
