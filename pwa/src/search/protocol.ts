import type { Hit, Search } from './find.ts';

/** The name of the channel between tabs and the worker that owns the index, and of the lock that elects its tab. */
export const CHANNEL = 'mailferry:search';
/** The folder of the index in the origin private file system. */
export const FOLDER = '.mailferry-search';

/** How the index stands. */
export interface IndexStatus {
  /** unavailable: this browser lets no index be kept here, as in a private window; the server searches */
  state: 'opening' | 'building' | 'ready' | 'unavailable';
  /** messages on this device that can be found by all they say */
  searched: number;
  /** messages on this device */
  total: number;
}

/** What a tab says to the worker, whichever tab that lives in. */
export type ToIndex =
  | { kind: 'find'; ask: string; search: Search }
  | { kind: 'status?' }
  /** Signing out: the index is removed. */
  | { kind: 'forget' };

/** What the worker says to all tabs. */
export type FromIndex =
  | { kind: 'found'; ask: string; hits: Hit[] }
  | { kind: 'failed'; ask: string }
  | { kind: 'status'; status: IndexStatus }
  | { kind: 'forgotten' };
