import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openImap } from '../../functions/source/imap.ts';
import { deliver } from '../../infra/local/mail-server.ts';
import { flag, flagsOf, letter, open, USER } from '../support/imap-source.ts';
import { testMailServer } from '../support/mail-server.ts';
import {
  type ImapScript,
  type ScriptedCommand,
  scriptedImapServer,
} from '../support/scripted-imap-server.ts';

const RAW = letter('one');
const MESSAGES = [1, 2].map(uid => ({ uid, raw: RAW }));
const STATUS = 'MESSAGES 2 UIDNEXT 3 UIDVALIDITY 7';

/** Rows of two messages with more items, where they are asked for. */
function withItems(asked: string, items: readonly string[]) {
  return ({ name, args, tag }: ScriptedCommand) => {
    if (name !== 'UID FETCH' || !args.includes(asked)) return undefined;
    const row = (item: string, index: number) =>
      `* ${index + 1} FETCH (UID ${index + 1} FLAGS () RFC822.SIZE 9 ${item})\r\n`;
    return `${items.map(row).join('')}${tag} OK\r\n`;
  };
}

/** Two mailboxes; their STATUS comes with LIST where that is asked for, with MAILBOXID where that is. */
function withMailboxes({ name, args, tag }: ScriptedCommand): string | undefined {
  const id = (path: string) => (args.includes('MAILBOXID') ? ` MAILBOXID (F-${path.length})` : '');
  const status = (path: string) => {
    const items = args.includes('MESSAGES') ? STATUS : '';
    return `* STATUS "${path}" (${`${items}${id(path)}`.trim()})\r\n`;
  };
  if (name === 'STATUS')
    return `${status(args.startsWith('"INBOX"') ? 'INBOX' : 'Entw&APw-rfe')}${tag} OK\r\n`;
  if (name !== 'LIST' || args.startsWith('"" ""')) return undefined;
  const paths = ['INBOX', 'Entw&APw-rfe'];
  const rows = paths.map(path => `* LIST () "/" "${path}"\r\n${args.includes('STATUS') ? status(path) : ''}`);
  return `${rows.join('')}${tag} OK\r\n`;
}

for (const [what, capabilities, expected] of [
  ['with LIST-STATUS', 'OBJECTID LIST-STATUS', ['F-5', 'F-12']],
  ['without LIST-STATUS', 'OBJECTID', ['F-5', 'F-12']],
  ['but not where there is none', 'LIST-STATUS', [undefined, undefined]],
] as const) {
  test(`MAILBOXID is read ${what}`, async t => {
    const server = await scriptedImapServer(t, { capabilities, answer: withMailboxes });
    const source = await openImap(server.settings);
    const mailboxes = new Map((await source.mailboxes()).map(mailbox => [mailbox.path, mailbox]));
    const found = ['INBOX', 'Entwürfe'].map(path => mailboxes.get(path));
    assert.deepEqual(
      found.map(mailbox => mailbox?.mailboxId),
      expected,
    );
    const status = { uidValidity: '7', uidNext: 3, messages: 2, highestModseq: null };
    assert.deepEqual(
      found.map(mailbox => mailbox?.status),
      [status, status],
    );
    const asked = server.commands.filter(command => command.includes('MAILBOXID'));
    assert.equal(asked.length > 0, expected[0] !== undefined, asked.join());
    await source.close(true);
  });
}

test('a server that has OBJECTID and refuses MAILBOXID is listed without', async t => {
  for (const capabilities of ['OBJECTID LIST-STATUS', 'OBJECTID']) {
    const server = await scriptedImapServer(t, {
      capabilities,
      answer: command =>
        command.args.includes('MAILBOXID') ? `${command.tag} BAD What?\r\n` : withMailboxes(command),
    });
    const source = await openImap(server.settings);
    const mailboxes = await source.mailboxes();
    assert.deepEqual(
      mailboxes.map(mailbox => [mailbox.path, mailbox.mailboxId]),
      [
        ['INBOX', undefined],
        ['Entwürfe', undefined],
      ],
    );
    if (capabilities.includes('LIST-STATUS')) assert.equal(mailboxes[0]?.status?.messages, 2);
    await source.close(true);
  }
});

