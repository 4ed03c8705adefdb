/** A string, or a character that structures. Only run over text that JSON.parse has accepted. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Reads I-JSON (RFC 7493): UTF-8 without a byte order mark, no lone surrogates, no member name twice in an object.
 * Throws SyntaxError (or TypeError for what is not UTF-8).
 */
export function parseIJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const value: unknown = JSON.parse(text);
  checkStrings(text);
  return value;
}

function checkStrings(text: string): void {
  /** For each open object the names seen; null for an array. */
  const open: (Set<string> | null)[] = [];
  let previous = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const names = open.at(-1);
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"')) {
      const value = String(JSON.parse(token));
      if (/\p{Surrogate}/u.test(value)) throw new SyntaxError('a string holds half a surrogate pair');
      if (names && (previous === '{' || previous === ',')) {
        if (names.has(value)) throw new SyntaxError('an object has the same member twice');
        names.add(value);
      }
    }
    previous = token;
  }
}
