import { z } from 'zod';
import { isHeaderProperty } from '../mime/header-property.ts';
import { receivedAtOf } from '../mime/identity.ts';
import type { EmailSummary } from '../store/rows.ts';
import type { EmailState } from '../store/state.ts';
import { idSchema } from './methods.ts';
import { allOf, conditionsOf, type FilterOf, passes } from './query.ts';
import type { SearchedMessage } from './searched-message.ts';
import type { EmailAddress, Id } from './types.ts';

const utcDate = z.iso.datetime({ offset: false }).transform(text => Date.parse(text));
const octets = z.int().nonnegative();

const headerField = z
  .string()
  .refine(name => isHeaderProperty(`header:${name}:asRaw:all`), 'is no header field');

/**
 * The FilterCondition of RFC 8621 section 4.4.1. `text` looks at the From, To, Cc and Subject of the row, and at the
 * preview; `body`, `bcc` and `header` look into the message itself, of which one query reads so many at most
 * (`MessageReader`).
 */
export const emailCondition = z.strictObject({
  inMailbox: idSchema.optional(),
  inMailboxOtherThan: z.array(idSchema).optional(),
  before: utcDate.optional(),
  after: utcDate.optional(),
  minSize: octets.optional(),
  maxSize: octets.optional(),
  allInThreadHaveKeyword: z.string().optional(),
  someInThreadHaveKeyword: z.string().optional(),
  noneInThreadHaveKeyword: z.string().optional(),
  hasKeyword: z.string().optional(),
  notKeyword: z.string().optional(),
  hasAttachment: z.boolean().optional(),
  text: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  cc: z.string().optional(),
  subject: z.string().optional(),
  bcc: z.string().optional(),
  body: z.string().optional(),
  header: z.union([z.tuple([headerField]), z.tuple([headerField, z.string()])]).optional(),
});
export type EmailCondition = z.infer<typeof emailCondition>;
export type EmailFilter = FilterOf<EmailCondition> | null;

/** An Email as filters and sorts see it. What a plan says it does not need may be missing. */
export interface Candidate {
  id: Id;
  state: EmailState;
  summary: EmailSummary | null;
  /** The state of every Email of its Thread. */
  thread: readonly EmailState[];
  /** The message, once it was read. */
  message?: SearchedMessage;
}

/** Null while the message has to be read to tell. */
type Test = (email: Candidate) => boolean | null;

interface Predicate<V> {
  needs: 'state' | 'summary' | 'thread' | 'message';
  test(value: V): Test;
}

const has = (state: EmailState, keyword: string) => state.keywords.includes(keyword.toLowerCase());

const PREDICATES: { [K in keyof EmailCondition]-?: Predicate<NonNullable<EmailCondition[K]>> } = {
  inMailbox: onState(id => state => state.mailboxIds.includes(id)),
  inMailboxOtherThan: onState(ids => state => state.mailboxIds.some(id => !ids.includes(id))),
  before: { needs: 'state', test: time => email => receivedAtOf(email.id) < time },
  after: { needs: 'state', test: time => email => receivedAtOf(email.id) >= time },
  minSize: onSummary(size => summary => summary.size >= size),
  maxSize: onSummary(size => summary => summary.size < size),
  allInThreadHaveKeyword: onThread(keyword => thread => thread.every(state => has(state, keyword))),
  someInThreadHaveKeyword: onThread(keyword => thread => thread.some(state => has(state, keyword))),
  noneInThreadHaveKeyword: onThread(keyword => thread => !thread.some(state => has(state, keyword))),
  hasKeyword: onState(keyword => state => has(state, keyword)),
  notKeyword: onState(keyword => state => !has(state, keyword)),
  hasAttachment: onSummary(wanted => summary => summary.hasAttachment === wanted),
  text: onText(({ from, to, cc, subject, preview }) =>
    [from, to, cc].map(textOf).concat(subject ?? '', preview),
  ),
  from: onText(summary => [textOf(summary.from)]),
  to: onText(summary => [textOf(summary.to)]),
  cc: onText(summary => [textOf(summary.cc)]),
  subject: onText(summary => [summary.subject ?? '']),
  bcc: onMessage(text => {
    const tokens = searchTokens(text);
    return message => containsAll(textOf(message.addresses('bcc')), tokens);
  }),
  body: onMessage(text => {
    const tokens = searchTokens(text);
    return message => containsAll(message.text(), tokens);
  }),
  header: onMessage(([name, text]) => {
    const wanted = text === undefined ? null : fold(text.trim());
    return message => message.header(name).some(value => wanted === null || fold(value).includes(wanted));
  }),
};

