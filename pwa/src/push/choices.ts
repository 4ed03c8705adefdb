import type { Id } from '../../../functions/jmap/types.ts';
import type { StoredMailbox } from '../mailbox/db.ts';
import { readSetting } from '../mailbox/settings.ts';

/** Times of the day (`22:00`), by this device's clock, between which nothing makes a sound. */
export interface Hours {
  from: string;
  to: string;
}

/** What a person wants to be told on this device. */
export interface Choices {
  /** Accounts that stay silent. */
  silent: Id[];
  /** By `accountId/mailboxId`, where it is not as usual: the inbox is told, and no other mailbox. */
  mailboxes: Record<string, boolean>;
  /** The quiet hours of this device; null for none. */
  quiet: Hours | null;
  /** Other hours, or none, by `accountId` or `accountId/mailboxId`; those of the mailbox come first. */
  otherQuiet?: Record<string, Hours | null>;
}

export const USUAL: Choices = { silent: [], mailboxes: {}, quiet: null };

/** When quiet hours begin and end where a person has not said so. */
export const USUAL_QUIET: Hours = { from: '22:00', to: '07:00' };

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

/** The choices with other quiet hours for an account or mailbox; undefined for those of the device. */
export function withQuiet(choices: Choices, key: string, hours: Hours | null | undefined): Choices {
  const { [key]: _, ...others } = choices.otherQuiet ?? {};
  return { ...choices, otherQuiet: hours === undefined ? others : { ...others, [key]: hours } };
}

/** The quiet hours of a mailbox. */
export function quietHoursOf(choices: Choices, { accountId, id }: Omit<MailboxName, 'role'>): Hours | null {
  const { quiet, otherQuiet = {} } = choices;
  for (const key of [`${accountId}/${id}`, accountId]) {
    const own = otherQuiet[key];
    if (own !== undefined) return own;
  }
  return quiet;
}

/** Whether a time lies within quiet hours; those that end before they begin last past midnight. Pure. */
export function isQuiet(hours: Hours | null, now: Date): boolean {
  const from = minutesOf(hours?.from);
  const to = minutesOf(hours?.to);
  if (from === null || to === null || from === to) return false;
  const at = now.getHours() * 60 + now.getMinutes();
  return from < to ? at >= from && at < to : at >= from || at < to;
}

/** Minutes since midnight of `22:00`; null for what is no time. */
function minutesOf(time: string | undefined): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time ?? '') ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}
