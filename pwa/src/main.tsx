import { render } from 'preact';
import { App } from './app.tsx';
import { watchInstall } from './mailbox/install.ts';
import { isSignedIn } from './session/tokens.ts';
import { startLanguage } from './views/start-language.ts';
import { watchForUpdates } from './views/update.ts';

watchInstall();
const root = document.getElementById('app');
if (root) {
  const [signedIn] = await Promise.all([isSignedIn(), startLanguage()]);
  render(<App signedIn={signedIn} />, root);
}
watchForUpdates().catch(error => console.error(error instanceof Error ? error.name : 'error'));
