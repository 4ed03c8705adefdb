import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameLocator, Page } from 'playwright-core';
import { contrast, parseColour } from '../../pwa/src/views/reader/colours.ts';
import { testApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { dropMail, htmlMail } from '../support/mail-drop.ts';
import { openMessage } from '../support/message-list.ts';
import { problems } from './axe.ts';

const app = testApp();
const BLACK = { r: 0, g: 0, b: 0, a: 1 };
const PHONE = { width: 320, height: 640 };

/** A message with header fields and content of its own. */
function mail(subject: string, fields: string, content: string): string {
  return `${fields.trim()}
To: mara@example.com
Subject: ${subject}
Date: ${new Date().toUTCString().replace('GMT', '+0000')}
Message-ID: <${subject.replace(/\W/g, '-')}@example.org>
MIME-Version: 1.0
${content.trimStart()}`;
}

const NEWSLETTER = `<html><head><style>.card{background:#fff;border:1px solid #ddd} p{color:#333}
  .wide{height:100vh}</style></head>
  <body bgcolor="#f4f4f4"><table width="720" bgcolor="#f4f4f4"><tr><td class="card" width="720">
  <h1 id="headline" style="color:#102a43">The harbour in November</h1><p id="text">Boats, tides and the new jetty.
  <font id="faint" color="#777777">Printed on paper</font></p>
  <a id="button" href="https://harbour.example/read" style="background:#0b5563;color:#ffffff;padding:10px">Read on</a>
  <p id="long">https://harbour.example/${'a'.repeat(120)}</p></td></tr></table></body></html>`;

const OWN_DARK = `<html><head><style>.page{background:#ffffff;color:#222222}
  @media (prefers-color-scheme: dark){.page{background:#102030!important;color:#f0f0f0!important}}</style></head>
  <body><div class="page" id="page">A letter that knows the night. <span id="badge" style="background:#ffffff;color:#000000">new</span></div></body></html>`;

const REPLY = `<div dir="ltr">Yes, on Sunday.</div><br><div class="gmail_quote"><div class="gmail_attr">On Sat, 21 Nov 2026 at
  10:00, Ada wrote:</div><blockquote class="gmail_quote" style="margin:0">Shall we sail?</blockquote></div>`;

const OUTLOOK = `<div class="WordSection1"><p>Agreed.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt">
  <p><b>From:</b> Ada<br><b>Sent:</b> Saturday<br></p></div></div><p>The long story of the keel.</p></div>`;

const INTERLEAVED = `<blockquote type="cite">Is the mast up?</blockquote><p>Yes.</p><blockquote type="cite">And the sail?</blockquote><p>No.</p>`;

const PIXELS = `<p>Hello</p><img src="https://pictures.example/boat.png" width="300" height="200">
  <img src="https://count.example/a.png" width="1" height="1"><img src="https://count.example/b" style="display:none">
  <img src="https://count.example/wf/open?upn=1"><style>a:hover{background:url(https://count.example/hover)}</style>
  <a href="https://pictures.example/">pictures</a>`;

const LINKS = `<p><a href="https://evil.example/login">www.bank.example</a></p>
  <p><a href="https://xn--80ak6aa92e.com/">shop</a></p><p><a href="https://news.harbour.example/a">harbour.example</a></p>`;

const FLOWED = mail(
  'Flowing text',
  'From: Ada <ada@example.org>',
  `Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes

This sentence was bro 
ken by a program.

On Sat, 21 Nov 2026, Mara wrote:
> one
> two
> three
> four
`,
);

const INVITATION = mail(
  'Sail with us',
  `Authentication-Results: mx.example.com; dmarc=pass header.from=club.example; spf=pass smtp.mailfrom=club.example;
 dkim=pass header.d=club.example
Authentication-Results: mx.forged.example; dmarc=fail header.from=club.example
From: Sailing Club <post@club.example>`,
  `Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=utf-8

You are invited.
--c
Content-Type: text/calendar; charset=utf-8; method=REQUEST

BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:1
SUMMARY:Evening sail
DTSTART;TZID=America/New_York:20270510T180000
DTEND;TZID=America/New_York:20270510T200000
LOCATION:Pier 3\\, Harbour
ORGANIZER;CN=Sailing Club:mailto:post@club.example
ATTENDEE;CN=Mara;PARTSTAT=NEEDS-ACTION:mailto:mara@example.com
END:VEVENT
END:VCALENDAR
--c--
--b
Content-Type: text/plain; name="rules.txt"
Content-Disposition: attachment; filename="rules.txt"

Wear a life jacket <script>top.hacked=1</script>.
--b
Content-Type: image/png; name="flag.png"
Content-Disposition: attachment; filename="flag.png"
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
--b
Content-Type: application/pdf; name="map.pdf"
Content-Disposition: attachment; filename="map.pdf"

<html><script>top.hacked=1</script></html>
--b
Content-Type: text/html; name="page.html"
Content-Disposition: attachment; filename="page.html"

<script>top.hacked=1</script>
--b--
`,
);

const FORGED = mail(
  'From the bank',
  `Authentication-Results: mx.example.com; dmarc=fail header.from=bank.example
From: Bank <service@bank.example>`,
  `Content-Type: text/html

<p>Pay now</p><img src="https://pictures.example/logo.png" width="100" height="50">
`,
);

/** The messages of all tests, put into the inbox by the first. */
let dropped: Promise<void> | null = null;
const drop = () =>
  dropMail(app.cloud.demo(), [
    htmlMail('Harbour news', NEWSLETTER),
    htmlMail('Own night', OWN_DARK),
    htmlMail('Reply by Gmail', REPLY),
    htmlMail('Reply by Outlook', OUTLOOK),
    htmlMail('Piece by piece', INTERLEAVED),
    htmlMail('Counted', PIXELS),
    htmlMail('Links', LINKS),
    FLOWED,
    INVITATION,
    FORGED,
  ]);

async function inbox() {
  dropped ??= drop();
  await dropped;
  return app.device({ timezoneId: 'Europe/London' });
}

const frameOf = (page: Page) => page.frameLocator('.mail-frame');

async function back(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.getByRole('article').waitFor({ state: 'detached' });
}

/** Whether an element's text has contrast enough with what is behind it (WCAG 2.2), and whether that is dark. */
async function legibility(
  frame: FrameLocator,
  selector: string,
): Promise<{ isLegible: boolean; isDark: boolean }> {
  const found = await frame.locator(selector).evaluate(element => {
    let behind: Element | null = element;
    while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
      behind = behind.parentElement;
    return [
      getComputedStyle(element).color,
      behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)',
    ];
  });
  const [text, ground] = found.map(colour => parseColour(colour));
  assert.ok(text && ground, `${found}`);
  return { isLegible: contrast(text, ground) >= 4.5, isDark: contrast(ground, BLACK) < 2 };
}

