import type { ComponentType } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Dialog } from './dialog.tsx';
import { Missing } from './trouble/missing.tsx';
import { isReplaced } from './update.ts';

/** What is known of the code of a component. */
type State<P> = ComponentType<P> | 'coming' | 'missing';

/**
 * A component whose code is fetched (from the precache) when it is first shown. What a new version took away is
 * fetched by starting with that; where there is no network and no precache yet, that is said in its place.
 */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [state, setState] = useState<State<P>>(() => loaded ?? 'coming');
    useLayoutEffect(() => {
      if (state !== 'coming') return;
      load().then(
        component => {
          loaded = component;
          setState(() => component);
        },
        () => {
          if (isReplaced()) location.reload();
          else setState('missing');
        },
      );
    }, [state]);
    if (state === 'coming') return <div class="pending" aria-busy="true" />;
    if (state === 'missing') return <Instead {...props} onRetry={() => setState('coming')} />;
    const Component = state;
    return <Component {...props} />;
  };
}

/** In place of a dialog a dialog, in place of a page a page. */
function Instead({ onRetry, onClose }: { onRetry: () => void; onClose?: () => void }) {
  if (!onClose) return <Missing onRetry={onRetry} />;
  return (
    <Dialog label={words.trouble.partTitle} onClose={onClose}>
      <Missing onRetry={onRetry} />
    </Dialog>
  );
}
