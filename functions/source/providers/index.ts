import { closedProviders } from './closed.ts';
import { europeanProviders } from './europe.ts';
import { hostingProviders } from './hosting.ts';
import { largestProviders } from './largest.ts';
import { mailboxProviders } from './mailboxes.ts';
import { overseasProviders } from './overseas.ts';
import type { Provider } from './provider.ts';

/** Every provider that Mailferry knows by itself. */
export const providers: readonly Provider[] = [
  ...largestProviders,
  ...mailboxProviders,
  ...europeanProviders,
  ...overseasProviders,
  ...hostingProviders,
  ...closedProviders,
];

/** The provider whose own domain this is, or null. */
export function providerOfDomain(domain: string, list: readonly Provider[] = providers): Provider | null {
  return list.find(({ domains }) => domains.includes(domain)) ?? null;
}

/** The provider that receives mail at this MX host, by its longest suffix that fits, or null. */
export function providerOfMx(exchange: string, list: readonly Provider[] = providers): Provider | null {
  const host = exchange.toLowerCase().replace(/\.$/, '');
  const fitting = list.flatMap(provider =>
    provider.mx
      .filter(suffix => host === suffix || host.endsWith(`.${suffix}`))
      .map(suffix => ({ provider, length: suffix.length })),
  );
  return fitting.sort((a, b) => b.length - a.length)[0]?.provider ?? null;
}
