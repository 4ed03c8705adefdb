import { announce } from '../../mailbox/observe.ts';
import { writeSetting } from '../../mailbox/settings.ts';
import type { Choices } from '../../push/choices.ts';

/** Keeps what the person chose; every view of it follows. */
export async function choose(choices: Choices): Promise<void> {
  await writeSetting('notify', choices);
  announce('status');
}
