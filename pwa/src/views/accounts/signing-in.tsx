import type { MailAccountDiscovery, MailAccountTest } from '../../../../functions/jmap/types.ts';
import { said, saidAll } from '../../words/said.ts';
import { words } from '../../words/words.ts';
import { useInView } from './problem.tsx';

/** Pages of a provider that may help, in tabs of their own. */
export function HelpPages({ pages }: { pages: MailAccountDiscovery['help'] }) {
  const safe = pages.filter(({ url }) => url.startsWith('https://'));
  if (!safe.length) return null;
  return (
    <div>
      <p class="field-label">{words.onboarding.help}</p>
      <ul class="links">
        {safe.map(page => (
          <li key={page.url}>
            <a href={page.url} target="_blank" rel="noopener noreferrer">
              {said(page)}
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
export function WhyNot(props: { test: MailAccountTest; help?: MailAccountDiscovery['help'] }) {
  const { code } = props.test;
  const place = useInView<HTMLDivElement>(props.test);
  const message = saidAll(props.test.messageSentences, props.test.message);
  const known = words.onboarding.problems[code ?? ''];
  return (
    <div class="note note-warning" role="alert" ref={place}>
      <p>
        <b dir="auto">{known?.title ?? message}</b>
      </p>
      <p>{known?.todo ?? words.onboarding.otherProblem}</p>
      {known && SAYS_MORE.has(code) && message !== known.title && (
        <p class="card-note" dir="auto">
          {words.onboarding.saidThat(message)}
        </p>
      )}
      <HelpPages pages={props.help ?? []} />
    </div>
  );
}