/** The colours of an element's text and ground. */
function colours(frame: FrameLocator, selector: string): Promise<string[]> {
  return frame.locator(selector).evaluate(element => {
    const { color, backgroundColor } = getComputedStyle(element);
    return [color, backgroundColor];
  });
}

test('in the dark light mail becomes dark and stays legible, on a phone it fits', async () => {
  const { page } = await inbox();
  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: 'dark' });
  await openMessage(page, 'Harbour news');
  const frame = frameOf(page);
  await page.getByRole('button', { name: 'Show as sent' }).waitFor();
  for (const selector of ['#headline', '#text']) {
    await eventually(() => legibility(frame, selector), { isLegible: true, isDark: true }, selector);
  }
  await eventually(() => colours(frame, '#button'), ['rgb(255, 255, 255)', 'rgb(11, 85, 99)']);
  // It fits by being made smaller, in both directions, and nothing can be pushed aside.
  await eventually(
    () =>
      frame.locator('#mail').evaluate(element => {
        const { width, height } = element.getBoundingClientRect();
        return {
          isWide: element.scrollWidth >= 720,
          fits: width <= innerWidth + 1 && height < 640,
          sideways: getComputedStyle(document.documentElement).overflowX,
        };
      }),
    { isWide: true, fits: true, sideways: 'hidden' },
  );
  await page.getByRole('button', { name: 'Full size' }).click();
  await eventually(() => frame.locator('#mail').evaluate(element => element.style.transform), '');
  await page.getByRole('button', { name: 'Show as sent' }).click();
  await page.waitForFunction(() => {
    const inside = document.querySelector<HTMLIFrameElement>('.mail-frame')?.contentDocument;
    const title = inside?.getElementById('headline');
    return title && getComputedStyle(title).color === 'rgb(16, 42, 67)';
  });
  await back(page);

  await openMessage(page, 'Own night');
  await eventually(() => colours(frame, '#page'), ['rgb(240, 240, 240)', 'rgb(16, 32, 48)']);
  await eventually(() => colours(frame, '#badge'), ['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  await page.getByRole('button', { name: 'Show as sent' }).waitFor({ state: 'detached' });
});

