import {
  Archive,
  Bell,
  CircleUserRound,
  Ellipsis,
  FileText,
  Folder,
  type IconNode,
  Inbox,
  Mails,
  OctagonAlert,
  Plus,
  Search,
  Send,
  SendHorizontal,
  Settings2,
  Star,
  Trash2,
} from 'lucide';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso/router';
import type { MailAccount } from '../../../functions/jmap/types.ts';
import type { Database, StoredMailbox } from '../mailbox/db.ts';
import { addCounts } from '../mailbox/emails.ts';
import { countChanges } from '../mailbox/merge.ts';
import { listPath } from '../routes.ts';
import { locale } from '../words/language.ts';
import { words } from '../words/words.ts';
import { askAboutMailbox } from './asking.tsx';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import { useLive } from './use.ts';

const ICONS: Record<string, IconNode> = {
  inbox: Inbox,
  archive: Archive,
  drafts: FileText,
  sent: Send,
  trash: Trash2,
  junk: OctagonAlert,
  flagged: Star,
  all: Mails,
};
/** Mailboxes with a role come first, in this order. */
const ORDER = ['inbox', 'flagged', 'drafts', 'sent', 'archive', 'all', 'junk', 'trash'];

/** The icon of a mailbox with this role. */
export function mailboxIcon(role: string | null): IconNode {
  return ICONS[role ?? ''] ?? Folder;
}

interface Tree {
  account: MailAccount;
  mailboxes: { mailbox: StoredMailbox; depth: number }[];
}

/** What a mailbox is called: by its role in the person's language, else by its own name. */
export function mailboxName({ role, name }: Pick<StoredMailbox, 'role' | 'name'>): string {
  return words.roles[role ?? ''] ?? name;
}

/** Accounts in the order they are shown. */
export function byName(accounts: readonly MailAccount[]): MailAccount[] {
  return accounts.toSorted((a, b) => a.name.localeCompare(b.name, locale()));
}

/** Every account with its mailboxes in the order they are shown, counted as what is pending will make them. */
async function readTrees(db: Database): Promise<Tree[]> {
  const [accounts, mailboxes, rows] = await Promise.all([
    db.getAll('accounts'),
    db.getAll('mailboxes'),
    db.getAll('outbox'),
  ]);
  const counted = new Map(mailboxes.map(mailbox => [`${mailbox.accountId}/${mailbox.id}`, mailbox]));
  const pending = new Set(rows.filter(row => row.state !== 'failed').flatMap(row => row.emails));
  for (const key of pending) {
    const [accountId = '', id = ''] = key.split('/');
    const email = await db.get('emails', [accountId, id]);
    if (!email) continue;
    for (const [mailboxId, change] of countChanges(email.server, email)) {
      const mailbox = counted.get(`${accountId}/${mailboxId}`);
      if (mailbox) counted.set(`${accountId}/${mailboxId}`, addCounts(mailbox, change));
    }
  }
  const all = [...counted.values()];
  return byName(accounts).map(account => ({
    account,
    mailboxes: inOrder(all.filter(one => one.accountId === account.id)),
  }));
}

function inOrder(mailboxes: StoredMailbox[]): Tree['mailboxes'] {
  const rank = ({ role, sortOrder }: StoredMailbox) => {
    const position = role ? ORDER.indexOf(role) : -1;
    return position < 0 ? 100 + sortOrder : position;
  };
  const sorted = mailboxes.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, locale()));
  const ids = new Set(mailboxes.map(mailbox => mailbox.id));
  const below = (parentId: string | null, depth: number): Tree['mailboxes'] =>
    sorted
      .filter(({ parentId: own }) => (own && ids.has(own) ? own : null) === parentId)
      // A server may answer with a loop of parents: nothing is nested deeper than this.
      .flatMap(mailbox => [{ mailbox, depth }, ...(depth < 10 ? below(mailbox.id, depth + 1) : [])]);
  return below(null, 0);
}