const identified: [what: string, script: ImapScript, expected: unknown][] = [
  [
    'EMAILID of OBJECTID is read',
    { capabilities: 'OBJECTID', answer: withItems('EMAILID', ['EMAILID (M6d99ac3275bb4e)', 'EMAILID NIL']) },
    [
      ['M6d99ac3275bb4e', undefined],
      [undefined, undefined],
    ],
  ],
  [
    'X-GM-MSGID and X-GM-LABELS of Gmail are read',
    {
      capabilities: 'X-GM-EXT-1',
      answer: withItems('X-GM-MSGID X-GM-LABELS', [
        'X-GM-MSGID 1278455344230334865 X-GM-LABELS (\\Inbox "Entw&APw-rfe \\"x\\"" foo)',
        'X-GM-MSGID 1278455344230334866 X-GM-LABELS ()',
      ]),
    },
    [
      ['1278455344230334865', ['\\Inbox', 'Entwürfe "x"', 'foo']],
      ['1278455344230334866', []],
    ],
  ],
  [
    'an identifier that is none is not taken',
    {
      capabilities: 'OBJECTID',
      answer: withItems('EMAILID', [`EMAILID (${'x'.repeat(300)})`, 'EMAILID ("a b")']),
    },
    [
      [undefined, undefined],
      [undefined, undefined],
    ],
  ],
  [
    'nothing is asked of other servers',
    { messages: MESSAGES },
    [
      [undefined, undefined],
      [undefined, undefined],
    ],
  ],
];

for (const [what, script, expected] of identified) {
  test(what, async t => {
    const server = await scriptedImapServer(t, { messages: MESSAGES, ...script });
    const source = await openImap(server.settings);
    const { entries } = await source.snapshot('INBOX', null);
    assert.deepEqual(
      entries.map(({ emailId, labels }) => [emailId, labels]),
      expected,
    );
    if (script.messages) {
      assert.ok(!server.commands.some(command => /EMAILID|MAILBOXID|X-GM/.test(command)), 'not asked');
    }
    await source.close(true);
  });
}

test('a message that changed since is left alone, and said', async t => {
  const server = await testMailServer(t);
  for (const text of ['one', 'two', 'three']) await deliver(server, USER, 'INBOX', letter(text));
  const source = await open(t, server);
  const { status } = await source.snapshot('INBOX', null);
  await flag(server, 'add', '2', '\\Answered');
  const uids = ['1', '2', '3', '99'];
  const since = status.highestModseq ?? '';
  const left = await source.writer?.storeKeywords('INBOX', uids, ['$flagged'], ['$seen', '$draft'], since);
  assert.deepEqual(left, ['2']);
  const flags = await Promise.all(['1', '2', '3'].map(uid => flagsOf(server, uid)));
  assert.deepEqual(flags, [['\\Flagged'], ['\\Answered'], ['\\Flagged']]);
  assert.deepEqual(await source.writer?.storeKeywords('INBOX', uids, ['$flagged'], []), []);
  assert.deepEqual(await flagsOf(server, '2'), ['\\Answered', '\\Flagged']);
});

test('NO [MODIFIED] is an answer, and without CONDSTORE nothing is conditional', async t => {
  const server = await scriptedImapServer(t, {
    capabilities: 'CONDSTORE ENABLE',
    messages: MESSAGES,
    answer: ({ name, tag }) => {
      if (name === 'ENABLE') return `* ENABLED CONDSTORE\r\n${tag} OK\r\n`;
      return name === 'UID STORE' ? `${tag} NO [MODIFIED 1:4294967295] All of them\r\n` : undefined;
    },
  });
  const source = await openImap(server.settings);
  assert.deepEqual(await source.writer?.storeKeywords('INBOX', ['1', '2'], ['$seen'], ['$draft'], '7'), [
    '1',
    '2',
  ]);
  const stored = server.commands.filter(command => command.startsWith('UID STORE'));
  assert.deepEqual(stored, ['UID STORE 1:2 (UNCHANGEDSINCE 7) +FLAGS.SILENT (\\Seen)']);
  await source.close(true);

  const plain = await scriptedImapServer(t, { messages: MESSAGES });
  const other = await openImap(plain.settings);
  assert.deepEqual(await other.writer?.storeKeywords('INBOX', ['1'], ['$seen'], [], '7'), []);
  assert.ok(plain.commands.includes('UID STORE 1 +FLAGS.SILENT (\\Seen)'), 'unconditional');
  await other.close(true);
});
