import type { SourceAccount } from '../store/accounts.ts';
import type { Deletion } from '../store/receipts.ts';
import type { MailAccountStatus } from './types.ts';

type Words = Pick<MailAccountStatus, 'message' | 'action'>;

/** What a person is told where nothing is deleted at the server that otherwise would be. Pure. */
export function deletionWords(
  { deletionPolicy }: Pick<SourceAccount, 'deletionPolicy'>,
  { frozen }: Pick<Deletion, 'frozen'>,
  { message, action, quarantined }: Pick<MailAccountStatus, 'message' | 'action' | 'quarantined'>,
): Words {
  if (frozen) {
    const since = new Date(frozen.at).toISOString().slice(0, 10);
    const sentence = `Since ${since} nothing is deleted on the server, because ${frozen.reason}.`;
    const ask = 'If nothing is missing here, allow deleting again in the settings of this account.';
    return { message: `${message} ${sentence}`, action: action ?? ask };
  }
  if (quarantined === 0 || deletionPolicy === 'keep') return { message, action };
  return { message: `${message} Until all can be read, nothing is deleted there.`, action };
}
