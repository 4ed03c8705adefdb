import type { MailAccount, MailAccountStatus } from '../../../../functions/jmap/types.ts';
import { askForPull, changeAccount, pullAccounts } from '../../mailbox/accounts.ts';
import { countBodies } from '../../mailbox/bodies.ts';
import { type Database, mailbox } from '../../mailbox/db.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { call } from '../../mailbox/server.ts';
import { said, saidAll } from '../../words/said.ts';
import { fileSize } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { notify } from '../toast.tsx';
import { useLive } from '../use.ts';
import { Progress } from './progress.tsx';

/** How much of an account is on this device. */
interface OnDevice {
  kept: number;
  total: number;
  size: string;
  full: boolean;
}

async function readOnDevice(db: Database, accountId: string): Promise<OnDevice | null> {
  const feed = await db.get('feeds', accountId);
  if (!feed) return null;
  const { kept, wanted } = await countBodies(db, accountId);
  return { kept, total: kept + wanted, size: fileSize(feed.bodyBytes), full: feed.full };
}

/**
 * When mail was fetched and will be. A look that finds nothing new is not recorded, so the time of the last success
 * says something only where looks do not succeed.
 */
function timesOf({ phase, lastSuccessAt, nextPullAt }: MailAccountStatus): string[] {
  const next = nextPullAt === null ? null : Date.parse(nextPullAt);
  if (phase === 'ok') return next === null ? [] : [words.accounts.nextCheck(next)];
  const isResting = phase === 'failing' || phase === 'stopped' || phase === 'paused';
  if (!isResting) return [];
  return [
    ...(lastSuccessAt ? [words.accounts.lastSuccess(Date.parse(lastSuccessAt))] : []),
    ...(phase === 'failing' && next !== null ? [words.accounts.next(next)] : []),
  ];
}

export function Badge({ phase }: { phase: MailAccountStatus['phase'] }) {
  return <span class={`badge badge-${phase}`}>{words.accounts.phases[phase]}</span>;
}

/** What happens to an account, in sentences. */
export const messageOf = ({ messageSentences, message }: MailAccountStatus): string =>
  saidAll(messageSentences, message);

/** What the person should do; null for nothing. */
export const actionOf = ({ actionSentence, action }: MailAccountStatus): string | null =>
  actionSentence ? said(actionSentence) : action;

/** How an account is, in words and numbers. */
export function Health({ account }: { account: MailAccount }) {
  const { status } = account;
  const read = (db: Database) => readOnDevice(db, account.id);
  const onDevice = useLive(['feeds', 'bodies', 'emails'], `on-device ${account.id}`, read, true);
  const { stored, atSource } = status;
  const isFetching = status.phase === 'pulling' && atSource !== null && stored < atSource;
  // What was deleted at the server is stored here alone.
  const storedText = words.accounts.stored(stored, atSource !== null && stored <= atSource ? atSource : null);
  return (
    <>
      <p dir="auto">{messageOf(status)}</p>
      {status.action !== null && (
        <p class="note note-warning" dir="auto">
          {actionOf(status)}
        </p>
      )}
      {isFetching && (
        <Progress
          label={words.accounts.progress(account.name)}
          value={stored}
          max={atSource}
          text={storedText}
        />
      )}
      <ul class="facts">
        {!isFetching && <li>{storedText}</li>}
        {status.quarantined > 0 && <li>{words.accounts.quarantined(status.quarantined)}</li>}
        {onDevice && <li>{words.accounts.device(onDevice.kept, onDevice.total, onDevice.size)}</li>}
        {onDevice?.full && <li>{words.accounts.full}</li>}
        {timesOf(status).map(time => (
          <li key={time}>{time}</li>
        ))}
      </ul>
    </>
  );
}

/** Has an account pulled now, and says so. */
export async function checkNow(account: MailAccount): Promise<void> {
  await askForPull(call, [account.id]);
  notify(words.accounts.checking);
  void lookNow();
}

/** Pauses an account, or resumes it. */
export async function setPaused(account: MailAccount, paused: boolean): Promise<void> {
  await changeAccount(call, account.id, { paused });
  notify(paused ? words.accounts.paused : words.accounts.resumed);
  await pullAccounts(await mailbox(), call);
  if (!paused) void lookNow();
}
