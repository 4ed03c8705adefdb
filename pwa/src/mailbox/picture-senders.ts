import { type Database, mailbox } from './db.ts';
import { announce } from './observe.ts';

const KEY = 'pictureSenders';

/** The senders whose pictures on the internet are always shown: addresses in lower case. */
export async function pictureSenders(db: Database): Promise<string[]> {
  return ((await db.get('settings', KEY)) as string[] | undefined) ?? [];
}

/** Shows pictures of a sender from now on, or asks again each time. */
export async function setPictureSender(address: string, shown: boolean): Promise<void> {
  const transaction = (await mailbox()).transaction('settings', 'readwrite');
  const before = ((await transaction.store.get(KEY)) as string[] | undefined) ?? [];
  const rest = before.filter(known => known !== address.toLowerCase());
  await transaction.store.put(shown ? [...rest, address.toLowerCase()].sort() : rest, KEY);
  await transaction.done;
  announce('settings');
}
