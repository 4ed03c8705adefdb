/** A run of lines that are quoted, or that are not. */
export interface Block {
  quoted: boolean;
  lines: string[];
}

/** A line that begins a message that is answered, where a program quotes without `>`. */
const ORIGINAL =
  /^\s*-{3,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Messaggio originale|Oorspronkelijk bericht|元のメッセージ|الرسالة الأصلية)\s*-{3,}\s*$/i;
const RULE = /^_{20,}$/;
const HEADER = /^\s*(?:From|Von|De|Da|Van|差出人|من)\s*:/i;
/** `On Monday Jane wrote:`: a line with a digit and a colon last; it may be broken in two. */
const INTRODUCTION = /^[^\n]{0,200}\d[^\n]{0,200}(?:\n[^\n]{0,100})?[:：]$/;

function beginsOriginal(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  return ORIGINAL.test(line) || (RULE.test(line) && HEADER.test(lines[at + 1] ?? ''));
}

/** Cuts text into what the sender wrote and what they quoted (`>`, or all below the line of Outlook); pure. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.replace(/\r\n?/g, '\n').trimEnd().split('\n');
  for (const [at, line] of lines.entries()) {
    if (beginsOriginal(lines, at) && lines.slice(0, at).some(one => one.trim())) {
      blocks.push({ quoted: true, lines: lines.slice(at) });
      break;
    }
    const quoted = line.startsWith('>');
    const last = blocks.at(-1);
    if (last && last.quoted === quoted) last.lines.push(line);
    else blocks.push({ quoted, lines: [line] });
  }
  return blocks;
}

/**
 * The blocks as they are shown: the line that says whose the last quote is belongs to it, so that both are folded
 * together; pure.
 */
export function foldedBlocks(text: string): Block[] {
  const blocks = blocksOf(text);
  const quote = blocks.at(-1);
  const own = blocks.at(-2);
  if (!quote?.quoted || !own) return blocks;
  const written = own.lines.join('\n').trimEnd();
  const start = Math.max(0, written.lastIndexOf('\n\n') + 2);
  const from = written.lastIndexOf('\n\n') < 0 ? 0 : start;
  const introduction = written.slice(from).trim();
  if (from === 0 || !INTRODUCTION.test(introduction)) return blocks;
  const rest = { quoted: false, lines: written.slice(0, from).trimEnd().split('\n') };
  return [
    ...blocks.slice(0, -2),
    rest,
    { quoted: true, lines: [...introduction.split('\n'), '', ...quote.lines] },
  ];
}

/** The depth of a quoted line and what follows it (RFC 3676 section 4.5). */
function quoteOf(line: string): { depth: number; rest: string } {
  const [marks = ''] = /^>*/.exec(line) ?? [];
  const rest = line.slice(marks.length);
  // Space-stuffing, section 4.4: the first space is the sender's program's.
  return { depth: marks.length, rest: rest.startsWith(' ') ? rest.slice(1) : rest };
}

/**
 * Puts the lines of `format=flowed` text together to paragraphs again (RFC 3676); pure.
 * @param delSp the space at which a line was broken is not part of the text
 */
export function unflow(text: string, delSp: boolean): string {
  const result: string[] = [];
  let open: { depth: number; text: string } | null = null;
  const write = () => {
    if (open) result.push(open.depth ? `${'>'.repeat(open.depth)} ${open.text}` : open.text);
    open = null;
  };
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const { depth, rest } = quoteOf(line);
    const signature = rest === '-- ';
    const flows = rest.endsWith(' ') && !signature;
    const piece = flows && delSp ? rest.slice(0, -1) : rest;
    const known = open as { depth: number; text: string } | null;
    if (known && (known.depth !== depth || signature)) write();
    const joined = open as { depth: number; text: string } | null;
    open = { depth, text: (joined?.text ?? '') + piece };
    if (!flows) write();
  }
  write();
  return result.join('\n');
}

const LINK = /\bhttps?:\/\/[^\s<>"]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** A piece of text, and where it leads if it is an address; pure. */
export function linksOf(text: string): { text: string; href: string | null }[] {
  const pieces: { text: string; href: string | null }[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    // A full stop or a bracket after an address belongs to the sentence.
    const found = match[0].replace(/[).,;:!?'\]]+$/, '');
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null });
    pieces.push({ text: found, href: found.includes('://') ? found : `mailto:${found}` });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}
