import type { EmailAddress, Id } from '../../../functions/jmap/types.ts';
import { useColour } from './accounts/colour.ts';

/** How many background colours `app.css` has for avatars. */
const COLOURS = 6;

/** The name of a sender, or the address where there is none. */
export function senderName(address: EmailAddress): string {
  return address.name?.trim() || address.email;
}

/**
 * The first letter of a sender on a colour that is always the same for the same address. With an account it has an edge
 * in the account's colour, where there are several.
 */
export function Avatar({ address, accountId = '' }: { address: EmailAddress | null; accountId?: Id }) {
  const edge = useColour(accountId);
  const name = address ? senderName(address) : '';
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0]?.toLocaleUpperCase() ?? '·';
  let hash = 0;
  for (const character of address?.email ?? '') hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return (
    <span
      class={`avatar avatar-${hash % COLOURS}${edge === undefined ? '' : ` edge-${edge}`}`}
      aria-hidden="true"
    >
      {letter}
    </span>
  );
}
