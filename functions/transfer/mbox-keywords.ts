import { readHeaderBlock } from '../mime/header-block.ts';
import { lastValue } from '../mime/headers.ts';
import { flagsToKeywords } from '../source/imap-keywords.ts';

/** How much of a message is looked at, in octets. */
const HEADER = 64 * 1024;
const MOST_KEYWORDS = 20;
const LONGEST_KEYWORD = 64;

/** The letters of Status and X-Status. O (old) says nothing here, and D (deleted) nothing that is wanted. */
const LETTERS: Readonly<Record<string, string>> = { R: '$seen', F: '$flagged', A: '$answered', T: '$draft' };

/**
 * The keywords that mail programs note in an mbox: Status and X-Status (letters), X-Keywords (words). Pure.
 * @param head the beginning of a message
 */
export function mboxKeywords(head: Buffer): string[] {
  const bytes = head.subarray(0, HEADER);
  const { fields } = readHeaderBlock(bytes, 0, { maxFields: 500, isMessage: true });
  const field = (name: string) => lastValue(bytes, fields, name)?.trim() ?? '';
  const letters = [...field('status'), ...field('x-status')];
  const words = field('x-keywords')
    .split(/[\s,]+/)
    .filter(word => word !== '' && word.length <= LONGEST_KEYWORD && !word.startsWith('\\'))
    .slice(0, MOST_KEYWORDS);
  return flagsToKeywords([...letters.flatMap(letter => LETTERS[letter] ?? []), ...words]);
}
