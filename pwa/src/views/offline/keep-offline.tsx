import { Pin } from 'lucide';
import type { PinTarget } from '../../mailbox/budget.ts';
import { pinOf } from '../../mailbox/budget.ts';
import { changePinned } from '../../mailbox/change-keeping.ts';
import { mailbox, type StoredEmail } from '../../mailbox/db.ts';
import { readPinned } from '../../mailbox/keeping.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { deviceBlobs } from '../../mailbox/server.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { notify } from '../toast.tsx';
import { useLive } from '../use.ts';

interface Props {
  target: PinTarget;
  /** `icon` for a bar, `menu` (with its words) for a menu or a page. */
  look?: 'icon' | 'menu';
  /** The name of what is kept, where several of these stand below each other. */
  name?: string;
}

/** Keeps a message on this device, and its whole conversation where it is part of one. */
export function KeepMessage({ email }: { email: Pick<StoredEmail, 'accountId' | 'id' | 'threadId'> }) {
  const { accountId, id: emailId, threadId } = email;
  const members = useLive(['emails'], `members ${accountId} ${threadId}`, async db => {
    return (await db.get('threads', [accountId, threadId]))?.members.length ?? 0;
  });
  return (
    <>
      <KeepOffline target={{ accountId, emailId }} />
      {members !== undefined && members > 1 && <KeepOffline target={{ accountId, threadId }} />}
    </>
  );
}

/** Keeps a mailbox, a conversation or a message on this device whatever its age, or no longer. */
export function KeepOffline({ target, look = 'menu', name }: Props) {
  const { kind, id } = pinOf(target);
  const key = `pinned ${target.accountId} ${kind} ${id}`;
  const pinned = useLive(['feeds', 'emails'], key, db => readPinned(db, target));
  const own = pinned?.own ?? false;
  const toggle = async () => {
    const done = await changePinned(await mailbox(), deviceBlobs, target, !own);
    if (!done) return notify(words.offline.notChanged);
    notify(own ? words.offline.unpinDone : words.offline.pinDone);
    void lookNow();
  };
  const { pinned: done, pinnedByOther } = words.offline;
  const pin = words.offline.pin[kind];
  const text = own ? done : pinned?.other ? pinnedByOther : pin;
  if (look === 'icon') {
    return (
      <button
        type="button"
        class={`button-icon${own ? ' on' : ''}`}
        aria-label={pin}
        aria-pressed={own}
        title={text}
        onClick={() => void toggle()}
      >
        <Icon node={Pin} filled={own} />
      </button>
    );
  }
  return (
    <button type="button" class="keep-offline" aria-pressed={own} onClick={() => void toggle()}>
      <Icon node={Pin} filled={own} />
      <span class="keep-offline-name" dir="auto">
        {name ?? text}
      </span>
      {name && own && <span class="keep-offline-state">{done}</span>}
    </button>
  );
}
