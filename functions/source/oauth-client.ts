import { isIP } from 'node:net';

/** What is known of providers without asking them; the API may know it, too. */

/** How this stack is registered with one provider. */
export interface OAuthClient {
  clientId: string;
  /** Absent for a public client; only sync has it. */
  clientSecret?: string | (() => Promise<string>) | undefined;
  /** Absolute, https. */
  tokenEndpoint: string;
  /** Where people sign in (RFC 6749 section 3.1); absent where tokens are only renewed. */
  authorizationEndpoint?: string | undefined;
  /** As the provider names itself when it sends a person back (RFC 9207), where it does. */
  issuer?: string | undefined;
  /** Space-separated. */
  scope?: string | undefined;
  /** What else the provider wants to be told when a person is sent to it. */
  parameters?: Readonly<Record<string, string>> | undefined;
  /** The mail servers that its tokens are for, and are sent to (RFC 9700 section 2.3). */
  hosts?: readonly string[] | undefined;
}

/** A provider as people know it: `google` is Google. */
export function providerName(provider: string): string {
  const [first = '', ...rest] = provider;
  return provider === '' ? 'your provider' : first.toUpperCase() + rest.join('');
}

/** Whether an address is of this machine. */
export const isLoopback = (address: string) =>
  (isIP(address) === 4 && address.startsWith('127.')) || address === '::1';
