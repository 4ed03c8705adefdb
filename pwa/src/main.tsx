import { render } from 'preact';
import { App } from './app.tsx';
import { readFirstScreen } from './mailbox/first-screen.ts';
import { watchInstall } from './mailbox/install.ts';
import { observeTrouble } from './mailbox/trouble.ts';
import { isSignedIn } from './session/tokens.ts';
import { startLanguage } from './views/start-language.ts';
import { Gate, Opening } from './views/trouble/gate.tsx';
import { watchForUpdates } from './views/update.ts';

/** After so many milliseconds a page that waits for its database says so. */
const SLOW = 2_000;

watchInstall();
const root = document.getElementById('app');
if (root) {
  const trouble = new Promise<boolean>(resolve => observeTrouble(() => resolve(false)));
  const slow = setTimeout(() => render(<Opening />, root), SLOW);
  // Who has mail here was signed in; whether that is still so the app asks by itself.
  const first = readFirstScreen();
  const ready = Promise.all([first !== null || isSignedIn(), startLanguage(first?.language)]);
  const signedIn = await Promise.race([ready.then(([known]) => known), trouble]).catch(() => false);
  clearTimeout(slow);
  render(
    <Gate>
      <App signedIn={signedIn} />
    </Gate>,
    root,
  );
}
watchForUpdates().catch(error => console.error(error instanceof Error ? error.name : 'error'));
