import type { OwnNames } from '../../search/query.ts';
import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# message', other: '# messages' });

export const search = {
  title: 'Search',
  field: 'Search all mail',
  clear: 'Clear the search',
  results: 'Search results',
  narrow: 'Narrow the search',
  /** How each suggestion is called; what is typed is in `ownNames`. */
  operators: {
    from: 'From',
    to: 'To',
    subject: 'Subject',
    has: 'Has attachment',
    is: '',
    in: 'In mailbox',
    before: 'Before',
    after: 'After',
    account: 'In account',
  } as Record<string, string>,
  /** What operators are called here beside their English names, which are understood in every language. */
  ownNames: [] as OwnNames,
  unread: 'Unread',
  starred: 'Starred',
  all: (n: number) => `Searched all ${messages(n)} on this device.`,
  ready: (n: number) => `All ${messages(n)} on this device can be found.`,
  allFound: (found: number, n: number) =>
    `${count(found, { one: '# result', other: '# results' })} in ${messages(n)} on this device.`,
  partly: (searched: number, total: number) =>
    `${digits(searched)} of ${messages(total)} on this device can be found by all they say.`,
  here: (searched: number, total: number) =>
    `Searched ${digits(searched)} of ${messages(total)} on this device.`,
  asking: (searched: number, total: number) =>
    `Searched ${digits(searched)} of ${messages(total)} on this device. Asking the server…`,
  hereAndServer: (searched: number, total: number) =>
    `Searched ${digits(searched)} of ${messages(total)} on this device … and at the server.`,
  hereOffline: (searched: number, total: number) =>
    `Searched ${digits(searched)} of ${messages(total)} on this device. The server cannot be reached now.`,
  opening: 'Opening the search index…',
  building: (searched: number, total: number) =>
    `Preparing search: ${digits(searched)} of ${messages(total)} on this device.`,
  serverOnly: 'This browser keeps no search index here, as in a private window. The server searches instead.',
  serverOnlyOffline: 'This browser keeps no search index here, and the server cannot be reached now.',
  startTitle: 'Find any message',
  startText: 'Type a name, a word or the beginning of one. Put "quotes" around words that belong together.',
  examples: [
    ['from:mara', 'from a person'],
    ['subject:"tide table"', 'with these words in the subject'],
    ['has:attachment after:2026-01', 'with a file, since January 2026'],
    ['boat -is:read in:archive', 'unread in a mailbox, about a boat'],
  ] as [string, string][],
  nothing: 'Nothing found',
  nothingText: 'Try fewer or shorter words. The beginning of a word is enough.',
  nothingYet: 'Nothing found so far',
  unknown: (typed: string) => `“${typed}” was left out of the search: its value is not known.`,
  held: (n: number) =>
    count(n, { one: 'Show # newer result from the server', other: 'Show # newer results from the server' }),
  choose: 'Choose a result to read',
};
