import type { EmailAddress } from '../../../functions/jmap/types.ts';

/** How many background colours `app.css` has for avatars. */
const COLOURS = 6;

/** The name of a sender, or the address where there is none. */
export function senderName(address: EmailAddress): string {
  return address.name?.trim() || address.email;
}

/** The first letter of a sender on a colour that is always the same for the same address. */
export function Avatar({ address }: { address: EmailAddress | null }) {
  const name = address ? senderName(address) : '';
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0]?.toLocaleUpperCase() ?? '·';
  let hash = 0;
  for (const character of address?.email ?? '') hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return (
    <span class={`avatar avatar-${hash % COLOURS}`} aria-hidden="true">
      {letter}
    </span>
  );
}
