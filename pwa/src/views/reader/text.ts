/** A run of lines that are quoted, or that are not. */
export interface Block {
  quoted: boolean;
  lines: string[];
}

/** Cuts text into what the sender wrote and what they quoted (`>`); pure. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').trimEnd().split('\n')) {
    const quoted = line.startsWith('>');
    const last = blocks.at(-1);
    if (last && last.quoted === quoted) last.lines.push(line);
    else blocks.push({ quoted, lines: [line] });
  }
  return blocks;
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
