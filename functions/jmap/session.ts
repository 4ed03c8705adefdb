import { createHash } from 'node:crypto';
import type { Account } from '../store/accounts.ts';
import { SORT_OPTIONS } from './email-sort.ts';
import { LIMITS, MAX_ATTACHMENTS, MAX_MAILBOX_NAME, MAX_MAILBOXES_PER_EMAIL } from './limits.ts';
import { ACCOUNTS, CORE, type Id, MAIL, type Session, type SessionAccount, WEBPUSH_VAPID } from './types.ts';

/** What `using` may name. */
export const CAPABILITIES: ReadonlySet<string> = new Set([CORE, MAIL, WEBPUSH_VAPID, ACCOUNTS]);

/** RFC 8621 section 1.3.1. */
const MAIL_ACCOUNT_CAPABILITY = {
  maxMailboxesPerEmail: MAX_MAILBOXES_PER_EMAIL,
  maxMailboxDepth: null,
  maxSizeMailboxName: MAX_MAILBOX_NAME,
  maxSizeAttachmentsPerEmail: MAX_ATTACHMENTS,
  emailQuerySortOptions: SORT_OPTIONS,
  mayCreateTopLevelMailbox: true,
};

/**
 * The Session object, RFC 8620 section 2.
 * @param origin scheme and host that the client reached us by, e.g. `https://mail.example.org`
 * @param applicationServerKey with which pushes are signed, RFC 9749 section 3
 * @param oauthProviders at which people can sign in for their mail account, e.g. `google`
 */
export function sessionOf(
  username: string,
  accounts: readonly Account[],
  stack: { origin: string; applicationServerKey: string; oauthProviders: readonly string[] },
): Session {
  const { origin, applicationServerKey, oauthProviders } = stack;
  const [first] = accounts;
  return {
    capabilities: {
      [CORE]: LIMITS,
      [MAIL]: {},
      [WEBPUSH_VAPID]: { applicationServerKey },
      [ACCOUNTS]: { oauthProviders },
    },
    accounts: Object.fromEntries(accounts.map(account => [account.id, sessionAccount(account)])),
    primaryAccounts: first ? ({ [MAIL]: first.id } satisfies Record<string, Id>) : {},
    username,
    apiUrl: `${origin}/jmap/api`,
    downloadUrl: `${origin}/jmap/download/{accountId}/{blobId}/{name}?type={type}`,
    uploadUrl: `${origin}/jmap/upload/{accountId}/`,
    eventSourceUrl: `${origin}/jmap/eventsource/?types={types}&closeafter={closeafter}&ping={ping}`,
    state: sessionState(accounts, oauthProviders),
  };
}

/** Changes whenever the session of the user does: with the list of accounts, their names, and the providers. */
export function sessionState(accounts: readonly Account[], oauthProviders: readonly string[]): string {
  return hashOf([accounts.map(({ id, name }) => [id, name]), oauthProviders]);
}

/** A short string that changes when the value does. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}

function sessionAccount({ name }: Account): SessionAccount {
  return {
    name,
    isPersonal: true,
    isReadOnly: false,
    accountCapabilities: { [MAIL]: MAIL_ACCOUNT_CAPABILITY },
  };
}
