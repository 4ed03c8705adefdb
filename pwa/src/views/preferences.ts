import { useEffect, useReducer } from 'preact/hooks';

/** What a swipe over a row of a list does. */
export const SWIPES = ['archive', 'trash', 'read', 'star', 'nothing'] as const;
export type Swipe = (typeof SWIPES)[number];

/** How this device shows mail. Each is one of a few words; the first is what a new device has. */
const CHOICES = {
  /** whether lists show conversations, or single messages */
  threads: ['on', 'off'],
  swipeRight: ['archive', 'trash', 'read', 'star', 'nothing'],
  swipeLeft: ['trash', 'archive', 'read', 'star', 'nothing'],
} as const satisfies Record<string, readonly string[]>;

export type Preference = keyof typeof CHOICES;
export type Choice<P extends Preference> = (typeof CHOICES)[P][number];

/** Kept outside of the database, so that the first list is drawn right without waiting. */
const keyOf = (name: Preference) => `mailferry:${name}`;
const CHANGED = 'mailferry:preference';

/** What is chosen. */
export function preference<P extends Preference>(name: P): Choice<P> {
  const choices: readonly string[] = CHOICES[name];
  const stored = localStorage.getItem(keyOf(name));
  return (stored !== null && choices.includes(stored) ? stored : choices[0]) as Choice<P>;
}

/** Chooses, for all tabs. */
export function prefer<P extends Preference>(name: P, choice: Choice<P>): void {
  localStorage.setItem(keyOf(name), choice);
  dispatchEvent(new Event(CHANGED));
}

/** What is chosen, followed as it changes in any tab. */
export function usePreference<P extends Preference>(name: P): Choice<P> {
  const [, render] = useReducer<number, void>(n => n + 1, 0);
  useEffect(() => {
    const again = () => render();
    addEventListener(CHANGED, again);
    addEventListener('storage', again);
    return () => {
      removeEventListener(CHANGED, again);
      removeEventListener('storage', again);
    };
  }, []);
  return preference(name);
}
