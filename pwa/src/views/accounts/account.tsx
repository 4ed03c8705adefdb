import {
  ArrowLeftRight,
  ChevronRight,
  HardDriveDownload,
  type IconNode,
  PackageX,
  Server,
  Settings2,
} from 'lucide';
import { useState } from 'preact/hooks';
import type { Id, MailAccount } from '../../../../functions/jmap/types.ts';
import type { AccountPart } from '../../routes.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { BudgetPage } from '../offline/budget-page.tsx';
import { Page } from '../page.tsx';
import { useClock, useLive } from '../use.ts';
import { ColourPicker } from './colour-picker.tsx';
import { DeletionPage, policySummary, receiptsSentence } from './deletion.tsx';
import { FilesPage } from './files.tsx';
import { FirstMail } from './first-mail.tsx';
import { Badge, Health } from './health.tsx';
import { AccountActions, AccountAddress } from './list.tsx';
import { QuarantinePage } from './quarantine.tsx';
import { RemoveDialog } from './remove.tsx';
import { SettingsPage } from './settings.tsx';
import { useFreshAccounts } from './use-fresh.ts';

interface Props {
  id: Id;
  part: AccountPart;
  onMenu: () => void;
}

/** The pages of one account. */
export function AccountPages({ id, part, onMenu }: Props) {
  const account = useLive(['accounts'], id, async db => (await db.get('accounts', id)) ?? null);
  useFreshAccounts();
  if (!account) {
    return (
      <Page title={words.accounts.title} back={toAll()} onMenu={onMenu}>
        {account === null && <p>{words.accounts.gone}</p>}
      </Page>
    );
  }
  const shared = {
    account,
    onMenu,
    back: { href: `/accounts/${id}`, name: words.accounts.backTo(account.name) },
  };
  switch (part) {
    case 'offline':
      return <BudgetPage key={id} {...shared} />;
    case 'settings':
      return <SettingsPage key={id} {...shared} />;
    case 'deletion':
      return <DeletionPage key={id} {...shared} />;
    case 'quarantine':
      return <QuarantinePage key={id} {...shared} />;
    case 'files':
      return <FilesPage key={id} {...shared} />;
    case 'first':
      return <FirstMail key={id} account={account} onMenu={onMenu} />;
    default:
      return <AccountPage key={id} account={account} onMenu={onMenu} />;
  }
}

const toAll = () => ({ href: '/accounts', name: words.accounts.back });

function AccountPage({ account, onMenu }: { account: MailAccount; onMenu: () => void }) {
  const [removing, setRemoving] = useState(false);
  useClock();
  const { status } = account;
  const hasServer = account.protocol !== 'archive';
  const path = (part: AccountPart) => `/accounts/${account.id}/${part}`;
  const receipts = receiptsSentence(account);
  return (
    <Page title={account.name} back={toAll()} onMenu={onMenu}>
      <section class="card" aria-labelledby="health">
        <header class="card-header">
          <AccountAddress account={account} />
          <span id="health">
            <Badge phase={status.phase} />
          </span>
        </header>
        <Health account={account} />
        <AccountActions account={account} />
      </section>
      <ul class="ways">
        <Way
          href={path('offline')}
          icon={HardDriveDownload}
          name={words.offline.title}
          texts={[words.offline.manage]}
        />
        <Way href={path('settings')} icon={Settings2} name={words.accounts.settings} texts={[]} />
        {hasServer && (
          <Way
            href={path('deletion')}
            icon={Server}
            name={words.accounts.serverMail}
            texts={[policySummary(account), ...(receipts ? [receipts] : [])]}
            warning={account.deletionFrozen ? words.deletion.frozen : null}
          />
        )}
        {hasServer && (
          <Way
            href={path('quarantine')}
            icon={PackageX}
            name={words.accounts.setAside}
            texts={status.quarantined ? [] : [words.accounts.setAsideNone]}
            warning={status.quarantined ? words.accounts.quarantined(status.quarantined) : null}
          />
        )}
        <Way
          href={path('files')}
          icon={ArrowLeftRight}
          name={words.accounts.files}
          texts={[words.accounts.filesText]}
        />
      </ul>
      <ColourPicker account={account} />
      <div class="buttons">
        <button type="button" class="button button-danger" onClick={() => setRemoving(true)}>
          {words.accounts.remove}
        </button>
      </div>
      {removing && <RemoveDialog account={account} onClose={() => setRemoving(false)} />}
    </Page>
  );
}

/** The way to another page of the account, with what is to be found there. */
function Way(props: {
  href: string;
  icon: IconNode;
  name: string;
  texts: string[];
  warning?: string | null;
}) {
  return (
    <li>
      <a class="way" href={props.href}>
        <Icon node={props.icon} />
        <span class="way-text">
          <b>{props.name}</b>
          {props.warning && <span class="way-warning">{props.warning}</span>}
          {props.texts.map(text => (
            <small key={text}>{text}</small>
          ))}
        </span>
        <Icon node={ChevronRight} pointing />
      </a>
    </li>
  );
}
