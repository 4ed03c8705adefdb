/** IMAP system flags (RFC 9051 section 2.3.2) and the JMAP keywords they are (RFC 8621 section 4.1.1). */
const SYSTEM_FLAGS: ReadonlyMap<string, string> = new Map([
  ['\\seen', '$seen'],
  ['\\flagged', '$flagged'],
  ['\\answered', '$answered'],
  ['\\draft', '$draft'],
]);

const FLAG_OF_KEYWORD: ReadonlyMap<string, string> = new Map([
  ['$seen', '\\Seen'],
  ['$flagged', '\\Flagged'],
  ['$answered', '\\Answered'],
  ['$draft', '\\Draft'],
]);

/** RFC 8621 section 4.1.1: 1 to 255 characters from %x21 to %x7e, excluding `( ) { ] % * " \`. */
const KEYWORD = /^[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]{1,255}$/;

/** Keywords of one message, and their characters in all: real mail has a few, and what is stored has to stay small. */
const MOST_KEYWORDS = 100;
const MOST_CHARACTERS = 2_000;

/**
 * The JMAP keywords of a message with these IMAP flags, sorted, each once (RFC 8621 section 4.1.1). Keywords
 * are case-insensitive and become lower case. `\Recent` and `\Deleted` have no keyword, and what is no JMAP
 * keyword is left out. So is what is more than MOST_KEYWORDS or MOST_CHARACTERS: the last of the alphabet, and never
 * a system flag, so that the same flags always give the same.
 */
export function flagsToKeywords(flags: Iterable<string>): string[] {
  const system = new Set<string>();
  const others = new Set<string>();
  for (const flag of flags) {
    const lower = flag.toLowerCase();
    const keyword = SYSTEM_FLAGS.get(lower);
    if (keyword) system.add(keyword);
    else if (FLAG_OF_KEYWORD.has(lower)) system.add(lower);
    else if (KEYWORD.test(lower)) others.add(lower);
  }
  const kept = [...system];
  let characters = kept.join('').length;
  for (const keyword of [...others].sort()) {
    characters += keyword.length;
    if (kept.length >= MOST_KEYWORDS || characters > MOST_CHARACTERS) break;
    kept.push(keyword);
  }
  return kept.sort();
}

/**
 * The IMAP flags for JMAP keywords, in the spelling that the mailbox already uses where it has one
 * (`$Forwarded`, `Work`). What cannot be an IMAP keyword is left out.
 *
 * @param known flags that the mailbox lists (FLAGS and PERMANENTFLAGS of SELECT)
 */
export function keywordsToFlags(keywords: Iterable<string>, known: Iterable<string>): string[] {
  const spelling = new Map<string, string>();
  for (const flag of known) spelling.set(flag.toLowerCase(), flag);
  const flags = new Set<string>();
  for (const keyword of keywords) {
    const lower = keyword.toLowerCase();
    const system = FLAG_OF_KEYWORD.get(lower);
    if (system) flags.add(system);
    else if (KEYWORD.test(lower)) flags.add(spelling.get(lower) ?? keyword);
  }
  return [...flags];
}

/**
 * Which of these flags the mailbox keeps: all it lists in PERMANENTFLAGS, any keyword when that has `\*`
 * (RFC 9051 section 7.1), and all when it does not say.
 */
export function keptFlags(flags: readonly string[], permanent: ReadonlySet<string> | undefined): string[] {
  if (!permanent) return [...flags];
  const listed = new Set([...permanent].map(flag => flag.toLowerCase()));
  return flags.filter(
    flag => listed.has(flag.toLowerCase()) || (listed.has('\\*') && !flag.startsWith('\\')),
  );
}
