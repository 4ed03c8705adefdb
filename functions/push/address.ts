import type { PushKeys } from './encrypt.ts';

const MAX_URL = 2_000;
/** Registered ports other than HTTPS's own belong to services that are no push service. */
const FIRST_FREE_PORT = 1024;

/** What is sealed of a subscription. */
export interface PushAddress {
  url: string;
  keys: PushKeys | null;
}

/** The vault's context of a subscription's address and keys. */
export const sealedFor = (id: string): string => `push:${id}`;

/**
 * Whether a push service may have this address: `https:`, without user or fragment. Where every private host may be
 * reached (one machine), `http:` on loopback, too. Null when it may not.
 */
export function pushUrl(text: string, allowPrivateHosts: 'all' | readonly string[]): URL | null {
  if (text.length > MAX_URL || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isLocal = allowPrivateHosts === 'all' && url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) return null;
  if (url.username !== '' || url.password !== '' || url.hash !== '') return null;
  return url.port === '' || Number(url.port) >= FIRST_FREE_PORT ? url : null;
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
