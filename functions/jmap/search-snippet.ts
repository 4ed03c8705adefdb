import { z } from 'zod';
import { getEmails, type StoredEmail } from '../store/emails.ts';
import { catchUp } from '../store/log.ts';
import { inParallel } from '../store/table.ts';
import { emailCondition, fold, soughtTexts } from './email-filter.ts';
import { MethodError } from './errors.ts';
import { wantedIds } from './get.ts';
import { accountMethod, idSchema } from './methods.ts';
import { parseFilter } from './query.ts';
import { messageReader } from './searched-message.ts';
import { type Id, MAIL } from './types.ts';

/** Emails of one call: each is a message to be read. */
const MAX_EMAILS = 100;
const PARALLEL_MESSAGES = 8;
/** RFC 8621 section 5: the most octets of a preview, tags included. */
const MAX_PREVIEW = 255;
/** Words of a search that are marked: each is looked for in the whole text. */
const MAX_TOKENS = 100;
/** Octets of text before the first match. */
const BEFORE = 60;

/** SearchSnippet of RFC 8621 section 5. */
interface SearchSnippet {
  emailId: Id;
  subject: string | null;
  preview: string | null;
}

/** SearchSnippet/get, RFC 8621 section 5.1. What cannot be read has no preview; its subject is told nevertheless. */
export const searchSnippetGet = accountMethod(
  'SearchSnippet/get',
  MAIL,
  { filter: z.unknown().optional(), emailIds: z.array(idSchema) },
  async (context, args) => {
    const { services, account } = context;
    const sought = soughtTexts(parseFilter(args.filter, emailCondition));
    const ids = wantedIds(context, args.emailIds) ?? [];
    if (ids.length > MAX_EMAILS) {
      throw new MethodError('requestTooLarge', `A call may ask for at most ${MAX_EMAILS} snippets.`);
    }
    await catchUp(services, account.id);
    const emails = await getEmails(services.table, account.id, ids);
    const read = messageReader(context);
    const snippets = new Map<Id, SearchSnippet>();
    const snippetOf = async ({ summary }: StoredEmail): Promise<SearchSnippet> => ({
      emailId: summary.emailId,
      subject: markedSubject(summary.subject ?? '', sought.subject),
      preview: sought.body.length ? markedPreview((await read(summary)).text(), sought.body) : null,
    });
    await inParallel(
      [...emails.values()],
      async email => {
        snippets.set(email.summary.emailId, await snippetOf(email));
      },
      PARALLEL_MESSAGES,
    );
    const notFound = ids.filter(id => !snippets.has(id));
    return {
      list: ids.flatMap(id => snippets.get(id) ?? []),
      notFound: notFound.length ? notFound : null,
    };
  },
);

/** The subject as HTML with every match in `<mark>`; null where nothing matches. */
export function markedSubject(subject: string, tokens: readonly string[]): string | null {
  const matches = matchesIn(subject, tokens);
  return matches.length ? markedHtml(subject, matches, Number.POSITIVE_INFINITY) : null;
}

/** The part of a text around the first match, as HTML of at most 255 octets; null where nothing matches. */
export function markedPreview(text: string, tokens: readonly string[]): string | null {
  const matches = matchesIn(text, tokens);
  const [first] = matches;
  if (!first) return null;
  const start = beginningBefore(text, first.start);
  const shifted = matches.map(({ start: from, end }) => ({ start: from - start, end: end - start }));
  return markedHtml(text.slice(start), shifted, MAX_PREVIEW);
}

/** Where a preview begins: at a word, and no more octets before the match than leave room for what follows it. */
function beginningBefore(text: string, match: number): number {
  let start = match;
  let octets = 0;
  while (start > 0 && octets < BEFORE) {
    const low = text.charCodeAt(start - 1);
    const step = low >= 0xdc00 && low <= 0xdfff && start > 1 ? 2 : 1;
    octets += Buffer.byteLength(escapeHtml(text.slice(start - step, start)));
    start -= step;
  }
  const space = start === 0 ? -1 : text.slice(start, match).indexOf(' ');
  return space < 0 ? start : start + space + 1;
}

interface Match {
  start: number;
  end: number;
}

/** Where the tokens are, in order and without overlaps. */
function matchesIn(text: string, tokens: readonly string[]): Match[] {
  const { folded, origins } = foldWithOrigins(text);
  const found: Match[] = [];
  for (const token of [...new Set(tokens)].slice(0, MAX_TOKENS)) {
    for (let at = folded.indexOf(token); at >= 0; at = folded.indexOf(token, at + token.length)) {
      const end = origins[at + token.length] ?? text.length;
      found.push({ start: origins[at] ?? 0, end: Math.max(end, (origins[at + token.length - 1] ?? 0) + 1) });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Match[] = [];
  for (const match of found) if (match.start >= (kept.at(-1)?.end ?? 0)) kept.push(match);
  return kept;
}

/** The folded text, and from where in the text each of its units came. */
function foldWithOrigins(text: string): { folded: string; origins: number[] } {
  let folded = '';
  const origins: number[] = [];
  let at = 0;
  for (const character of text) {
    const own = fold(character);
    for (let i = 0; i < own.length; i += 1) origins.push(at);
    folded += own;
    at += character.length;
  }
  return { folded, origins };
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeHtml = (text: string) => text.replace(/[&<>]/g, character => ESCAPES[character] ?? character);
const MARKS = Buffer.byteLength('<mark></mark>');

/** Text as HTML with matches in `<mark>`, cut between characters to so many octets. */
function markedHtml(text: string, matches: readonly Match[], limit: number): string {
  let html = '';
  let left = limit;
  let at = 0;
  const add = (end: number, room: number): string => {
    let part = '';
    for (const character of text.slice(at, end)) {
      const escaped = escapeHtml(character);
      const octets = Buffer.byteLength(escaped);
      if (octets > room) break;
      room -= octets;
      left -= octets;
      part += escaped;
      at += character.length;
    }
    return part;
  };
  for (const { start, end } of [...matches, { start: text.length, end: text.length }]) {
    html += add(start, left);
    if (at < start || start === end || left <= MARKS) break;
    left -= MARKS;
    const hit = add(end, left);
    if (hit !== '') html += `<mark>${hit}</mark>`;
    if (at < end) break;
  }
  return html;
}
