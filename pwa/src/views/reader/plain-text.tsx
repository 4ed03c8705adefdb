import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { words } from '../../words/words.ts';
import { blocksOf, linksOf } from './text.ts';

/** Quotes longer than this many lines are folded. */
const FOLD = 3;

/** What stands between quotes, without the empty lines that the quotes' own margins stand for. */
function textAround(lines: readonly string[]): string {
  return lines.join('\n').replace(/^\n+|\s+$/g, '');
}

function Linked({ text }: { text: string }): ComponentChildren {
  return linksOf(text).map((piece, position) =>
    piece.href ? (
      <a key={position} href={piece.href} target="_blank" rel="noopener noreferrer">
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
}

/** Plain text with its links alive and long quotes folded. */
export function PlainText({ text, onShown }: { text: string; onShown: () => void }) {
  useEffect(onShown, [onShown]);
  if (!text.trim()) return <p class="plain note">{words.reader.empty}</p>;
  return (
    <div class="plain">
      {blocksOf(text).map((block, position) => {
        if (!block.quoted) {
          return (
            <p key={position}>
              <Linked text={textAround(block.lines)} />
            </p>
          );
        }
        const quote = (
          <blockquote>
            <Linked text={block.lines.map(line => line.replace(/^> ?/, '')).join('\n')} />
          </blockquote>
        );
        if (block.lines.length <= FOLD) return <div key={position}>{quote}</div>;
        return (
          <details key={position}>
            <summary>{words.reader.quoted}</summary>
            {quote}
          </details>
        );
      })}
    </div>
  );
}
