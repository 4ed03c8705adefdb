import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { AppError } from '../../errors.ts';
import { MethodRefused, Unreachable } from '../../jmap/errors.ts';
import { locale } from '../../words/language.ts';
import { said } from '../../words/said.ts';
import { words } from '../../words/words.ts';

/** What a person is told when an action at the server did not work. */
export function reasonOf(error: unknown): string {
  if (error instanceof Unreachable) return words.accounts.offline;
  if (!(error instanceof AppError)) return String(error);
  const wrong = error instanceof MethodRefused ? error.properties.flatMap(fieldsOf) : [];
  const values = wrong.length > 0 ? { fields: new Intl.ListFormat(locale()).format(wrong) } : {};
  return said({ code: `set/${error.code}`, values: { ...values }, text: error.message });
}

/** What a property of an account is called in its form; nothing for one that is in none. */
function fieldsOf(property: string): string[] {
  const { name, address, protocol, host, port, security, username, password } = words.form;
  const fields: Readonly<Record<string, string>> = {
    ...{ name, address, protocol, host, port, security, username, password },
    deletionDays: words.deletion.days,
    mailboxId: words.transfer.into,
  };
  return fields[property] ? [fields[property]] : [];
}

/**
 * Brings what is said into view when it comes: below a long form nobody would see it.
 * @param what nothing is there while it is null
 */
export function useInView<Place extends HTMLElement>(what: unknown): RefObject<Place | null> {
  const place = useRef<Place>(null);
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), [what]);
  return place;
}

/** Why something did not work; nothing where it did. */
export function Problem({ text }: { text: string | null }) {
  const place = useInView<HTMLParagraphElement>(text);
  return text === null ? null : (
    <p class="note note-warning" role="alert" ref={place}>
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
