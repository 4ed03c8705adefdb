import { z } from 'zod';

/** How a customer's stack is watched: fields of the customer file. */

export const alarms = z.strictObject({
  email: z.email('must be an e-mail address').describe('Who is told about alarms and the budget.'),
  failuresPerHour: z
    .int()
    .min(1)
    .default(20)
    .describe(
      'Failed pulls and messages set aside in one hour above which the alarm `failures` tells. An account whose server stays away fails once an hour: choose more than the customer usually has of those.',
    ),
  detailed: z
    .boolean()
    .default(false)
    .describe(
      'Whether there are the alarms `lag`, `quarantine` and `throttles` as well. They say earlier what the others say in the end, for $0.30 a month.',
    ),
});

export const canary = z.strictObject({
  everyMinutes: z.int().min(1).max(60).default(5).describe('Minutes between two looks.'),
});
