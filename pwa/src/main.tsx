import { render } from 'preact';
import { App } from './app.tsx';
import { readFirstScreen } from './mailbox/first-screen.ts';
import { watchInstall } from './mailbox/install.ts';
import { isSignedIn } from './session/tokens.ts';
import { startLanguage } from './views/start-language.ts';
import { watchForUpdates } from './views/update.ts';

watchInstall();
const root = document.getElementById('app');
if (root) {
  // Who has mail here was signed in; whether that is still so the app asks by itself.
  const first = readFirstScreen();
  const [signedIn] = await Promise.all([first !== null || isSignedIn(), startLanguage(first?.language)]);
  render(<App signedIn={signedIn} />, root);
}
watchForUpdates().catch(error => console.error(error instanceof Error ? error.name : 'error'));
