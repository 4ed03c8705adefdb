import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { MailAccount } from '../../functions/jmap/types.ts';
import { type Args, answering } from '../support/answering.ts';
import { testApp } from '../support/app.ts';
import { eventually, tick } from '../support/eventually.ts';
import { oauthProvider, type TestProvider } from '../support/oauth-provider.ts';
import { type ScriptedImap, scriptedImapServer } from '../support/scripted-imap-server.ts';

const google = {
  ends: [] as (() => unknown)[],
  provider: null as TestProvider | null,
  mail: null as ScriptedImap | null,
  isRevoked: false,
};
// Before the cloud, whose functions read it when they start.
before(async () => {
  const end: Pick<TestContext, 'after'> = {
    after: work => void google.ends.push(work as () => Promise<void>),
  };
  google.provider = await oauthProvider(end, 'mara@example.org');
  process.env.MAILFERRY_OAUTH_CLIENTS = JSON.stringify({ google: google.provider.client });
  google.mail = await scriptedImapServer(end, {
    messages: [
      { uid: 1, raw: Buffer.from('From: ada@example.org\r\nSubject: By permission\r\n\r\nHello.\r\n') },
    ],
    answer: ({ tag, name }) => {
      if (name === 'CAPABILITY') return `* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n${tag} OK\r\n`;
      return name === 'AUTHENTICATE' && google.isRevoked
        ? `${tag} NO [AUTHENTICATIONFAILED] No\r\n`
        : undefined;
    },
  });
});
after(async () => {
  for (const end of google.ends) await end();
});
const app = testApp();

/** What the server says, in words that the app has no translation of. */
const sentence = (text: string) => ({ code: 'test/unknown', values: {}, text });

