import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATUS_CODES, statusWords } from '../../functions/jmap/account-words.ts';
import { type Health, newHealth } from '../../functions/store/health.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const SENTENCE = /^[A-Z].*[.?]$/;

function words(health: Partial<Health>, { stored = 0, account = {} } = {}) {
  return statusWords({ account, health: { ...newHealth, ...health }, stored, now: NOW });
}

const busy = { phase: 'pulling' as const, leaseOwner: 'run', leaseUntil: NOW + 10_000 };
const phases: [what: string, health: Partial<Health>, stored: number, phase: string, message: string][] = [
  ['new', {}, 0, 'new', 'Waiting for the first pull.'],
  ['the first look', { ...busy, atSource: null }, 0, 'pulling', 'Fetching mail.'],
  [
    'the first import',
    { ...busy, atSource: 52_880 },
    1_240,
    'pulling',
    'Fetching mail: 1,240 of 52,880 messages.',
  ],
  [
    'the first import between two runs',
    { phase: 'pulling', atSource: 52_880 },
    1_240,
    'pulling',
    'Fetching mail: 1,240 of 52,880 messages. The next part follows at once.',
  ],
  [
    'the first import, killed',
    { ...busy, atSource: 52_880, leaseUntil: NOW - 1 },
    1_240,
    'failing',
    'The last pull was interrupted at 1,240 of 52,880 messages; it goes on at the next one.',
  ],
  [
    'one message',
    { ...busy, atSource: 1, lastSuccessAt: 1 },
    0,
    'pulling',
    'Fetching new mail: 0 of 1 message.',
  ],
  ['changes only', { ...busy, atSource: 7, lastSuccessAt: 1 }, 7, 'pulling', 'Fetching new mail.'],
  [
    'a day whose budget is spent',
    { phase: 'failing', code: 'quota', message: 'It goes on tomorrow.', atSource: 52_880 },
    1_240,
    'failing',
    'It goes on tomorrow. 1,240 of 52,880 messages are here.',
  ],
  ['ok', { phase: 'ok', message: 'Up to date.' }, 7, 'ok', 'Up to date.'],
];

for (const [what, health, stored, phase, message] of phases) {
  test(`${what}: “${message}”`, () => {
    const said = words(health, { stored });
    assert.deepEqual([said.phase, said.message, said.action], [phase, message, null]);
    assert.equal(said.messageSentences.map(({ text }) => text).join(' '), message);
    assert.match(said.message, SENTENCE);
  });
}

/** What a person is told to do: at the first failure of a new account, of one that has worked, and after many. */
const advice: Record<string, [neverWorked: RegExp | null, hasWorked: RegExp | null, many: RegExp | null]> = {
  authentication: [/password/, /password/, /password/],
  sealed: [/password/, /password/, /password/],
  'forbidden-host': [/public name/, /public name/, /public name/],
  'unknown-host': [/server name/, null, /server name/],
  unreachable: [/port/, null, /provider/],
  timeout: [/port/, null, /provider/],
  tls: [/encryption/, null, /encryption/],
  protocol: [/port/, null, /provider/],
  disconnected: [/port/, null, /provider/],
  temporary: [null, null, /provider/],
  refused: [null, null, /provider/],
  throttled: [null, null, /other programs/],
  quota: [null, null, null],
  configuration: [/whoever runs/, /whoever runs/, /whoever runs/],
  internal: [null, null, /whoever runs/],
};

test('every code has its advice', () => {
  assert.deepEqual([...STATUS_CODES].sort(), Object.keys(advice).sort());
});

for (const [code, expected] of Object.entries(advice)) {
  test(`${code}: what happens is said, and what to do when there is something to do`, () => {
    const phase = ['authentication', 'forbidden-host', 'sealed'].includes(code) ? 'stopped' : 'failing';
    const health = { phase, code, message: 'The server said no.', failures: 1 } as const;
    const said = [
      words(health),
      words({ ...health, lastSuccessAt: 1 }),
      words({ ...health, lastSuccessAt: 1, failures: 20 }),
    ];
    for (const [i, { message, action, ...rest }] of said.entries()) {
      assert.deepEqual([rest.phase, rest.code], [phase, code]);
      // What no run has put as data is known by its code.
      assert.deepEqual(rest.messageSentences, [{ code, values: {}, text: message }]);
      assert.equal(rest.actionSentence?.text ?? null, action);
      assert.equal(message, 'The server said no.');
      const pattern = expected[i];
      if (!pattern) assert.equal(action, null, `${i}`);
      else {
        assert.match(action ?? '', pattern, `${i}`);
        assert.match(action ?? '', SENTENCE, `${i}`);
      }
    }
  });
}

test('a sentence is told as data, too', () => {
  assert.deepEqual(words({ ...busy, atSource: 52_880 }, { stored: 1_240 }).messageSentences, [
    {
      code: 'status/first/progress',
      values: { stored: 1_240, count: 52_880 },
      text: 'Fetching mail: 1,240 of 52,880 messages.',
    },
  ]);
});

test('who signed in at a provider signs in there again', () => {
  const account = { authentication: 'oauth', oauthProvider: 'google' } as const;
  for (const code of ['authentication', 'sealed']) {
    assert.equal(words({ phase: 'stopped', code }, { account }).action, 'Sign in again at Google.');
  }
  assert.match(words({ phase: 'failing', code: 'timeout' }, { account }).action ?? '', /server name/);
});

test('a code that nobody has thought of is a fault of our own', () => {
  assert.match(words({ phase: 'failing', code: 'new-one', failures: 20 }).action ?? '', /whoever runs/);
});
