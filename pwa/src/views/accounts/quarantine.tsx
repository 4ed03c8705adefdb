import { Check, Download, RotateCw } from 'lucide';
import { useState } from 'preact/hooks';
import type { Id, QuarantinedMessage } from '../../../../functions/jmap/types.ts';
import { quarantineOf, retryQuarantined } from '../../mailbox/account-lists.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { call } from '../../mailbox/server.ts';
import { mailboxSaid, said } from '../../words/said.ts';
import { fileSize, longDate } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { Page } from '../page.tsx';
import { saveBlob } from '../reader/attachments.tsx';
import { notify } from '../toast.tsx';
import { Problem, useAction } from './problem.tsx';
import type { PartProps } from './settings.tsx';
import { useServer, Waiting } from './use-server.tsx';

const PAGE = 50;
/** Between two looks after something was tried again, in milliseconds, and for how long. */
const LOOK_EVERY = 2_000;
const LOOK_FOR = 30_000;

/** The messages of an account that could not be handled. */
export function QuarantinePage({ account, back, onMenu }: PartProps) {
  const { id, status } = account;
  const [count, setCount] = useState(PAGE);
  const [triedAt, setTriedAt] = useState(0);
  const action = useAction();
  // When the account's own count changes, so has the list.
  const asked = useServer(
    `${id} ${count} ${status.quarantined} ${triedAt}`,
    () => quarantineOf(call, id, count),
    () => (Date.now() - triedAt < LOOK_FOR ? LOOK_EVERY : null),
  );
  const isPaused = status.phase === 'paused';
  const retry = (ids: readonly Id[] | null) =>
    action.run(async () => {
      notify(words.quarantine.asked(await retryQuarantined(call, id, ids)));
      setTriedAt(Date.now());
      void lookNow();
    });
  const total = asked.value?.total ?? 0;
  return (
    <Page title={words.quarantine.title} back={back} onMenu={onMenu}>
      <Waiting asked={asked} />
      {asked.value && total === 0 && (
        <div class="empty">
          <Icon node={Check} />
          <h2>{words.quarantine.empty}</h2>
          <p>{words.quarantine.emptyText}</p>
        </div>
      )}
      {total > 0 && (
        <>
          <p>{words.quarantine.text}</p>
          {isPaused && <p class="note">{words.quarantine.waits}</p>}
          <Problem text={action.problem} />
          <div class="buttons">
            <button
              type="button"
              class="button"
              disabled={action.busy || isPaused}
              onClick={() => void retry(null)}
            >
              <Icon node={RotateCw} />
              {words.quarantine.retryAll}
            </button>
          </div>
        </>
      )}
      <ul class="cards">
        {asked.value?.list.map(message => (
          <Message
            key={message.id}
            accountId={id}
            message={message}
            onRetry={isPaused ? null : () => void retry([message.id])}
          />
        ))}
      </ul>
      {total > count && (
        <button type="button" class="button" onClick={() => setCount(count + PAGE)}>
          {words.quarantine.more}
        </button>
      )}
    </Page>
  );
}

function Message(props: { accountId: Id; message: QuarantinedMessage; onRetry: (() => void) | null }) {
  const { accountId, message, onRetry } = props;
  const { mailbox, uid, size, reasonSentence, blobId, since, triedAt } = message;
  const action = useAction();
  const what = words.quarantine.message(uid, mailboxSaid(mailbox));
  const save = () =>
    saveBlob(accountId, { blobId, name: 'message.eml', type: 'message/rfc822' }, 'message.eml');
  return (
    <li class="card">
      <h2 dir="auto">{what}</h2>
      <p dir="auto">{said(reasonSentence)}</p>
      <p class="card-note">
        {words.quarantine.facts(size === null ? null : fileSize(size), longDate(since), longDate(triedAt))}
      </p>
      <Problem text={action.problem} />
      <div class="buttons">
        <button
          type="button"
          class="button"
          aria-label={words.quarantine.retryOf(what)}
          disabled={onRetry === null}
          onClick={() => onRetry?.()}
        >
          <Icon node={RotateCw} />
          {words.quarantine.retry}
        </button>
        {blobId !== null && (
          <button
            type="button"
            class="button"
            aria-label={words.quarantine.saveOf(what)}
            disabled={action.busy}
            onClick={() => void action.run(save)}
          >
            <Icon node={Download} />
            {words.quarantine.save}
          </button>
        )}
      </div>
    </li>
  );
}
