import type { ImapFlow } from 'imapflow';
import { z } from 'zod';

/** An argument as imapflow compiles it: quoted, or sent as a literal, where it has to be. */
export type ImapArgument = { type: 'ATOM' | 'STRING' | 'SEQUENCE'; value: string } | ImapArgument[];

/** What imapflow does for its own commands and has no types for. */
interface CommandRunner {
  exec(
    command: string,
    args: readonly ImapArgument[],
    options: { untagged: Record<string, (answer: unknown) => Promise<void>> },
  ): Promise<{ response: unknown; next(): void }>;
}

const token = z.object({ value: z.string() });

/** An answer: words, and lists of words. Anything else in it is left out. */
const answerSchema = z.object({
  attributes: z.array(z.union([z.array(z.unknown()), z.object({ value: z.unknown() }), z.null()])).optional(),
});

const taggedSchema = z.object({
  attributes: z.tuple([z.object({ section: z.array(z.unknown()) })], z.unknown()),
});

/**
 * Sends a command for which imapflow has no method. Its untagged answers of the given name go to `onAnswer` as they
 * come. Gives the response code of the tagged OK in words (`['MODIFIED', '7,9']`), empty without one. Throws what
 * imapflow throws for NO, BAD and a lost connection: inside `session.run` that becomes a SourceError.
 */
export async function execute(
  client: ImapFlow,
  command: string,
  args: readonly ImapArgument[],
  untagged: { name: string; onAnswer: (attributes: readonly unknown[]) => void } | null = null,
): Promise<string[]> {
  const handlers: Record<string, (answer: unknown) => Promise<void>> = {};
  if (untagged) {
    handlers[untagged.name] = async answer => {
      const parsed = answerSchema.safeParse(answer);
      if (parsed.success) untagged.onAnswer(parsed.data.attributes ?? []);
    };
  }
  const runner = client as unknown as CommandRunner;
  const { response, next } = await runner.exec(command, args, { untagged: handlers });
  next();
  return codeOf(response);
}

/** The response code of an answer as imapflow parsed it, or of the error it threw for a NO. */
export function codeOf(response: unknown): string[] {
  const parsed = taggedSchema.safeParse(response);
  return parsed.success ? wordsOf(parsed.data.attributes[0].section) : [];
}

/** The words of a parsed list; a list inside it counts as its first word. */
export function wordsOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map(item => token.safeParse(Array.isArray(item) ? item[0] : item).data?.value ?? '');
}
