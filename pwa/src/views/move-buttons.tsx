import { Archive, Inbox, Trash2 } from 'lucide';
import type { StoredEmail } from '../mailbox/db.ts';
import { moveToRole } from './act.ts';
import { askToDestroy } from './asking.tsx';
import { IconButton } from './icon-button.tsx';
import { type Offer, offersFor } from './offers.ts';
import { useLive } from './use.ts';

const ICONS = { archive: Archive, inbox: Inbox, trash: Trash2, destroy: Trash2 };

interface Props {
  /** The messages that decide what is offered. */
  about: readonly StoredEmail[];
  /** The messages that go, where those are more. */
  all?: () => Promise<readonly StoredEmail[]>;
  names: Record<Offer, string>;
  /** Called once they went. */
  onDone: () => void;
}

/** The buttons that put messages where they belong, or delete them for good. */
export function MoveButtons({ about, all = async () => about, names, onDone }: Props) {
  const mailboxes = useLive(['mailboxes'], 'mailboxes', db => db.getAll('mailboxes')) ?? [];
  const take = async (offer: Offer) => {
    const emails = await all();
    if (offer === 'destroy') askToDestroy(emails, onDone);
    else if (await moveToRole(emails, offer)) onDone();
  };
  return (
    <>
      {offersFor(mailboxes, about).map(offer => (
        <IconButton key={offer} name={names[offer]} icon={ICONS[offer]} onClick={() => void take(offer)} />
      ))}
    </>
  );
}
