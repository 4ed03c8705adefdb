import { useEffect, useState } from 'preact/hooks';
import type { Id, MailAccount, MailAccountReceipt } from '../../../../functions/jmap/types.ts';
import { receiptsAfter } from '../../mailbox/account-lists.ts';
import { readShown } from '../../mailbox/emails.ts';
import { call } from '../../mailbox/server.ts';
import { messagePath } from '../../routes.ts';
import { fileSize, longDate } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { useLive } from '../use.ts';
import { Problem, useAction } from './problem.tsx';

/** What was removed at the server: the sum of it, and the proofs page by page. */
export function Receipts({ account, sum }: { account: MailAccount; sum: string | null }) {
  const [list, setList] = useState<MailAccountReceipt[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [isShown, setShown] = useState(false);
  const action = useAction();
  const more = async (after: string | null) => {
    const page = await receiptsAfter(call, account.id, after);
    setList(before => (after === null ? page.list : [...before, ...page.list]));
    setNext(page.next);
    setShown(true);
  };
  useEffect(() => {
    // What is shown has grown old: it begins anew.
    if (isShown) void action.run(() => more(null));
  }, [account.receipts.count]);
  return (
    <section class="list-section" aria-labelledby="receipts">
      <h2 id="receipts">{words.deletion.receipts}</h2>
      <p>{sum ?? words.deletion.receiptsNone}</p>
      <ul class="proofs">
        {list.map(receipt => (
          <Receipt key={receipt.id} accountId={account.id} receipt={receipt} />
        ))}
      </ul>
      <Problem text={action.problem} />
      {account.receipts.count > 0 && (!isShown || next !== null) && (
        <div class="buttons">
          <button
            type="button"
            class="button"
            disabled={action.busy}
            onClick={() => void action.run(() => more(next))}
          >
            {isShown ? words.deletion.receiptsMore : words.deletion.receiptsShow}
          </button>
        </div>
      )}
    </section>
  );
}

function Receipt({ accountId, receipt }: { accountId: Id; receipt: MailAccountReceipt }) {
  const { emailId, size, sha256, deletedAt, outcome } = receipt;
  const email = useLive(['emails'], `${accountId}/${emailId}`, db => readShown(db, accountId, emailId));
  const [mailboxId] = Object.keys(email?.mailboxIds ?? {});
  const subject = email ? email.subject || words.list.noSubject : words.deletion.notOnDevice;
  return (
    <li class="proof">
      {mailboxId ? (
        <a href={messagePath({ accountId, mailboxId }, { accountId, id: emailId })} dir="auto">
          {subject}
        </a>
      ) : (
        <span dir="auto">{subject}</span>
      )}
      <small>
        {words.deletion.receiptOf(longDate(deletedAt), fileSize(size))} · {words.deletion.outcomes[outcome]}
      </small>
      <small class="checksum">{words.deletion.checksum(sha256)}</small>
    </li>
  );
}
