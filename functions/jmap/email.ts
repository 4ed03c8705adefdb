import type { Commit } from '../store/commit.ts';
import { type Change, changesArguments, commitsSince, foldChanges } from './changes.ts';
import { accountMethod } from './methods.ts';
import { MAIL } from './types.ts';

/** Email/changes, RFC 8621 section 4.3: from the log, oldest first. */
export const emailChanges = accountMethod(
  'Email/changes',
  MAIL,
  changesArguments,
  async (context, { sinceState, maxChanges }) => {
    const { since, commits } = await commitsSince(context, sinceState);
    const { seen: _, ...folded } = foldChanges(commits, since, emailChangesOf, maxChanges);
    return { oldState: sinceState, ...folded };
  },
);

/** What a commit does to Emails as clients see them: where the source keeps one is no property of it. */
export function emailChangesOf({ created, patched, destroyed }: Commit): Change[] {
  const visible = patched.filter(patch => patch.keywords || patch.mailboxIds);
  return [
    ...created.map(({ id }) => ({ id, kind: 'created' as const })),
    ...visible.map(({ id }) => ({ id, kind: 'updated' as const })),
    ...destroyed.map(({ id }) => ({ id, kind: 'destroyed' as const })),
  ];
}
