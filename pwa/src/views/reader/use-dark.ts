import { useEffect, useState } from 'preact/hooks';

const query = () => matchMedia('(prefers-color-scheme: dark)');

/** Whether the app is dark, as it changes. */
export function useDark(): boolean {
  const [dark, setDark] = useState(() => query().matches);
  useEffect(() => {
    const media = query();
    const follow = () => setDark(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  return dark;
}
