import { call } from '../../mailbox/server.ts';
import { isUnderWay, jobsOf } from '../../mailbox/transfers.ts';
import { words } from '../../words/words.ts';
import { Page } from '../page.tsx';
import { Exports } from './exports.tsx';
import { Imports } from './imports.tsx';
import type { PartProps } from './settings.tsx';
import { useServer, Waiting } from './use-server.tsx';

/** Between two looks at jobs that are under way, in milliseconds. */
const LOOK_EVERY = 1_000;

/** Import and export of an account's mail. */
export function FilesPage({ account, back, onMenu }: PartProps) {
  const asked = useServer(
    account.id,
    () => jobsOf(call, account.id),
    ({ imports, exports }) => ([...imports, ...exports].some(isUnderWay) ? LOOK_EVERY : null),
  );
  return (
    <Page title={words.transfer.title} back={back} onMenu={onMenu}>
      <Imports account={account} jobs={asked.value?.imports ?? []} onChange={asked.again} />
      <Exports account={account} jobs={asked.value?.exports ?? []} onChange={asked.again} />
      <Waiting asked={asked} />
    </Page>
  );
}
