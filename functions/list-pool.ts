/**
 * Hands out one list for all that are equal: the messages of a mailbox have few different sets of mailboxes or keywords,
 * and a run on a large one would hold each a hundred thousand times. Nobody changes what comes out of it.
 */
export function listPool(): (list: readonly string[]) => readonly string[] {
  const pool = new Map<string, readonly string[]>();
  return list => {
    const key = list.join(' ');
    const known = pool.get(key);
    if (!known) pool.set(key, list);
    return known ?? list;
  };
}
