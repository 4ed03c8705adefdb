import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Unreachable } from '../jmap/errors.ts';
import { readMarker } from '../mailbox/marker.ts';
import { words } from '../words/words.ts';
import { type AnotherPerson, completeSignIn, signIn } from './sign-in.ts';

/** The page of somebody who is not signed in on this device. */
export function Welcome({ problem: initial = null }: { problem?: string | null }) {
  const [problem, setProblem] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [wiped] = useState(readMarker);
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
      {wiped && (
        <div class="note note-warning offline-note" role="status">
          <p>{words.offline.wiped}</p>
          {wiped.pending !== 0 && <p>{words.offline.wipedPending(wiped.pending)}</p>}
        </div>
      )}
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
  const [another, setAnother] = useState<AnotherPerson | null>(null);
  const enter = (returnTo: string) => {
    route(returnTo, true);
    onSignedIn();
  };
  useEffect(() => {
    completeSignIn().then(
      done => (typeof done === 'string' ? enter(done) : setAnother(done)),
      () => setFailed(true),
    );
  }, []);
  if (failed) return <Welcome problem={words.welcome.failed} />;
  if (another) return <OtherMail another={another} />;
  return (
    <main class="welcome">
      <p role="status">{words.welcome.signingIn}</p>
    </main>
  );
}

/** The device has the mail of somebody else, perhaps with changes that the server does not know: nothing goes unasked. */
function OtherMail({ another }: { another: AnotherPerson }) {
  const [busy, setBusy] = useState(false);
  const replace = () => {
    setBusy(true);
    another.replace().then(
      returnTo => location.assign(returnTo),
      () => setBusy(false),
    );
  };
  return (
    <main class="welcome">
      <img src="/favicon.svg" alt="" width="96" height="96" />
      <h1>{words.offline.other.title}</h1>
      <p>{words.offline.other.text}</p>
      {another.pending > 0 && <p class="note note-warning">{words.offline.other.pending(another.pending)}</p>}
      <div class="buttons">
        <a class="button button-primary" href="/">
          {words.offline.other.keep}
        </a>
        <button type="button" class="button button-danger" disabled={busy} onClick={replace}>
          {words.offline.other.replace}
        </button>
      </div>
    </main>
  );
}
