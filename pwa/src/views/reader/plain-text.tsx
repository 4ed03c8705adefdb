import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { words } from '../../words/words.ts';
import { foldedBlocks, linksOf } from './text.ts';

/** Quotes longer than this many lines are folded. */
const FOLD = 3;

type OnLink = (href: string, text: string) => void;

/** What stands between quotes, without the empty lines that the quotes' own margins stand for. */
function textAround(lines: readonly string[]): string {
  return lines.join('\n').replace(/^\n+|\s+$/g, '');
}

function Linked({ text, onLink }: { text: string; onLink: OnLink }): ComponentChildren {
  return linksOf(text).map((piece, position) =>
    piece.href ? (
      <a
        key={position}
        href={piece.href}
        target="_blank"
        rel="noopener noreferrer"
        onClick={event => {
          if (!/^https?:/i.test(piece.href ?? '')) return;
          event.preventDefault();
          onLink(piece.href ?? '', piece.text);
        }}
      >
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
}

/** Plain text with its links alive and long quotes folded. */
export function PlainText({ text, onShown, onLink }: { text: string; onShown: () => void; onLink: OnLink }) {
  useEffect(onShown, [onShown]);
  if (!text.trim()) return <p class="plain note">{words.reader.empty}</p>;
  const blocks = foldedBlocks(text);
  return (
    <div class="plain">
      {blocks.map((block, position) => {
        if (!block.quoted) {
          return (
            <p key={position}>
              <Linked text={textAround(block.lines)} onLink={onLink} />
            </p>
          );
        }
        const quote = (
          <blockquote>
            <Linked text={block.lines.map(line => line.replace(/^> ?/, '')).join('\n')} onLink={onLink} />
          </blockquote>
        );
        // What is all that there is stays open.
        if (block.lines.length <= FOLD || blocks.length === 1) return <div key={position}>{quote}</div>;
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
