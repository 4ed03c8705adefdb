import { receivedAtOf } from '../mime/identity.ts';
import type { EmailSummary } from '../store/rows.ts';
import type { Candidate } from './email-filter.ts';
import { MethodError } from './errors.ts';
import { type Comparator, collationOf, compareKeys } from './query.ts';

type Key = (email: Candidate) => string | number;

interface Sort {
  needs: 'state' | 'summary' | 'thread';
  key(comparator: Comparator): Key;
}

const fromSummary = (read: (summary: EmailSummary) => string | number) => (email: Candidate) =>
  email.summary ? read(email.summary) : '';

/** Strings are compared by their collation. */
const byText = (read: (summary: EmailSummary) => string): Sort => ({
  needs: 'summary',
  key: ({ collation }) => {
    const collate = collationOf(collation);
    return fromSummary(summary => collate(read(summary)));
  },
});

const firstOf = (addresses: EmailSummary['from']) => addresses?.[0]?.name || addresses?.[0]?.email || '';

/** The sorts of RFC 8621 section 4.4.2. */
const SORTS: Record<string, Sort> = {
  receivedAt: { needs: 'state', key: () => email => receivedAtOf(email.id) },
  size: { needs: 'summary', key: () => fromSummary(summary => summary.size) },
  from: byText(summary => firstOf(summary.from)),
  to: byText(summary => firstOf(summary.to)),
  subject: byText(summary => baseSubject(summary.subject ?? '')),
  sentAt: {
    needs: 'summary',
    key: () => fromSummary(({ sentAt }) => (sentAt === null ? 0 : Date.parse(sentAt) || 0)),
  },
  hasKeyword: {
    needs: 'state',
    key: comparator => {
      const keyword = keywordOf(comparator);
      return email => Number(email.state.keywords.includes(keyword));
    },
  },
  allInThreadHaveKeyword: {
    needs: 'thread',
    key: comparator => {
      const keyword = keywordOf(comparator);
      return email => Number(email.thread.every(state => state.keywords.includes(keyword)));
    },
  },
  someInThreadHaveKeyword: {
    needs: 'thread',
    key: comparator => {
      const keyword = keywordOf(comparator);
      return email => Number(email.thread.some(state => state.keywords.includes(keyword)));
    },
  },
};

/** What emailQuerySortOptions of the mail capability names. */
export const SORT_OPTIONS: readonly string[] = Object.keys(SORTS);

/**
 * What a sort needs to know of an Email, and the sort itself, newest first among equals. `newestFirst` when it is
 * the order of the ids, descending, so that reading can stop early. Throws MethodError `unsupportedSort`.
 */
export function compileSort(comparators: readonly Comparator[]) {
  const needs = new Set<Sort['needs']>();
  const keys = comparators.map(comparator => {
    const sort = Object.hasOwn(SORTS, comparator.property) ? SORTS[comparator.property] : undefined;
    if (!sort) {
      const name = comparator.property.slice(0, 100);
      throw new MethodError('unsupportedSort', `Mail cannot be sorted by ${name} here.`);
    }
    needs.add(sort.needs);
    return { key: sort.key(comparator), sign: comparator.isAscending ? 1 : -1 };
  });
  const [only, ...others] = comparators;
  const newestFirst =
    only === undefined || (others.length === 0 && only.property === 'receivedAt' && !only.isAscending);
  return { needs, newestFirst, sort: (emails: readonly Candidate[]) => sorted(emails, keys) };
}

function sorted(emails: readonly Candidate[], keys: readonly { key: Key; sign: number }[]): Candidate[] {
  const keyed = emails.map(email => ({ email, values: keys.map(({ key }) => key(email)) }));
  keyed.sort((a, b) => {
    for (const [i, { sign }] of keys.entries()) {
      const order = sign * compareKeys(a.values[i] ?? '', b.values[i] ?? '');
      if (order !== 0) return order;
    }
    return compareKeys(b.email.id, a.email.id);
  });
  return keyed.map(({ email }) => email);
}

function keywordOf({ keyword, property }: Comparator): string {
  if (keyword !== undefined) return keyword.toLowerCase();
  throw new MethodError('invalidArguments', `A sort by ${property} needs a keyword.`);
}

/** The base subject of RFC 5256 section 2.1: without reply and forward marks and list tags. */
export function baseSubject(subject: string): string {
  let base = subject.replace(/\s+/g, ' ').trim();
  for (let before = ''; before !== base; ) {
    before = base;
    base = base.replace(/(\s*\(fwd\))+$/i, '').trim();
    base = base.replace(/^(\[[^[\]]*\]\s*)*(re|fwd?)\s*(\[[^[\]]*\]\s*)?:\s*/i, '');
    const untagged = base.replace(/^\[[^[\]]*\]\s*/, '');
    if (untagged !== '') base = untagged;
    base = /^\[fwd:(.*)\]$/i.exec(base)?.[1]?.trim() ?? base;
  }
  return base;
}
