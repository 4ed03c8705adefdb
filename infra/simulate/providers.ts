/**
 * Where simulated mailboxes are, and what their servers put up with. What one login may fetch in a day is the real
 * table's (`functions/source/provider-limits.ts`); how many logins a minute a provider takes from one address nobody
 * publishes: these numbers are ours.
 */
export interface Provider {
  name: string;
  host: string;
  /** Share of the mailboxes. */
  weight: number;
  /** More logins than this in a minute, from one stack, are refused as too many. */
  loginsAMinute: number;
  /** How far away it is: times what a poll of the measured server takes. */
  distance: number;
}

export const PROVIDERS: readonly Provider[] = [
  { name: 'own', host: 'mail.customer.example', weight: 45, loginsAMinute: 3_000, distance: 1 },
  { name: 'google', host: 'imap.gmail.com', weight: 25, loginsAMinute: 10_000, distance: 1 },
  { name: 'microsoft', host: 'outlook.office365.com', weight: 20, loginsAMinute: 6_000, distance: 2 },
  { name: 'yahoo', host: 'imap.mail.yahoo.com', weight: 3, loginsAMinute: 1_000, distance: 1.5 },
  { name: 'others', host: 'imap.others.example', weight: 7, loginsAMinute: 3_000, distance: 3 },
];

/** A provider that does not answer, hours since the first measured one. */
export interface Outage {
  provider: string;
  from: number;
  hours: number;
}
