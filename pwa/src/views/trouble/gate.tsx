import type { ComponentChildren } from 'preact';
import { useEffect, useErrorBoundary, useState } from 'preact/hooks';
import { currentTrouble, observeTrouble } from '../../mailbox/trouble.ts';
import { words } from '../../words/words.ts';
import { lazily } from '../lazily.tsx';
import { Missing } from './missing.tsx';

const TroublePage = lazily(async () => (await import('./trouble-page.tsx')).TroublePage);

/** The app, or where its database cannot be opened what can be done about that: never an empty page. */
export function Gate({ children }: { children: ComponentChildren }) {
  const [trouble, setTrouble] = useState(currentTrouble);
  const [mistake] = useErrorBoundary((error: unknown) =>
    console.error(error instanceof Error ? error.stack : 'error'),
  );
  useEffect(() => {
    // It may have come between the first rendering and now.
    setTrouble(currentTrouble());
    // Who is signed in was not known either: the app begins anew.
    return observeTrouble(next => (next ? setTrouble(next) : location.reload()));
  }, []);
  if (trouble) return <TroublePage trouble={trouble} />;
  return mistake ? <Missing onRetry={() => location.reload()} /> : children;
}

/** What is shown while a database takes long to open. */
export function Opening() {
  return (
    <main class="welcome">
      <img src="/favicon.svg" alt="" width="96" height="96" />
      <p role="status">{words.trouble.opening}</p>
    </main>
  );
}