const openAccount = async (page: Page, name: string) => {
  await page.goto(`${app.cloud.url}/accounts`);
  await page.getByRole('link', { name: `Details of ${name}` }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
};

test('an address finds its servers, and the advice follows what the person says; on a small phone', async () => {
  // Its service worker would ask by itself.
  const { page } = await app.device({ serviceWorkers: 'block' });
  await page.setViewportSize({ width: 320, height: 568 });
  const proposal = { security: 'tls', username: 'mara', oauthProvider: null, source: 'srv', confirmed: true };
  await answering(
    page,
    'MailAccount/discover',
    (_, { address }) => ({
      ...{ address, provider: 'Harbour Mail', recommended: 0, protocolAdvice: '' },
      proposals: ['imap', 'pop'].map(protocol => ({
        ...{ ...proposal, protocol, host: `${protocol}.example.org`, capabilities: null },
        ...{ authentication: 'password', port: protocol === 'imap' ? 993 : 995 },
      })),
      help: [{ ...sentence('Make an app password'), url: 'https://example.org/help' }],
      reasonSentences: [sentence('It says how full the mailbox is.')],
      warningSentences: [],
    }),
    false,
  );
  await page.goto(`${app.cloud.url}/accounts/new`);
  await page.getByLabel('E-mail address').fill('mara@example.org');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('This is a mailbox at Harbour Mail.').waitFor();
  await page.getByRole('radio', { name: /^IMAP Recommended/, checked: true }).waitFor();
  await page.getByText('What the server says').click();
  await page.getByRole('radio', { name: 'No, only with Mailferry' }).check();
  await page.getByRole('checkbox', { name: /^Make room at the mail server/ }).check();
  await page.getByRole('radio', { name: /^POP Recommended/, checked: true }).waitFor();
  await page.getByText('pop.example.org, port 995, TLS').waitFor();
  await page.getByRole('radio', { name: /^IMAP/ }).check();
  await page.getByText('imap.example.org, port 993, TLS').waitFor();
  assert.equal(
    await page.getByRole('link', { name: 'Make an app password' }).getAttribute('rel'),
    'noopener noreferrer',
  );
  await eventually(() => page.evaluate(() => document.documentElement.scrollWidth), 320);
  await page.getByRole('button', { name: 'Change the server' }).click();
  const server = page.getByLabel('Mail server', { exact: true });
  await eventually(() => server.inputValue(), 'imap.example.org');
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await eventually(() => page.getByLabel('E-mail address').inputValue(), 'mara@example.org');
});

test('an account is paused and resumed, gets a colour, and its mail leaves the server with receipts', async () => {
  const { page } = await app.device();
  await openAccount(page, 'Mara (POP)');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused: the mail server is left alone').waitFor();
  await page.getByRole('button', { name: 'Check now' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('Working').waitFor();
  await tick(page.getByRole('radio', { name: 'Rose' }));

  await page.getByRole('link', { name: /^Mail at the server/ }).click();
  await page.getByText('Nothing was removed from the server yet.').waitFor();
  await page.getByRole('radio', { name: /^Remove it at once/ }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page
    .getByRole('dialog')
    .getByText(/This goes for what is stored already, too/)
    .waitFor();
  await page.getByRole('button', { name: 'Remove it there' }).click();
  await page.getByText(/^[\d,]+ messages removed from the server since .+, each stored first\./).waitFor();
  await page.getByRole('button', { name: 'Show the receipts' }).click();
  await page.locator('.proof a').first().click();
  await page.getByRole('article').first().waitFor();
  await page.goto(`${app.cloud.url}/inbox`);
  await page.locator('.avatar.edge-4').first().waitFor();

  await openAccount(page, 'Mara (POP)');
  await page.getByRole('button', { name: 'Remove account…' }).click();
  await page
    .getByRole('dialog')
    .getByText(/They exist nowhere else, and will be lost/)
    .waitFor();
  await page.getByRole('button', { name: 'Remove account', exact: true, disabled: true }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
});

test('a freeze is lifted by its own button alone', async () => {
  const { page } = await app.device({ serviceWorkers: 'block' });
  let frozen = true;
  await answering(page, 'MailAccount/get', answer => ({
    ...answer,
    list: (answer.list as MailAccount[]).map(account => ({ ...account, deletionFrozen: frozen })),
  }));
  const changes = await answering(page, 'MailAccount/set', (answer, args) => {
    frozen &&= !JSON.stringify(args).includes('"deletionFrozen":false');
    return answer;
  });
  await openAccount(page, 'Mara (IMAP)');
  await page.getByText('Nothing is removed now').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByLabel('Account name').fill('Mara (by IMAP)');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Mara (by IMAP)', level: 1 }).waitFor();
  assert.deepEqual(Object.values(changes[0]?.update as Args), [{ name: 'Mara (by IMAP)' }]);
  await page.getByRole('link', { name: /^Mail at the server/ }).click();
  await page.getByRole('button', { name: 'Allow removing again' }).click();
  assert.equal(changes.length, 1, 'it is asked for first');
  await page.getByRole('dialog').getByRole('button', { name: 'Allow removing again' }).click();
  await page.getByText('Mail may be removed from the server again.').waitFor();
  assert.deepEqual(Object.values(changes[1]?.update as Args), [{ deletionFrozen: false }]);
  await page.getByText('Nothing is removed now').waitFor({ state: 'detached' });
});

test('what was set aside is shown with its reason, tried again, and saved as it came', async () => {
  const { page } = await app.device({ serviceWorkers: 'block' });
  let list = [1, 2].map(n => ({
    ...{ id: `q${n}`, mailbox: 'INBOX', uid: String(n), size: 1_000, code: 'unreadable' },
    ...{ reasonSentence: sentence('The message could not be understood.'), sha256: null },
    blobId: n === 1 ? 'r1' : null,
    ...{ since: '2026-05-03T10:00:00Z', triedAt: '2026-05-03T10:00:00Z' },
  }));
  await answering(page, 'MailAccount/quarantine', answer => ({ ...answer, total: list.length, list }));
  const retries = await answering(page, 'MailAccount/retry', (answer, { ids }) => {
    const queued = (ids as string[] | null) ?? list.map(({ id }) => id);
    list = list.filter(({ id }) => !queued.includes(id));
    return { ...answer, queued };
  });
  await page.route('**/jmap/download/**', route => route.fulfill({ body: 'raw bytes' }));
  await openAccount(page, 'Mara (POP)');
  await page.getByRole('link', { name: /^Set aside/ }).click();
  await page.getByText('The message could not be understood.').first().waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as it came: Message 1 in Inbox' }).click();
  assert.equal(await readFile(await (await saved).path(), 'utf8'), 'raw bytes');
  await eventually(() => page.getByRole('button', { name: /^Save as it came/ }).count(), 1);
  await page.getByRole('button', { name: 'Try again: Message 2 in Inbox' }).click();
  await page.getByRole('heading', { name: 'Message 2 in Inbox' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Try all again' }).click();
  await page.getByText('Nothing is set aside').waitFor();
  assert.deepEqual(
    retries.map(({ ids }) => ids),
    [['q2'], null],
  );
});

const letter = (subject: string) =>
  `From mara@example.org Mon Jan  1 12:00:00 2024\nFrom: mara@example.org\nDate: Mon, 1 Jan 2024 12:00:00 +0000\nSubject: ${subject}\n\nHello.\n\n`;

test('an archive takes in an mbox, gives its mail away again, and is not removed by accident', async () => {
  const { page } = await app.device();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${app.cloud.url}/accounts/new`);
  await page.getByRole('button', { name: 'Make an archive for old mail' }).click();
  await page.getByLabel('Name of the archive').fill('Old mail');
  await page.getByRole('button', { name: 'Make the archive' }).click();
  // Whoever leaves before that has asked for nothing.
  await page.waitForURL(`${app.cloud.url}/accounts`);
  await openAccount(page, 'Old mail');
  await page.getByRole('link', { name: /^Import and export/ }).click();
  const buffer = Buffer.from(`${['one', 'two', 'three', 'one'].map(letter).join('')}`);
  await page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name: 'old.mbox', mimeType: 'application/mbox', buffer });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('3 messages imported').waitFor();
  await page.getByText('1 was here already').waitFor();
  // Above what goes through a function.
  const large = Buffer.from(letter('large') + `${'x'.repeat(78)}\n`.repeat(60_000));
  await page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name: 'big.mbox', mimeType: '', buffer: large });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('1 message imported').waitFor();

  await page.getByRole('radio', { name: /^zip/ }).check();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const file = page.getByRole('button', { name: /^Download export-1\.zip/ });
  await file.waitFor();
  await page.getByText('4 of 4 messages written').waitFor();
  const saved = page.waitForEvent('download');
  await file.click();
  const bytes = await readFile(await (await saved).path());
  assert.equal(bytes.subarray(0, 2).toString(), 'PK');

  await openAccount(page, 'Old mail');
  await page.getByRole('button', { name: 'Remove account…' }).click();
  const remove = page.getByRole('button', { name: 'Remove account', exact: true });
  await eventually(() => remove.isDisabled(), true);
  await page.getByLabel('I know that this mail cannot be brought back').check();
  await remove.click();
  await page.getByText('Old mail was removed, from this device too.').waitFor();
});

test('a person signs in at the provider of their mailbox, and again when the permission was withdrawn', async () => {
  const { provider, mail } = google;
  assert.ok(provider && mail, 'they were started');
  let isSetUp = false;
  const { page } = await app.signedIn({ viewport: { width: 390, height: 844 } });
  await answering(
    page,
    'MailAccount/discover',
    (_, { address }) => ({
      ...{ address, provider: 'Gmail', recommended: 0, protocolAdvice: '', help: [] },
      ...{ reasons: [], reasonSentences: [], warnings: [], warningSentences: [] },
      proposals: [
        {
          ...{ protocol: 'imap', host: '127.0.0.1', port: mail.port, security: 'none', username: address },
          ...{
            authentication: 'password',
            oauthProvider: 'google',
            canAuthorize: isSetUp,
            capabilities: null,
          },
          ...{ source: 'provider', confirmed: true },
        },
      ],
    }),
    false,
  );
  await page.goto(`${app.cloud.url}/accounts/new`);
  await page.getByLabel('E-mail address').fill('mara@example.org');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page
    .getByText('Your normal password of Gmail does not work here. It wants an app password.')
    .waitFor();
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  isSetUp = true;
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Use an app password instead' }).click();
  await page.getByLabel('Password').waitFor();
  // The way back, and then the sign-in itself.
  const signIn = page.getByRole('button', { name: 'Sign in with Google' });
  await signIn.click();
  await page.getByText('You sign in on a page of Google.').waitFor();
  await signIn.click();
  await page.locator('.first-row').getByText('By permission').waitFor();
  const [, , id = ''] = new URL(page.url()).pathname.split('/');
  assert.equal(page.url(), `${app.cloud.url}/accounts/${id}/first`, 'nothing of the answer stays');

  google.isRevoked = true;
  provider.revoke();
  provider.manner.denies = true;
  await page.goto(`${app.cloud.url}/accounts/${id}`);
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText('Needs your attention').waitFor();
  const again = page.getByRole('button', { name: 'Sign in again' });
  await again.click();
  await page.getByRole('alert').getByText('You did not give the permission.').waitFor();
  google.isRevoked = false;
  provider.manner.denies = false;
  await again.click();
  await page.getByText('Working').waitFor();
  await page.getByText('1 of 1 message stored').waitFor();
  assert.equal(page.url(), `${app.cloud.url}/accounts/${id}`);
});
