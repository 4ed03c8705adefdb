import type { ComponentType } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** A component whose code is fetched (from the precache) when it is first shown. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [Component, setComponent] = useState<ComponentType<P> | null>(() => loaded);
    useLayoutEffect(() => {
      if (Component) return;
      load().then(
        component => {
          loaded = component;
          setComponent(() => component);
        },
        // A new version took the old files away: start with the new one.
        () => location.reload(),
      );
    }, [Component]);
    return Component ? <Component {...props} /> : <div class="pending" aria-busy="true" />;
  };
}
