import type { Customer } from '../customers/schema.ts';

/** The environment of a function that knows what accounts may delete at their servers; see `functions/deletion-limits.ts`. */
export const deletionLimits = ({
  deletion: { policies, minimumDays },
}: Customer): Record<string, string> => ({
  DELETION_POLICIES: policies.join(','),
  DELETION_MINIMUM_DAYS: String(minimumDays),
});
