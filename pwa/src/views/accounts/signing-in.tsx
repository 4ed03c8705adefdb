import type { MailAccountTest } from '../../../../functions/jmap/types.ts';
import { words } from '../../words/words.ts';

/** Pages of a provider that may help, in tabs of their own. */
export function HelpPages({ pages }: { pages: readonly { text: string; url: string }[] }) {
  const safe = pages.filter(({ url }) => url.startsWith('https://'));
  if (!safe.length) return null;
  return (
    <div>
      <p class="field-label">{words.onboarding.help}</p>
      <ul class="links">
        {safe.map(({ text, url }) => (
          <li key={url}>
            <a href={url} target="_blank" rel="noopener noreferrer">
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Where the server's own words say more than ours. */
const SAYS_MORE: ReadonlySet<string | null> = new Set([
  ...(['tls', 'protocol', 'temporary', 'throttled', 'quota', 'refused', 'disconnected'] as const),
]);

/** Why a mail server did not let us in, and what to do. */
export function WhyNot(props: { test: MailAccountTest; help?: readonly { text: string; url: string }[] }) {
  const { code, message } = props.test;
  const known = words.onboarding.problems[code ?? ''];
  return (
    <div class="note note-warning" role="alert">
      <p>
        <b dir="auto">{known?.title ?? message}</b>
      </p>
      <p>{known?.todo ?? words.onboarding.otherProblem}</p>
      {known && SAYS_MORE.has(code) && (
        <p class="card-note" dir="auto">
          {words.onboarding.saidThat(message)}
        </p>
      )}
      <HelpPages pages={props.help ?? []} />
    </div>
  );
}
