import type { Session } from '../../../functions/jmap/types.ts';
import type { Choices } from '../push/choices.ts';
import type { PushState } from '../push/subscription.ts';
import type { Language } from '../words/language.ts';
import { mailbox } from './db.ts';

/** Where to sign in: `/config.json` of the server. */
export interface Config {
  /** issuer identifier of the OpenID provider */
  issuer: string;
  clientId: string;
  /** space-separated */
  scope: string;
  /** audience to ask for (RFC 8707), where the provider wants one */
  resource?: string;
}

export interface Tokens {
  accessToken: string;
  refreshToken: string | null;
  /** milliseconds since the epoch */
  expiresAt: number;
}

/** How the device stands with the server. */
export interface Status {
  reachable: boolean;
  /** The server takes our token no more: mail stays readable, nothing new comes. */
  signInNeeded: boolean;
  /** milliseconds since the epoch of the last complete look at all accounts */
  updatedAt: number | null;
  /** Why bodies are not downloaded before they are opened; null when they are. */
  holding?: 'metered' | 'install' | null;
  /** The browser stores nothing more, although all mail that may go went. */
  noRoom?: boolean;
}

interface Settings {
  /** How this device is told of new mail; absent where the person does not want it. */
  push: PushState;
  /** Names this install of the app to the server. */
  deviceClientId: string;
  notify: Choices;
  /** Messages that were told, by `accountId/emailId`, the latest first. */
  told: string[];
  config: Config;
  tokens: Tokens;
  session: Session;
  status: Status;
  /** A sign-in that is on its way: what has to match when the provider sends the person back. */
  signingIn: { state: string; nonce: string; verifier: string; returnTo: string };
  /** The account that a sign-in at its provider is for, while the person is there. */
  authorizing: string;
  /** Whose mail this is: the subject of the ID token (OpenID Connect Core 2). */
  subject: string;
  /** Set while the browser has less room than the budgets: what all mail may take, in octets, and since when. */
  storage: { limit: number; letGoAt: number };
  /** Set by who wants this download to go on in spite of the connection. */
  goOn: true;
  /** Set by who was offered to install the app, and does not want to. */
  notInstalled: true;
  /** Set while mail comes back that the browser removed: the changes that were lost, where that is known. */
  rebuilding: { pending: number | null };
  /** Addresses, in lower case, whose pictures on the internet are always shown; in the order of the alphabet. */
  pictureSenders: string[];
  /** The language that was chosen; absent: that of the browser. */
  language: Language;
}

/** A setting of this device, or null. */
export async function readSetting<K extends keyof Settings>(name: K): Promise<Settings[K] | null> {
  return ((await (await mailbox()).get('settings', name)) as Settings[K] | undefined) ?? null;
}

/** Stores a setting of this device; null removes it. */
export async function writeSetting<K extends keyof Settings>(
  name: K,
  value: Settings[K] | null,
): Promise<void> {
  const db = await mailbox();
  if (value === null) await db.delete('settings', name);
  else await db.put('settings', value, name);
}
