import { randomBytes } from 'node:crypto';
import type { Id } from './types.ts';

const CHARACTERS = 20;

/** An id that nobody can guess: the letter of its kind and twenty random characters of base32hex. */
export function randomId(letter: string): Id {
  return letter + [...randomBytes(CHARACTERS)].map(byte => (byte & 31).toString(32)).join('');
}