test('what is answered is folded, flowing lines are put together, links say where they lead', async () => {
  const { context, page } = await inbox();
  const frame = frameOf(page);
  for (const [subject, own, quoted] of [
    ['Reply by Gmail', 'Yes, on Sunday.', 'Shall we sail?'],
    ['Reply by Outlook', 'Agreed.', 'The long story of the keel.'],
  ] as const) {
    await openMessage(page, subject);
    await frame.getByText(own).waitFor();
    await frame.getByText(quoted).waitFor({ state: 'hidden' });
    await frame.getByText('Show quoted text').click();
    await frame.getByText(quoted).waitFor();
  }
  await openMessage(page, 'Piece by piece');
  await frame.getByText('And the sail?').waitFor();
  const article = await openMessage(page, 'Flowing text');
  await article.getByText('This sentence was broken by a program.').waitFor();
  await article.getByText('Mara wrote:').waitFor({ state: 'hidden' });
  await article.getByText('Show quoted text').click();
  await article.getByText('Mara wrote:').waitFor();

  await context.route(/^https:/, route => route.fulfill({ contentType: 'text/html', body: 'there' }));
  await openMessage(page, 'Links');
  const sheet = page.getByRole('dialog', { name: 'Open this page?' });
  await frame.getByText('www.bank.example').click();
  await sheet.getByText('evil.example', { exact: true }).waitFor();
  await sheet.getByText('The text of this link says www.bank.example').waitFor();
  await sheet.getByRole('button', { name: 'Cancel' }).click();
  await frame.getByText('shop').click();
  await sheet.getByText('аррӏе.com').waitFor();
  await sheet.getByText('letters of another alphabet that look like ordinary ones').waitFor();
  await page.keyboard.press('Escape');
  await frame.getByText('harbour.example').click();
  await sheet.getByText('news.harbour.example', { exact: true }).waitFor();
  await sheet.getByRole('alert').waitFor({ state: 'detached' });
  assert.equal(context.pages().length, 1);
  const opening = context.waitForEvent('page');
  await sheet.getByRole('link', { name: 'Open' }).click();
  const opened = await opening;
  await opened.waitForLoadState();
  assert.equal(opened.url(), 'https://news.harbour.example/a');
  assert.equal(await opened.evaluate(() => window.opener === null && document.referrer === ''), true);
  await sheet.waitFor({ state: 'detached' });
});

test('pictures can be allowed for a sender, what counts readers never, and that is taken back', async () => {
  const { context, page } = await inbox();
  const wanted: string[] = [];
  await context.route(/^https:/, route => {
    wanted.push(route.request().url());
    return route.fulfill({ contentType: 'image/png', body: '' });
  });
  const article = await openMessage(page, 'Counted');
  await article.getByText('4 tracking pixels removed.').waitFor();
  await article.getByRole('button', { name: 'Always for this sender' }).click();
  await article.getByText('Images from mallory@example.net are always shown.').waitFor();
  await frameOf(page).getByRole('link').hover();
  await page.reload();
  await article.getByText('4 tracking pixels removed.').waitFor();
  await frameOf(page).locator('img[src^="https:"]').waitFor({ state: 'attached' });
  assert.deepEqual([...new Set(wanted)], ['https://pictures.example/boat.png']);
  await article.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('button', { name: 'Ask each time for images from mallory@example.net' }).click();
  await page.getByText('There is no sender whose images are always shown.').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await article.getByRole('button', { name: 'Show images' }).waitFor();
});