/** Mailboxes of one account in the order they are shown, with the names of those they are in: `Projects / Boat`. */
export function pathsOf(mailboxes: StoredMailbox[]): { mailbox: StoredMailbox; path: string }[] {
  const names: string[] = [];
  return inOrder(mailboxes).map(({ mailbox, depth }) => {
    names.splice(depth, names.length, mailboxName(mailbox));
    return { mailbox, path: names.join(' / ') };
  });
}

function navButton(name: string, icon: IconNode, onClick: () => void) {
  return <IconButton name={name} icon={icon} onClick={onClick} class="nav-more" />;
}

/** The list of all mailboxes, and the ways to the other pages. */
export function Mailboxes({ onNavigate }: { onNavigate?: () => void }) {
  const trees = useLive(['accounts', 'mailboxes', 'outbox', 'emails'], 'trees', readTrees) ?? [];
  const waiting = useLive(['outbox'], 'waiting', db => db.count('outbox')) ?? 0;
  const location = useLocation();
  const path = location.path === '/' ? '/inbox' : location.path;
  const unread = trees
    .flatMap(tree => tree.mailboxes)
    .filter(({ mailbox }) => mailbox.role === 'inbox')
    .reduce((sum, { mailbox }) => sum + mailbox.unreadEmails, 0);
  const entry = (href: string, name: string, icon: IconNode, count: number, depth = 0, more?: VNode) => (
    <li key={href} class="nav-entry">
      <a
        class={`nav-link nav-depth-${Math.min(depth, 4)}`}
        href={href}
        aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}
        onClick={onNavigate}
      >
        <Icon node={icon} pointing={icon === Send || icon === SendHorizontal} />
        <span class="nav-name" dir="auto">
          {name}
        </span>
        {count > 0 && (
          <span class="nav-count">
            <span aria-hidden="true">{count > 9999 ? '9999+' : count}</span>
            <span class="visually-hidden">{words.nav.unread(count)}</span>
          </span>
        )}
      </a>
      {more}
    </li>
  );
  const change = (mailbox: StoredMailbox) => {
    const name = words.mailboxes.change(mailboxName(mailbox));
    return navButton(name, Ellipsis, () => askAboutMailbox(mailbox.accountId, mailbox));
  };
  return (
    <nav class="nav" aria-label={words.nav.mailboxes}>
      <ul>{entry('/search', words.search.title, Search, 0)}</ul>
      {trees.length > 1 && <ul>{entry('/inbox', words.nav.allInboxes, Mails, unread)}</ul>}
      {trees.map(({ account, mailboxes }) => (
        <section key={account.id} aria-label={words.nav.mailboxesOf(account.name)}>
          <div class="nav-entry">
            <h2 class="nav-account">
              <span class={`dot dot-${account.status.phase}`} aria-hidden="true" />
              <bdi>{account.name}</bdi>
            </h2>
            {navButton(words.mailboxes.new(account.name), Plus, () => askAboutMailbox(account.id, null))}
          </div>
          <ul>
            {mailboxes.map(({ mailbox, depth }) =>
              entry(
                listPath({ accountId: account.id, mailboxId: mailbox.id }),
                mailboxName(mailbox),
                mailboxIcon(mailbox.role),
                mailbox.role === 'trash' || mailbox.role === 'junk' ? 0 : mailbox.unreadEmails,
                depth,
                change(mailbox),
              ),
            )}
          </ul>
        </section>
      ))}
      <ul class="nav-foot">
        {waiting > 0 && entry('/outbox', words.nav.outbox, SendHorizontal, 0)}
        {entry('/notifications', words.notifications.title, Bell, 0)}
        {entry('/accounts', words.nav.accounts, CircleUserRound, 0)}
        {entry('/settings', words.nav.settings, Settings2, 0)}
      </ul>
    </nav>
  );
}
