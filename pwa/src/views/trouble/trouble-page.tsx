import { useEffect, useState } from 'preact/hooks';
import { readMarker } from '../../mailbox/marker.ts';
import { type Rescue, readRescue, rebuild, staysSignedIn } from '../../mailbox/rebuild.ts';
import type { Trouble } from '../../mailbox/trouble.ts';
import { words } from '../../words/words.ts';
import { startAnew } from '../update.ts';

/** What is wrong with the database of this device, what a rebuild would keep and what not, and the ways out. */
export function TroublePage({ trouble }: { trouble: Trouble }) {
  const [rescue, setRescue] = useState<Rescue | null>(null);
  const [state, setState] = useState<'asking' | 'rebuilding' | 'failed'>('asking');
  const { titles, texts, rebuildText, tryAgain } = words.trouble;
  useEffect(() => {
    document.title = `${titles[trouble]} · ${words.app}`;
    void readRescue().then(setRescue);
  }, [trouble]);
  const start = async () => {
    if (!rescue) return;
    setState('rebuilding');
    await rebuild(rescue).then(
      () => location.assign('/'),
      () => setState('failed'),
    );
  };
  const busy = rescue === null || state === 'rebuilding';
  return (
    <main class="welcome" id="main">
      <img src="/favicon.svg" alt="" width="96" height="96" />
      <h1>{titles[trouble]}</h1>
      <p>{texts[trouble]}</p>
      <button
        type="button"
        class="button button-primary button-large"
        disabled={state === 'rebuilding'}
        onClick={() => void startAnew()}
      >
        {tryAgain}
      </button>
      <p>{rebuildText}</p>
      {rescue && <Consequence rescue={rescue} />}
      <button type="button" class="button" disabled={busy} onClick={() => void start()}>
        {state === 'rebuilding' ? words.trouble.rebuilding : words.trouble.rebuild}
      </button>
      {state === 'failed' && (
        <p class="note note-warning" role="alert">
          {words.trouble.failed}
        </p>
      )}
    </main>
  );
}

/** What a rebuild would keep, and what is lost with it. */
function Consequence({ rescue }: { rescue: Rescue }) {
  const waiting = rescue.outbox?.filter(row => row.state !== 'failed').length ?? 0;
  const noted = rescue.outbox ? 0 : (readMarker()?.pending ?? null);
  const lost = noted !== null && rescue.outbox ? Math.max(0, noted - waiting) : noted;
  return (
    <>
      {waiting > 0 && <p class="note">{words.trouble.kept(waiting)}</p>}
      {lost !== 0 && <p class="note note-warning">{words.trouble.lost(lost)}</p>}
      {!staysSignedIn(rescue) && <p>{words.trouble.signIn}</p>}
    </>
  );
}
