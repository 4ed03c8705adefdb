import { useState } from 'preact/hooks';
import { AppError } from '../../errors.ts';
import { Unreachable } from '../../jmap/errors.ts';
import { words } from '../../words/words.ts';

/** What a person is told when an action at the server did not work. */
export function reasonOf(error: unknown): string {
  if (error instanceof Unreachable) return words.accounts.offline;
  return error instanceof AppError ? error.message : String(error);
}

/** Why something did not work; nothing where it did. */
export function Problem({ text }: { text: string | null }) {
  return text === null ? null : (
    <p class="note note-warning" role="alert">
      {text}
    </p>
  );
}

/** An action at the server that a person starts: whether it is under way, and why it failed. */
export interface Action {
  busy: boolean;
  problem: string | null;
  /** Does it unless it is under way; answers whether it worked. */
  run(work: () => Promise<void>): Promise<boolean>;
}

/** @param inWords makes the sentence for the person of the reason */
export function useAction(inWords: (reason: string) => string = words.accounts.failed): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  return {
    busy,
    problem,
    async run(work) {
      if (busy) return false;
      setBusy(true);
      setProblem(null);
      try {
        await work();
        return true;
      } catch (error) {
        setProblem(inWords(reasonOf(error)));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
