import type { Id } from '../../functions/jmap/types.ts';
import type { ListName } from './mailbox/lists.ts';

const PARTS = ['offline', 'settings', 'deletion', 'quarantine', 'files', 'first'] as const;
/** A page of one account; `home` leads to the others. */
export type AccountPart = 'home' | (typeof PARTS)[number];

/** A place in the app. Its address can be kept, shared between tabs and opened without a network. */
export type Route =
  | { page: 'list'; list: ListName; email: { accountId: Id; id: Id } | null }
  | { page: 'search'; email: { accountId: Id; id: Id } | null }
  | { page: 'account'; id: Id; part: AccountPart }
  | {
      page:
        | 'accounts'
        | 'add-account'
        | 'authorized'
        | 'notifications'
        | 'outbox'
        | 'settings'
        | 'shared'
        | 'signed-in'
        | 'unknown';
    };

const ID = '([A-Za-z0-9_-]{1,255})';
const INBOX = new RegExp(`^/inbox(?:/${ID}/${ID})?$`);
const SEARCH = new RegExp(`^/search(?:/${ID}/${ID})?$`);
const ACCOUNT = new RegExp(`^/accounts/${ID}(?:/(${PARTS.join('|')}))?$`);
const MAILBOX = new RegExp(`^/mail/${ID}/${ID}(?:/${ID})?$`);

/** The place that a path names; pure. */
export function parseRoute(path: string): Route {
  const inbox = path === '/' ? ['/'] : INBOX.exec(path);
  if (inbox) {
    const [, accountId, id] = inbox;
    return { page: 'list', list: { role: 'inbox' }, email: accountId && id ? { accountId, id } : null };
  }
  const search = SEARCH.exec(path);
  if (search) {
    const [, accountId, id] = search;
    return { page: 'search', email: accountId && id ? { accountId, id } : null };
  }
  const [, accountId, mailboxId, id] = MAILBOX.exec(path) ?? [];
  if (accountId && mailboxId) {
    return { page: 'list', list: { accountId, mailboxId }, email: id ? { accountId, id } : null };
  }
  switch (path) {
    case '/accounts':
    case '/notifications':
    case '/outbox':
    case '/settings':
    case '/shared':
    case '/signed-in':
      return {
        page: path.slice(1) as 'accounts' | 'notifications' | 'outbox' | 'settings' | 'shared' | 'signed-in',
      };
    case '/accounts/new':
      return { page: 'add-account' };
    case '/accounts/authorized':
      return { page: 'authorized' };
    default: {
      const [, id, part = 'home'] = ACCOUNT.exec(path) ?? [];
      return id ? { page: 'account', id, part: part as AccountPart } : { page: 'unknown' };
    }
  }
}

/** The address of a list. */
export function listPath(list: ListName): string {
  return 'role' in list ? '/inbox' : `/mail/${list.accountId}/${list.mailboxId}`;
}

/** The address of a search, or of a message among its results. */
export function searchPath(text: string, email?: { accountId: Id; id: Id } | null): string {
  const path = email ? `/search/${email.accountId}/${email.id}` : '/search';
  return text ? `${path}?q=${encodeURIComponent(text)}` : path;
}

/** The address of a message within a list. */
export function messagePath(list: ListName, email: { accountId: Id; id: Id }): string {
  return 'role' in list ? `/inbox/${email.accountId}/${email.id}` : `${listPath(list)}/${email.id}`;
}