/** What a filter needs to know of an Email, and its test, which answers null where only the message can tell. */
export function compileFilter(filter: EmailFilter): { needs: Set<Predicate<never>['needs']>; test: Test } {
  const needs = new Set<Predicate<never>['needs']>();
  const compiled = new Map<EmailCondition, Test>();
  for (const condition of conditionsOf(filter)) {
    const tests: Test[] = [];
    for (const name of Object.keys(condition) as (keyof EmailCondition)[]) {
      const value = condition[name];
      if (value === undefined) continue;
      const predicate = PREDICATES[name] as Predicate<typeof value>;
      needs.add(predicate.needs);
      tests.push(predicate.test(value));
    }
    compiled.set(condition, email => allOf(tests, test => test(email)));
  }
  return {
    needs,
    test: email => passes(filter, condition => (compiled.get(condition) as Test)(email)),
  };
}

/**
 * The words and quoted phrases that a search text asks for, folded; all of them must be found (RFC 8621 section 4.4.1).
 * In a phrase a backslash makes a quote or a backslash literal.
 */
export function searchTokens(text: string): string[] {
  const tokens: string[] = [];
  const pattern = /"((?:[^"\\]|\\.)*)"(?=\s|$)|'((?:[^'\\]|\\.)*)'(?=\s|$)|(\S+)/gsu;
  for (const [, double, single, word] of text.matchAll(pattern)) {
    const phrase = (double ?? single)?.replace(/\\(['"\\])/g, '$1');
    const token = fold(phrase ?? word ?? '');
    if (token !== '') tokens.push(token);
  }
  return tokens;
}

/** The texts that results of a filter may be shown with: those asked for, not those that must not be there. */
export function soughtTexts(filter: EmailFilter): { subject: string[]; body: string[] } {
  if (filter === null) return { subject: [], body: [] };
  if ('condition' in filter) {
    const { text, subject, body } = filter.condition;
    const tokens = (...texts: (string | undefined)[]) => texts.flatMap(one => searchTokens(one ?? ''));
    return { subject: tokens(text, subject), body: tokens(text, body) };
  }
  if (filter.operator === 'NOT') return { subject: [], body: [] };
  const all = filter.conditions.map(soughtTexts);
  return { subject: all.flatMap(one => one.subject), body: all.flatMap(one => one.body) };
}

/** How texts are compared: compatible forms and cases are one. */
export const fold = (text: string) => text.normalize('NFKC').toLowerCase();

const textOf = (addresses: readonly EmailAddress[] | null) =>
  (addresses ?? []).map(({ name, email }) => `${name ?? ''} ${email}`).join('\n');

function onState<V>(make: (value: V) => (state: EmailState) => boolean): Predicate<V> {
  return {
    needs: 'state',
    test: value => {
      const test = make(value);
      return email => test(email.state);
    },
  };
}

function onSummary<V>(make: (value: V) => (summary: EmailSummary) => boolean): Predicate<V> {
  return {
    needs: 'summary',
    test: value => {
      const test = make(value);
      return email => email.summary !== null && test(email.summary);
    },
  };
}

function onThread(make: (keyword: string) => (thread: readonly EmailState[]) => boolean): Predicate<string> {
  return {
    needs: 'thread',
    test: keyword => {
      const test = make(keyword);
      return email => test(email.thread);
    },
  };
}

function onMessage<V>(make: (value: V) => (message: SearchedMessage) => boolean): Predicate<V> {
  return {
    needs: 'message',
    test: value => {
      const test = make(value);
      return ({ message }) => (message ? test(message) : null);
    },
  };
}

function containsAll(text: string, tokens: readonly string[]): boolean {
  const folded = fold(text);
  return tokens.every(token => folded.includes(token));
}

function onText(fields: (summary: EmailSummary) => string[]): Predicate<string> {
  return onSummary(text => {
    const tokens = searchTokens(text);
    return summary => containsAll(fields(summary).join('\n'), tokens);
  });
}
