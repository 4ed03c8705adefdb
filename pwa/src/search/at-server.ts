import type { Email, Id } from '../../../functions/jmap/types.ts';
import { type Call, ref } from '../jmap/client.ts';
import { MethodRefused } from '../jmap/errors.ts';
import type { Database } from '../mailbox/db.ts';
import { changeEmails, METADATA, storeFromServer } from '../mailbox/emails.ts';
import { feedOf } from '../mailbox/feed.ts';
import { accountLock, exclusively } from '../mailbox/locks.ts';
import { announce } from '../mailbox/observe.ts';
import type { Resolved } from './find.ts';
import type { Piece } from './marks.ts';
import type { Found } from './merge-found.ts';
import type { Query, Term } from './query.ts';

/** Results asked for at a time, of each account. */
const PAGE = 50;

type Filter = Record<string, unknown>;

/**
 * The filter of Email/query (RFC 8621 section 4.4.1) for one account; null where nothing of it can match.
 * @param inBodies also looks into the text of messages, which a server may refuse where it would take too long
 */
export function serverFilter(
  query: Pick<Query, 'terms'>,
  conditions: readonly Resolved[],
  accountId: Id,
  inBodies: boolean,
): Filter | null {
  const filters: Filter[] = query.terms.map(term => negated(filterOfTerm(term, inBodies), term.not));
  for (const condition of conditions) {
    if (condition.kind === 'account') {
      if (condition.accountIds.includes(accountId) === condition.not) return null;
      continue;
    }
    const filter = filterOfCondition(condition, accountId);
    if (filter === null) return null;
    filters.push(filter);
  }
  return filters.length === 1 ? (filters[0] ?? null) : { operator: 'AND', conditions: filters };
}

function filterOfTerm({ field, text, phrase }: Term, inBodies: boolean): Filter {
  const value = phrase ? `"${text.replace(/[\\"]/g, '\\$&')}"` : text;
  if (field === 'to') return { operator: 'OR', conditions: [{ to: value }, { cc: value }] };
  if (field !== 'any') return { [field]: value };
  return inBodies ? { operator: 'OR', conditions: [{ text: value }, { body: value }] } : { text: value };
}

function filterOfCondition(condition: Exclude<Resolved, { kind: 'account' }>, accountId: Id): Filter | null {
  const { not } = condition;
  switch (condition.kind) {
    case 'attachment':
      return { hasAttachment: !not };
    case 'unread':
      return { [not ? 'hasKeyword' : 'notKeyword']: '$seen' };
    case 'starred':
      return { [not ? 'notKeyword' : 'hasKeyword']: '$flagged' };
    case 'before':
    case 'after': {
      const kind = not ? (condition.kind === 'before' ? 'after' : 'before') : condition.kind;
      return { [kind]: new Date(condition.time).toISOString() };
    }
    case 'in': {
      const own = condition.mailboxes.filter(mailbox => mailbox.accountId === accountId);
      if (own.length === 0 && !not) return null;
      return negated({ operator: 'OR', conditions: own.map(({ id }) => ({ inMailbox: id })) }, not);
    }
  }
}

function negated(filter: Filter, not: boolean): Filter {
  return not ? { operator: 'NOT', conditions: [filter] } : filter;
}

/** The next results of one account at the server, newest first, and where the ones after them begin; null for no more. */
export async function findAtServer(
  call: Call,
  accountId: Id,
  filterOf: (inBodies: boolean) => Filter | null,
  position: number,
  signal: AbortSignal,
): Promise<{ found: Found[]; emails: Email[]; next: number | null }> {
  const ask = async (inBodies: boolean) => {
    const filter = filterOf(inBodies);
    if (filter === null) return null;
    const sort = [{ property: 'receivedAt', isAscending: false }];
    const ids = ref('q', 'Email/query', '/ids');
    const answers = await call(
      [
        ['Email/query', { accountId, filter, sort, position, limit: PAGE }, 'q'],
        ['Email/get', { accountId, '#ids': ids, properties: METADATA }, 'e'],
        ['SearchSnippet/get', { accountId, filter, '#emailIds': ids }, 's'],
      ],
      { signal },
    );
    const { list: emails } = answers.of<{ list: Email[] }>('e');
    return { count: answers.of<{ ids: Id[] }>('q').ids.length, emails, snippets: snippetsOf(answers) };
  };
  const answer = await ask(true).catch(error => {
    if (error instanceof MethodRefused && error.code === 'unsupportedFilter') return ask(false);
    throw error;
  });
  if (!answer) return { found: [], emails: [], next: null };
  const found = answer.emails.map(({ id, receivedAt }) => ({
    accountId,
    id,
    at: Date.parse(receivedAt ?? '') || 0,
    snippet: answer.snippets.get(id) ?? null,
  }));
  return { found, emails: answer.emails, next: answer.count < PAGE ? null : position + answer.count };
}

function snippetsOf(answers: Awaited<ReturnType<Call>>): Map<Id, Piece[]> {
  try {
    const { list } = answers.of<{ list: { emailId: Id; preview: string | null }[] }>('s');
    return new Map(
      list.flatMap(({ emailId, preview }) => (preview ? [[emailId, piecesOfMarks(preview)]] : [])),
    );
  } catch {
    // Snippets are worth no failure: the preview is shown instead.
    return new Map();
  }
}

const REFERENCES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** The text of a SearchSnippet, whose only tag is `<mark>` (RFC 8621 section 5). */
export function piecesOfMarks(snippet: string): Piece[] {
  return snippet
    .split(/<mark>([\s\S]*?)<\/mark>/)
    .map((part, position) => ({
      text: part.replace(/&(?:amp|lt|gt|quot|#39);/g, reference => REFERENCES[reference] ?? reference),
      hit: position % 2 === 1,
    }))
    .filter(piece => piece.text !== '');
}

/** Takes in Emails that the list of this account has not reached yet, so that they can be shown and opened. */
export async function takeIn(db: Database, accountId: Id, emails: readonly Email[]): Promise<void> {
  const known = await Promise.all(emails.map(email => db.getKey('emails', [accountId, email.id])));
  const unknown = emails.filter((_, position) => known[position] === undefined);
  if (unknown.length === 0) return;
  await exclusively(accountLock(accountId), async () => {
    const { generation } = await feedOf(db, accountId);
    await changeEmails(db, transaction => storeFromServer(transaction, accountId, unknown, generation));
  });
  announce('emails');
}
