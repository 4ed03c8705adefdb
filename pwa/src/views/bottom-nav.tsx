import { CircleUserRound, type IconNode, Inbox, Menu, Search } from 'lucide';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** The ways to the main places on a phone, where a thumb reaches them. */
export function BottomNav({ path, onMenu }: { path: string; onMenu: () => void }) {
  const link = (href: string, name: string, icon: IconNode) => {
    const here = path === href || path.startsWith(`${href}/`) || (href === '/inbox' && path === '/');
    return (
      <li>
        <a class="bottom-entry" href={href} aria-current={here ? 'page' : undefined}>
          <Icon node={icon} />
          {name}
        </a>
      </li>
    );
  };
  return (
    <nav class="bottom" aria-label={words.nav.main}>
      <ul>
        {link('/inbox', words.nav.inbox, Inbox)}
        {link('/search', words.nav.search, Search)}
        <li>
          <button type="button" class="bottom-entry" aria-haspopup="dialog" onClick={onMenu}>
            <Icon node={Menu} />
            {words.nav.mailboxes}
          </button>
        </li>
        {link('/accounts', words.nav.accounts, CircleUserRound)}
      </ul>
    </nav>
  );
}
