import type { PullsADay } from './bill.ts';
import type { Measurement } from './counts.ts';
import { billedMs, gbSeconds, MEMORY } from './lambda.ts';
import type { Line, PriceName } from './prices.ts';
import { MONTH_DAYS } from './standing.ts';

/**
 * What the pulls would cost in the design that comes to mind first: a schedule for each account, an invocation for each
 * poll, a secret for each password, and a row that is written after each poll. Pure.
 * @param pulls how often ours polls, so that mail is as late as with us
 */
export function naiveLines(mailboxes: number, pulls: PullsADay, { events }: Measurement): Line[] {
  const polls = (pulls.idle + pulls.found) * mailboxes * MONTH_DAYS;
  const line = (what: string, price: PriceName, quantity: number): Line => ({
    ...{ part: 'pulls', what, price, quantity },
  });
  return [
    line('a secret for each account', 'secret', mailboxes),
    line('the secret is read', 'secretRequest', polls),
    line('a schedule for each account', 'schedule', polls),
    line('an invocation for each poll', 'lambdaRequest', polls),
    line(
      'an invocation for each poll',
      'lambdaGbSecond',
      gbSeconds(polls * billedMs(events.idlePoll, MEMORY.sync), MEMORY.sync),
    ),
    line('reads of pulls', 'dynamoRead', polls * events.idlePoll.readUnits),
    line('a row after each poll', 'dynamoWrite', polls),
  ];
}
