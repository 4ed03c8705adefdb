import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { MailAccount } from '../functions/jmap/types.ts';
import { answering } from '../test/support/answering.ts';
import { signedIn, startBrowser, waitUntilDownloaded } from '../test/support/browser.ts';
import { eventually } from '../test/support/eventually.ts';
import { startLocalCloud } from '../test/support/local-cloud.ts';
import { call, dropMail } from '../test/support/mail-drop.ts';

/**
 * Takes pictures of every screen of the app with the sample mail, at the size of a phone and of a desktop, light and dark:
 * `npm run screenshots`, into docs/screenshots. What no sample server does (setting a message aside, naming its servers
 * in DNS, refusing a change) is put into its answers.
 */
const folder = new URL('../docs/screenshots/', import.meta.url);
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 640 };
const SUBJECT = 'Two from the pier';
const THREAD = 'Regatta on Sunday';

/** A message of a conversation, `minutes` ago. */
function letter(number: number, sender: string, minutes: number, text: string): string {
  const date = new Date(Date.now() - minutes * 60_000).toUTCString().replace('GMT', '+0000');
  const references = number > 1 ? 'References: <regatta-1@example.net>\n' : '';
  return `From: ${sender} <${sender.toLowerCase()}@example.net>
To: mara@example.com
Subject: ${number > 1 ? 'Re: ' : ''}${THREAD}
Date: ${date}
Message-ID: <regatta-${number}@example.net>
${references}Content-Type: text/plain; charset=utf-8

${text}
`;
}

const CONVERSATION = [
  letter(1, 'Ilse', 95, 'The start is at ten, if the wind holds. Who brings the flags?'),
  letter(2, 'Jakob', 60, 'I do. And the thermos.'),
  letter(3, 'Nuria', 25, 'Then I am there at nine. The forecast says four Beaufort from the west.'),
];

/** Has the mail of the POP account leave the server, so that there are receipts. */
async function freeTheServer() {
  const accounts = async () => {
    const [[, { list }]] = await call<[[string, { list: MailAccount[] }]]>(cloud.demo(), [
      'MailAccount/get',
      { ids: null },
      'a',
    ]);
    return list;
  };
  const id = (await accounts()).find(({ protocol }) => protocol === 'pop')?.id ?? '';
  const update = { [id]: { deletionPolicy: 'onceStored' } };
  await call(cloud.demo(), ['MailAccount/set', { update }, 's'], ['MailAccount/sync', { ids: [id] }, 'p']);
  await eventually(async () => (await accounts()).some(({ receipts }) => receipts.count > 0), true);
}

async function take(page: Page, name: string): Promise<Buffer> {
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(300);
  const picture = await page.screenshot();
  await writeFile(new URL(`${name}.png`, folder), picture);
  return picture;
}

/** Pages that an address leads to, and what is there once they are. */
function pages(page: Page): [name: string, path: string, there: Locator][] {
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
  return [
    ['accounts', '/accounts', page.getByText(/readable offline/).first()],
    ['search', '/search?q=boat', page.getByText(/^\d+ results? in \d+ messages on this device\.$/)],
    ['notifications', '/notifications', heading('Notifications')],
    ['settings', '/settings', heading('Settings')],
  ];
}

/** Pages of one account. */
function accountPages(page: Page): [part: string, protocol: string, there: Locator][] {
  return [
    ['', 'IMAP', page.getByRole('group', { name: 'Colour' })],
    ['offline', 'IMAP', page.getByText(/^about .* for \d+ messages$/).first()],
    ['settings', 'IMAP', page.getByLabel('Password')],
    ['deletion', 'POP', page.getByText(/each stored first/)],
    ['quarantine', 'IMAP', page.getByRole('button', { name: 'Try all again' })],
    ['files', 'IMAP', page.getByRole('heading', { name: 'Export all mail' })],
  ];
}

