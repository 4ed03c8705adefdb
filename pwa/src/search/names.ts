import type { Id } from '../../../functions/jmap/types.ts';
import type { Resolved } from './find.ts';
import { fold } from './fold.ts';
import { anyOperator, type Operator, type OwnNames, operatorOf, type Query } from './query.ts';

/** What `in:` and `account:` can name. */
export interface Names {
  accounts: readonly { id: Id; name: string; address: string | null }[];
  /** `shown`: what the person sees, in their language where the mailbox has a role */
  mailboxes: readonly { accountId: Id; id: Id; name: string; role: string | null; shown?: string }[];
}

/** The conditions of a query with names looked up: by role, else by the whole name, else by a part of it. */
export function resolve(query: Pick<Query, 'conditions'>, names: Names): Resolved[] {
  return query.conditions.map(condition => {
    if (condition.kind === 'account') {
      const accountIds = named(names.accounts, condition.name, ({ name, address }) => [name, address ?? '']);
      return { kind: 'account', accountIds: accountIds.map(({ id }) => id), not: condition.not };
    }
    if (condition.kind !== 'in') return condition;
    const mailboxes = named(names.mailboxes, condition.name, one => [
      ...[one.role ?? '', one.name, one.shown ?? ''],
    ]);
    return {
      kind: 'in',
      mailboxes: mailboxes.map(({ accountId, id }) => ({ accountId, id })),
      not: condition.not,
    };
  });
}

function named<T>(all: readonly T[], wanted: string, namesOf: (one: T) => string[]): T[] {
  const name = fold(wanted);
  const whole = all.filter(one => namesOf(one).some(own => fold(own) === name));
  return whole.length ? whole : all.filter(one => namesOf(one).some(own => fold(own).includes(name)));
}

/** What the search box can offer next: the text that it would hold then. */
export interface Suggestion {
  operator: Operator;
  /** the value, as `unread` of `is:unread`; null for an operator that wants one to be typed */
  value: string | null;
  text: string;
  /** Taken already: choosing it again takes it away. */
  on: boolean;
}

const WHOLE: [Operator, string][] = [
  ['is', 'unread'],
  ['is', 'starred'],
  ['has', 'attachment'],
];
const OPEN: Operator[] = ['from', 'to', 'subject', 'in', 'before', 'after', 'account'];
/** Names offered at once. */
const MOST = 12;
/** The operators that can be added to what was typed, by their own names; after `in:` and `account:` the names of those. */
export function suggest(typed: string, names: Names, own: OwnNames = []): Suggestion[] {
  const last = new RegExp(`(?:^|\\s)-?(${anyOperator(own)})[:：](?:"([^"]*)|([^\\s"]*))$`, 'iu');
  const [, operator = '', inQuotes, plain = ''] = last.exec(typed) ?? [];
  const begun = inQuotes ?? plain;
  const name = operatorOf(operator, own);
  if (name === 'in' || name === 'account') {
    const all = name === 'in' ? names.mailboxes : names.accounts;
    const called = all.map(one => ('shown' in one && one.shown) || one.name);
    const found = [...new Set(called)].filter(one => fold(one).startsWith(fold(begun)));
    const before = typed.slice(0, typed.length - begun.length).replace(/"$/, '');
    const chosen = found.filter(one => one !== begun).slice(0, MOST);
    if (chosen.length) {
      return chosen.map(value => ({ operator: name, value, text: `${before}${quoted(value)} `, on: false }));
    }
  }
  const kept = typed.trim();
  const whole = WHOLE.map(([operator, value]): Suggestion => {
    const piece = new RegExp(`(^|\\s)${operator}:${value}(?=\\s|$)`, 'i');
    const on = piece.test(kept);
    const text = on ? kept.replace(piece, '').trim() : `${kept} ${operator}:${value}`.trim();
    return { operator, value, text: text === '' ? '' : `${text} `, on };
  });
  const several = names.accounts.length > 1;
  const open = OPEN.filter(one => several || one !== 'account');
  const nameOf = (operator: Operator) => own.find(([, one]) => one === operator)?.[0] ?? operator;
  return [
    ...whole,
    ...open.map(operator => ({
      operator,
      value: null,
      text: `${kept} ${nameOf(operator)}:`.trimStart(),
      on: false,
    })),
  ];
}

const quoted = (name: string) => (/\s/.test(name) ? `"${name}"` : name);
