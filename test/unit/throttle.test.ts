import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readThrottle } from '../../functions/source/throttle.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const said: [what: string, responseCode: string, text: string, means: ReturnType<typeof readThrottle>][] = [
  ['Gmail, bytes', 'OVERQUOTA', 'Account exceeded command or bandwidth limits.', { code: 'quota' }],
  ['Gmail by POP', '', 'Lockdown in sector 4 (Failure)', { code: 'quota' }],
  ['Gmail, connections', 'ALERT', 'Too many simultaneous connections. (Failure)', { code: 'throttled' }],
  [
    'Outlook, commands',
    '',
    'Request is throttled. Suggested Backoff Time: 92415 milliseconds',
    { code: 'throttled', retryAfter: 92_415 },
  ],
  [
    'Outlook by POP',
    '',
    'Exceeded the login limit for a 15 minute period. Reduce the frequency of requests to the POP3 server.',
    { code: 'throttled', retryAfter: 15 * MINUTE },
  ],
  ['Yahoo, logins', 'LIMIT', 'LOGIN Rate limit hit', { code: 'throttled' }],
  ['Yahoo, fetching', 'LIMIT', 'UID FETCH Rate limit hit.', { code: 'throttled' }],
  [
    'Dovecot',
    '',
    'Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
    { code: 'throttled' },
  ],
  ['a day of a provider', '', 'Daily download limit reached', { code: 'quota' }],
  [
    'a stated time',
    '',
    'Too many logins, try again in 30 seconds',
    { code: 'throttled', retryAfter: 30 * SECOND },
  ],
  [
    'nobody waits a year',
    '',
    'Too many logins, try again in 9000 hours',
    { code: 'throttled', retryAfter: 1_440 * MINUTE },
  ],
  ['LOGIN-DELAY', 'LOGIN-DELAY', 'minimum time between mail checks violation', { code: 'throttled' }],
  ["Outlook's passing fault", '', 'User is authenticated but not connected.', null],
  ['a full mailbox', 'OVERQUOTA', 'Quota exceeded (mailbox for user is full)', null],
  ['a wrong password', 'AUTHENTICATIONFAILED', 'Invalid credentials (Failure)', null],
  ['a maildrop in use', 'IN-USE', 'Maildrop already locked', null],
  ['an APPEND that is too large', '', 'Message size exceeds limit', null],
];

for (const [what, responseCode, text, means] of said) {
  test(`${what}: ${means ? `${means.code} ${means.retryAfter ?? ''}` : 'not about limits'}`, () => {
    assert.deepEqual(readThrottle(responseCode, text), means);
  });
}
