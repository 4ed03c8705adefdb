import type { Customer } from '../customers/schema.ts';

type Clients = Customer['oauth'];

/** The environment of a function that knows at which providers people can sign in; nothing where there are none. */
export function oauthClients(clients: object): Record<string, string> {
  return Object.keys(clients).length > 0 ? { OAUTH_CLIENTS: JSON.stringify(clients) } : {};
}

/** The clients without the names of their secrets, for who must not even ask for them. */
export function withoutSecrets(clients: Clients): object {
  return Object.fromEntries(
    Object.entries(clients).map(([name, { clientSecretParameter: _, ...client }]) => [name, client]),
  );
}

/** The parameters that hold their secrets. */
export function secretParameters(clients: Clients): string[] {
  return Object.values(clients).flatMap(({ clientSecretParameter }) => clientSecretParameter ?? []);
}
