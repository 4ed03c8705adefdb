import { z } from 'zod';
import { MailferryError } from '../errors.ts';
import type { OAuthClients } from '../oauth-clients.ts';
import { AddressError, parseAddress } from '../source/discover/address.ts';
import { mayHaveTokens } from './authorize.ts';
import { MethodError } from './errors.ts';
import { userMethod } from './methods.ts';
import { ACCOUNTS, type MailAccountProposal } from './types.ts';

/** A whole address is far shorter; this only bounds what is read. */
const LONGEST_INPUT = 1_000;

/**
 * MailAccount/discover: how the mailbox of an address can be reached, as a `MailAccountDiscovery`. The API asks no
 * foreign host: the sync function does. A domain without mail servers is an answer, not an error.
 */
export const mailAccountDiscover = userMethod(
  'MailAccount/discover',
  ACCOUNTS,
  { address: z.string().max(LONGEST_INPUT) },
  async (context, { address }) => {
    const { text } = parsed(address);
    try {
      const found = await context.services.tester.discover(text);
      const { oauthClients } = context.services;
      const proposals = found.proposals.map(proposal => ({
        ...proposal,
        canAuthorize: canAuthorize(oauthClients, proposal),
      }));
      return { ...found, proposals };
    } catch (cause) {
      if (!(cause instanceof MailferryError) || cause.code !== 'tester') throw cause;
      throw new MethodError('serverUnavailable', cause.message, { cause });
    }
  },
);

function canAuthorize(clients: OAuthClients, { oauthProvider, ...server }: MailAccountProposal): boolean {
  const isKnown = oauthProvider !== null && Object.hasOwn(clients, oauthProvider);
  const client = isKnown ? clients[oauthProvider] : undefined;
  return client?.authorizationEndpoint !== undefined && mayHaveTokens(client, server);
}

function parsed(address: string) {
  try {
    return parseAddress(address);
  } catch (cause) {
    if (!(cause instanceof AddressError)) throw cause;
    throw new MethodError('invalidArguments', cause.message, { cause });
  }
}
