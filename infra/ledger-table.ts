import { holds, type Ledger } from '../functions/sync/ledger.ts';
import { textTable } from './text-table.ts';

/** At most this many findings of an account are printed; the number of all is in the table. */
const FINDINGS_SHOWN = 20;

/** The ledgers of accounts for a person: a table, then what does not hold. */
export function ledgerLines(ledgers: readonly Ledger[]): string[] {
  if (ledgers.length === 0) return ['There is no account yet.'];
  const columns: [string, (ledger: Ledger) => string | number][] = [
    ['account', ledger => ledger.name],
    ['at source', ledger => ledger.atSource],
    ['= stored', ledger => ledger.stored],
    ['+ destroyed here', ledger => ledger.destroyed],
    ['+ quarantined', ledger => ledger.quarantined],
    ['+ not reached', ledger => ledger.notReached],
    ['lost', ledger => ledger.lost],
    ['Emails', ledger => ledger.emails],
    ['', ledger => (holds(ledger) ? 'holds' : 'DOES NOT HOLD')],
  ];
  const table = textTable(
    columns.map(([head]) => head),
    ledgers.map(ledger => columns.map(([, of]) => of(ledger))),
  );
  return [...table, ...ledgers.flatMap(problems)];
}

function problems({ name, error, findings }: Ledger): string[] {
  const shown = findings.slice(0, FINDINGS_SHOWN);
  const more = findings.length - shown.length;
  return [
    ...(error === null ? [] : [`${name}: ${error}`]),
    ...shown.map(({ mailbox, id, why }) => `${name}: ${[mailbox, id].filter(Boolean).join(' ')}: ${why}`),
    ...(more > 0 ? [`${name}: and ${more} more`] : []),
  ];
}