async function showReceipts(page: Page) {
  await page.getByRole('button', { name: 'Show the receipts' }).click();
  await page.locator('.proof').first().waitFor();
  await page
    .getByRole('heading', { name: 'Removed so far' })
    .evaluate(heading => heading.scrollIntoView({ block: 'center' }));
}

/** Messages that a mail server does not hand out. */
async function setAside(page: Page) {
  const list = ['message/refused', 'message/too-large'].map((code, position) => ({
    ...{ id: `q${position}`, mailbox: 'INBOX', uid: String(41 + position), code, sha256: null, blobId: null },
    size: 81_000 * (position + 1),
    reasonSentence: { code, values: {}, text: REASONS[position] },
    ...{ since: '2026-05-03T10:00:00Z', triedAt: '2026-05-04T08:30:00Z' },
  }));
  await answering(page, 'MailAccount/quarantine', answer => ({ ...answer, total: list.length, list }));
}

const REASONS = [
  'The mail server does not hand this message out.',
  'The mail server says too much about this message to take it in: too many labels or folders.',
];

/** Adding an account: the address, then what was found for it. */
async function addAccount(page: Page, name: string) {
  const proposal = {
    security: 'tls',
    username: 'mara@harbour.example',
    oauthProvider: null,
    confirmed: true,
  };
  await answering(
    page,
    'MailAccount/discover',
    (_, { address }) => ({
      ...{ address, provider: 'Harbour Mail', recommended: 0, protocolAdvice: '' },
      proposals: ['imap', 'pop'].map(protocol => ({
        ...{ ...proposal, protocol, host: `${protocol}.harbour.example`, capabilities: null, source: 'srv' },
        ...{ authentication: 'password', port: protocol === 'imap' ? 993 : 995 },
      })),
      ...{ help: [], reasonSentences: [], warningSentences: [] },
    }),
    false,
  );
  await page.goto(`${cloud.url}/accounts/new`);
  await page.getByLabel('E-mail address').fill('mara@harbour.example');
  await take(page, `${name}-account-new`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('This is a mailbox at Harbour Mail.').waitFor();
  await take(page, `${name}-account-new-server`);
}

/** One change that the server refuses, and two that wait because there is no network. */
async function outbox(page: Page, name: string) {
  await page.goto(`${cloud.url}/inbox`);
  const refusal = { type: 'overQuota' };
  await answering(
    page,
    'Email/set',
    (_, { update }) => ({
      ...{ oldState: '1', newState: '1' },
      notUpdated: Object.fromEntries(Object.keys(update as object).map(id => [id, refusal])),
    }),
    false,
  );
  const star = (position: number) => page.locator(`[aria-posinset="${position}"] .row-star`);
  await star(3).click();
  await page.getByRole('link', { name: '1 change was refused by the server' }).waitFor();
  await page.unrouteAll();
  await page.context().setOffline(true);
  await star(5).click();
  await page.locator('[aria-posinset="6"] .row-select').click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Archive' }).click();
  await page
    .getByRole('status')
    .getByRole('link', { name: /refused/ })
    .click();
  await page
    .getByText(/not sent yet/)
    .nth(1)
    .waitFor();
  // What was said of the archived message has gone by then.
  await page.locator('.notice').waitFor({ state: 'detached' });
  await take(page, `${name}-outbox`);
}

/** Lists in languages of another script and another direction, and at the smallest size. */
async function others(page: Page) {
  for (const language of ['ar', 'ja']) {
    await page.goto(`${cloud.url}/settings`);
    await page.locator('.page select').first().selectOption(language);
    await page.locator(`html[lang="${language}"]`).waitFor();
    await page.goto(`${cloud.url}/inbox`);
    await page.locator('.row-link').first().waitFor();
    await take(page, `phone-light-list-${language}`);
  }
  await page.goto(`${cloud.url}/settings`);
  await page.locator('.page select').first().selectOption('en');
  await page.locator('html[lang="en"]').waitFor();
  await page.setViewportSize(SMALL);
  await page.goto(`${cloud.url}/inbox`);
  await page.locator('.row-link').first().waitFor();
  await take(page, 'small-light-list');
  await open(page, THREAD);
  await page.getByRole('article').getByText('four Beaufort').waitFor();
  await take(page, 'small-light-conversation');
  await page.setViewportSize(PHONE);
}

async function open(page: Page, subject: string) {
  await page.goto(`${cloud.url}/inbox`);
  await page.getByRole('listitem').filter({ hasText: subject }).getByRole('link').click();
}

/** The screens of one size and theme. */
async function screens(options: BrowserContextOptions, name: string) {
  const { context, page } = await signedIn(browser, cloud.url, { ...options, reducedMotion: 'reduce' });
  await waitUntilDownloaded(page);
  const details = async (protocol: string) => {
    await page.goto(`${cloud.url}/accounts`);
    return page.getByRole('link', { name: `Details of Mara (${protocol})` }).getAttribute('href');
  };
  await page.goto(`${cloud.url}/inbox`);
  await page.getByRole('link', { name: SUBJECT }).waitFor();
  const list = await take(page, `${name}-list`);
  await page.locator('.row-select').first().click();
  await take(page, `${name}-selection`);
  await open(page, THREAD);
  await page.getByRole('article').getByText('four Beaufort').waitFor();
  await take(page, `${name}-conversation`);
  await open(page, SUBJECT);
  await page.locator('.mail-frame').waitFor();
  const message = await take(page, `${name}-message`);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await take(page, `${name}-shortcuts`);
  for (const [screen, path, there] of pages(page)) {
    await page.goto(cloud.url + path);
    await there.waitFor();
    if (screen === 'search' && name.startsWith('desktop')) {
      await page.getByRole('list', { name: 'Search results' }).getByRole('link').first().click();
      await page.getByRole('article').locator('.mail-frame, .plain').waitFor();
    }
    await take(page, `${name}-${screen}`);
  }
  await setAside(page);
  for (const [part, protocol, there] of accountPages(page)) {
    const account = await details(protocol);
    await page.goto(`${cloud.url}${account}${part && `/${part}`}`);
    await there.waitFor();
    if (part === 'deletion') await showReceipts(page);
    await take(page, `${name}-account${part && `-${part}`}`);
  }
  await addAccount(page, name);
  await page.unrouteAll();
  if (name === 'phone-light') await others(page);
  await outbox(page, name);
  await context.close();
  return { list, message };
}

const data = (picture: Buffer) => `data:image/png;base64,${picture.toString('base64')}`;

const cloud = await startLocalCloud();
const browser = await startBrowser();
try {
  await mkdir(folder, { recursive: true });
  for (const old of await readdir(folder)) if (old.endsWith('.png')) await rm(new URL(old, folder));
  await dropMail(cloud.demo(), CONVERSATION);
  await freeTheServer();
  const desktop = await screens({ viewport: DESKTOP, colorScheme: 'light' }, 'desktop-light');
  await screens({ viewport: DESKTOP, colorScheme: 'dark' }, 'desktop-dark');
  await screens({ viewport: PHONE, colorScheme: 'light' }, 'phone-light');
  const phone = await screens({ viewport: PHONE, colorScheme: 'dark' }, 'phone-dark');
  const page = await browser.newPage({ viewport: { width: 1400, height: 880 } });
  await page.setContent(`<style>
    body { margin: 0; height: 880px; background: linear-gradient(160deg, #d7ebee, #7fb9c4); }
    img { position: absolute; box-shadow: 0 12px 40px rgb(5 40 50 / 35%); }
    .desktop { inset: 40px auto auto 40px; width: 1180px; border-radius: 12px; }
    .phone { inset: auto 40px 40px auto; width: 320px; border-radius: 28px; border: 6px solid #0b1a1e; }
    </style><img class="desktop" src="${data(desktop.message)}"><img class="phone" src="${data(phone.list)}">`);
  await take(page, 'mailferry');
} finally {
  await browser.close();
  await cloud.remove();
}
