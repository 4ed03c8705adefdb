import { say } from '../sentences/say.ts';
import type { SourceAccount } from '../store/accounts.ts';
import type { Deletion } from '../store/receipts.ts';
import { inWords, type Words } from './account-words.ts';
import type { MailAccountStatus } from './types.ts';

/** What a person is told where nothing is deleted at the server that otherwise would be. Pure. */
export function deletionWords(
  { deletionPolicy }: Pick<SourceAccount, 'deletionPolicy'>,
  { frozen }: Pick<Deletion, 'frozen'>,
  { messageSentences, actionSentence, quarantined }: Words & Pick<MailAccountStatus, 'quarantined'>,
): Words {
  if (frozen) {
    const date = new Date(frozen.at).toISOString().slice(0, 10);
    const general = say(`status/frozen/${frozen.code}`, { date });
    // Why it was stopped names the mailbox, too.
    const text = `Since ${date} nothing is deleted on the server, because ${frozen.reason}.`;
    return inWords([...messageSentences, { ...general, text }], actionSentence ?? say('advice/unfreeze'));
  }
  if (quarantined === 0 || deletionPolicy === 'keep') return inWords(messageSentences, actionSentence);
  return inWords([...messageSentences, say('status/not-deleted')], actionSentence);
}
