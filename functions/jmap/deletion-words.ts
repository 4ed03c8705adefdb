import { say } from '../sentences/say.ts';
import type { SourceAccount } from '../store/accounts.ts';
import type { Deletion, Freeze } from '../store/receipts.ts';
import { inWords, type Words } from './account-words.ts';
import type { MailAccountStatus, Sentence } from './types.ts';

/** What a person is told where nothing is deleted at the server that otherwise would be. Pure. */
export function deletionWords(
  { deletionPolicy }: Pick<SourceAccount, 'deletionPolicy'>,
  { frozen }: Pick<Deletion, 'frozen'>,
  { messageSentences, actionSentence, quarantined }: Words & Pick<MailAccountStatus, 'quarantined'>,
): Words {
  if (frozen) {
    return inWords([...messageSentences, whyFrozen(frozen)], actionSentence ?? say('advice/unfreeze'));
  }
  if (quarantined === 0 || deletionPolicy === 'keep') return inWords(messageSentences, actionSentence);
  return inWords([...messageSentences, say('status/not-deleted')], actionSentence);
}

function whyFrozen({ at, code, reason, mailbox }: Freeze): Sentence {
  const date = new Date(at).toISOString().slice(0, 10);
  if (mailbox !== undefined && (code === 'reset' || code === 'loss')) {
    return say(`status/frozen/${code}/mailbox`, { date, mailbox });
  }
  const text = `Since ${date} nothing is deleted on the server, because ${reason}.`;
  return { ...say(`status/frozen/${code}`, { date }), text };
}
