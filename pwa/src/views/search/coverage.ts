import { words } from '../../words/words.ts';
import type { Search } from './use-search.ts';

/** How much was searched, as one sentence. */
export function coverage({ query, index, server, rows, doneHere, held }: Search, offline: boolean): string {
  const { state, searched, total } = index;
  const asked = query.terms.length > 0 || query.conditions.length > 0;
  if (state === 'opening') return words.search.opening;
  if (state === 'unavailable') return offline ? words.search.serverOnlyOffline : words.search.serverOnly;
  if (!asked) {
    if (state === 'building') return words.search.building(searched, total);
    return searched < total ? words.search.partly(searched, total) : words.search.ready(total);
  }
  if (server === 'asking') return words.search.asking(searched, total);
  if (server === 'done') return words.search.hereAndServer(searched, total);
  if (server === 'unreachable') return words.search.hereOffline(searched, total);
  if (searched < total) return words.search.here(searched, total);
  return doneHere ? words.search.allFound(rows.length + held.length, total) : words.search.all(total);
}
