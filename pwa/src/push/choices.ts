import type { Id } from '../../../functions/jmap/types.ts';
import type { StoredMailbox } from '../mailbox/db.ts';
import { readSetting } from '../mailbox/settings.ts';

/** What a person wants to be told on this device. */
export interface Choices {
  /** Accounts that stay silent. */
  silent: Id[];
  /** By `accountId/mailboxId`, where it is not as usual: the inbox is told, and no other mailbox. */
  mailboxes: Record<string, boolean>;
  /** Times of the day (`22:00`), by this device's clock, between which nothing makes a sound; null for never. */
  quiet: { from: string; to: string } | null;
}

export const USUAL: Choices = { silent: [], mailboxes: {}, quiet: null };

/** When quiet hours begin and end where a person has not said so. */
export const USUAL_QUIET = { from: '22:00', to: '07:00' };

/** What was chosen on this device. */
export async function readChoices(): Promise<Choices> {
  return (await readSetting('notify')) ?? USUAL;
}

/** Whether mail in a mailbox is told, as far as the mailbox goes. */
export function isMailboxTold(choices: Choices, { accountId, id, role }: MailboxName): boolean {
  return choices.mailboxes[`${accountId}/${id}`] ?? role === 'inbox';
}

type MailboxName = Pick<StoredMailbox, 'accountId' | 'id' | 'role'>;

/** The mailboxes whose new mail is told. */
export function toldMailboxes<M extends MailboxName>(choices: Choices, mailboxes: readonly M[]): M[] {
  return mailboxes.filter(
    mailbox => !choices.silent.includes(mailbox.accountId) && isMailboxTold(choices, mailbox),
  );
}

/** The choices with one mailbox told or not. */
export function withMailbox(choices: Choices, mailbox: MailboxName, told: boolean): Choices {
  const { [`${mailbox.accountId}/${mailbox.id}`]: _, ...others } = choices.mailboxes;
  const isUsual = told === (mailbox.role === 'inbox');
  return {
    ...choices,
    mailboxes: isUsual ? others : { ...others, [`${mailbox.accountId}/${mailbox.id}`]: told },
  };
}

/** The choices with one account told or silent. */
export function withAccount(choices: Choices, accountId: Id, told: boolean): Choices {
  const others = choices.silent.filter(id => id !== accountId);
  return { ...choices, silent: told ? others : [...others, accountId] };
}

/** Whether it is quiet at a time; hours that end before they begin last past midnight. Pure. */
export function isQuiet({ quiet }: Choices, now: Date): boolean {
  const from = minutesOf(quiet?.from);
  const to = minutesOf(quiet?.to);
  if (from === null || to === null || from === to) return false;
  const at = now.getHours() * 60 + now.getMinutes();
  return from < to ? at >= from && at < to : at >= from || at < to;
}

/** Minutes since midnight of `22:00`; null for what is no time. */
function minutesOf(time: string | undefined): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time ?? '') ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}
