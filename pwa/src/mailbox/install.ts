import { readSetting, writeSetting } from './settings.ts';
import { askToPersist } from './storage.ts';

/** Chromium's event that offers to install an app, which the TypeScript library does not know. */
interface InstallPrompt extends Event {
  prompt(): Promise<void>;
  readonly userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** How this app can be installed here: the browser asks, the person does it by hand, or not (any more). */
export type InstallWay = 'prompt' | 'ios' | null;

interface Platform {
  standalone: boolean;
  userAgent: string;
  touchPoints: number;
  prompt: boolean;
}

/** How an app can be installed on a platform; pure. */
export function installWay({ standalone, userAgent, touchPoints, prompt }: Platform): InstallWay {
  if (standalone) return null;
  if (prompt) return 'prompt';
  // An iPad claims to be a Macintosh, which has no touch screen.
  const isApple = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
  return isApple ? 'ios' : null;
}

let offered: InstallPrompt | null = null;
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) listener();
}

/** Listens for the browser's offer, from the very start: it comes once. */
export function watchInstall(): void {
  addEventListener('beforeinstallprompt', event => {
    event.preventDefault();
    offered = event as InstallPrompt;
    changed();
  });
  addEventListener('appinstalled', () => {
    offered = null;
    changed();
    // Who installs it wants its mail to stay.
    void askToPersist();
  });
}

/** Calls `listener` when another way to install appears or goes. Returns how to stop. */
export function observeInstall(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** True when this is the installed app. */
export function isInstalled(): boolean {
  const ios = (navigator as { standalone?: boolean }).standalone === true;
  return ios || matchMedia('(display-mode: standalone)').matches;
}

/** How this app can be installed here and now. */
export function currentInstallWay(): InstallWay {
  const { userAgent, maxTouchPoints: touchPoints } = navigator;
  return installWay({ standalone: isInstalled(), userAgent, touchPoints, prompt: offered !== null });
}

/**
 * True while the download of all mail waits for an answer to the offer: on iOS an installed app has storage of its own,
 * and would download everything again.
 */
export async function holdsForInstall(): Promise<boolean> {
  return currentInstallWay() === 'ios' && !(await readSetting('notInstalled'));
}

/** Lets the browser ask whether to install; its offer is used up then. */
export async function install(): Promise<void> {
  const prompt = offered;
  offered = null;
  await prompt?.prompt();
  if ((await prompt?.userChoice)?.outcome === 'dismissed') await declineInstall();
  changed();
}

/** The person goes on in the browser. */
export async function declineInstall(): Promise<void> {
  await writeSetting('notInstalled', true);
  changed();
}