test('a message says what is known of its sender, and what belongs to it can be looked at', async () => {
  const { context, page } = await inbox();
  const article = await openMessage(page, 'Sail with us');
  await article.getByText('Sender confirmed').waitFor();
  const event = article.getByRole('region', { name: 'Invitation' });
  await event.getByRole('heading', { name: 'Evening sail' }).waitFor();
  await event.getByText(/10 May 2027.*23:00.*01:00 BST/).waitFor();
  await event.getByText(/There: .*18:00.*20:00/).waitFor();
  await event.getByText('Pier 3, Harbour').waitFor();

  await article.locator('summary').click();
  await article.getByText('Says mx.example.com, your mail server.').waitFor();
  await article.getByText('passed for club.example').first().waitFor();

  await article.getByRole('button', { name: 'Open rules.txt' }).click();
  await page.getByText('Wear a life jacket <script>top.hacked=1</script>.').waitFor();
  await page.keyboard.press('Escape');
  await article.getByRole('button', { name: 'Open flag.png' }).click();
  const picture = page.getByRole('dialog').getByRole('img');
  await picture.waitFor();
  await eventually(async () => /^blob:/.test((await picture.getAttribute('src')) ?? ''), true);
  await page.getByRole('button', { name: 'Close' }).click();
  // What calls itself a PDF and is none does not come near a viewer; a page is never opened, only saved.
  if (await page.evaluate(() => navigator.pdfViewerEnabled)) {
    await article.getByRole('button', { name: 'Open map.pdf' }).click();
    await page.getByText('This file cannot be shown here.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
  }
  assert.equal(await article.getByRole('button', { name: 'Open page.html' }).count(), 0);
  const saving = page.waitForEvent('download');
  await article.getByRole('button', { name: 'Save page.html' }).click();
  assert.equal((await saving).suggestedFilename(), 'page.html');

  await article.getByRole('button', { name: 'More' }).click();
  const reply = page.getByRole('link', { name: 'Reply in your mail program' });
  assert.match((await reply.getAttribute('href')) ?? '', /^mailto:[^?]+\?subject=Re%3A%20Sail%20with%20us$/);
  await page.getByRole('button', { name: 'Show headers' }).click();
  await page.getByText('Authentication-Results: mx.forged.example').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();

  await article.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Print' }).click();
  const paper = page.frameLocator('.print-frame');
  await paper.getByRole('heading', { name: 'Sail with us' }).waitFor({ state: 'attached' });
  await paper.getByText('You are invited.').waitFor({ state: 'attached' });

  await openMessage(page, 'From the bank');
  await page.getByText('Sender may be forged').waitFor();
  await page.getByRole('button', { name: 'Show images' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Always for this sender' }).count(), 0);
  assert.equal(await page.evaluate(() => 'hacked' in window), false);
  assert.equal(context.pages().length, 1);
});

/** Hands a file to the app as a platform does that knows it as a target of shares. */
async function share(page: Page, name: string, content: string): Promise<void> {
  await page.evaluate(
    ([fileName, text]) => {
      const form = Object.assign(document.createElement('form'), {
        ...{ method: 'post', action: '/shared', enctype: 'multipart/form-data' },
      });
      const input = Object.assign(document.createElement('input'), { type: 'file', name: 'message' });
      const files = new DataTransfer();
      files.items.add(new File([text], fileName, { type: 'message/rfc822' }));
      input.files = files.files;
      form.append(input);
      document.body.append(form);
      form.submit();
    },
    [name, content] as const,
  );
}

/** What a browser does that opened the app with a file: its own queue is there for installed apps alone. */
const LAUNCH = `Object.defineProperty(window, 'launchQueue', { value: {
  setConsumer(consumer) {
    const text = 'From: ada@example.org\\r\\nSubject: Low water\\r\\n\\r\\nThe tide is going.';
    consumer({ files: [{ getFile: async () => new File([text], 'low.eml', { type: 'message/rfc822' }) }] });
  },
} })`;

test('a message that is shared as a file waits for the network, is read, and goes into an account', async () => {
  const { context, page } = await app.signedIn();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  const from = 'From: Ada <ada@example.org>';
  await share(page, 'tide.eml', mail('High water', from, 'Content-Type: text/plain\n\nThe tide is coming.'));
  await page.getByText(/The message is kept here, and is opened when there is a network/).waitFor();
  const put = page.getByRole('button', { name: 'Put it into the inbox' });
  assert.equal(await put.isDisabled(), true);
  await context.setOffline(false);
  const shown = page.getByRole('article', { name: 'High water' });
  await shown.getByText('The tide is coming.').waitFor();
  await shown.getByText('From a file. Nobody has checked who it is from.').waitFor();
  assert.deepEqual(await problems(page), []);
  await put.click();
  await page.waitForURL(/\/inbox\//);
  await page.getByRole('article', { name: 'High water' }).getByText('The tide is coming.').waitFor();
  await page.goto(`${app.cloud.url}/shared`);
  await page.getByRole('heading', { name: 'No message was shared' }).waitFor();
  // A platform that opens files with the app hands it a handle.
  await page.addInitScript(LAUNCH);
  await page.goto(`${app.cloud.url}/inbox`);
  await page.getByRole('article', { name: 'Low water' }).getByText('The tide is going.').waitFor();
});
