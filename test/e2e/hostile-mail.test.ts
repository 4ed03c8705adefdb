import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { testApp } from '../support/app.ts';
import { dropMail, htmlMail } from '../support/mail-drop.ts';
import { openMessage } from '../support/message-list.ts';

const app = testApp();
let trap: Server;
/** Paths that anything asked the trap for. */
const caught: string[] = [];

before(async () => {
  trap = createServer((request, response) => {
    caught.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*').end();
  }).listen(0, '127.0.0.1');
  await once(trap, 'listening');
});

after(() => trap?.close());

/** Ways to run something or to reach somebody, by name. `T` is the trap's address. */
const ATTACKS: Record<string, string> = {
  script: `<script>fetch('T/script');top.hacked=1</script><script src="T/script-src"></script>`,
  handlers: `<img src=x onerror="top.hacked=1"><body onload="top.hacked=1"><p onmouseover="top.hacked=1" style="font-size:60px">hover</p>
    <details open ontoggle="top.hacked=1"><summary>x</summary></details><input autofocus onfocus="top.hacked=1">`,
  addresses: `<a href="javascript:top.hacked=1">one</a><a href=" jAvAsCrIpT&colon;top.hacked=1">two</a>
    <a href="data:text/html,<script>top.hacked=1</script>">three</a><a href="/accounts">four</a>`,
  frames: `<iframe src="T/frame"></iframe><iframe srcdoc="<script>top.hacked=1</script>"></iframe>
    <object data="T/object"></object><embed src="T/embed"><frameset><frame src="T/frameset"></frameset>`,
  head: `<meta http-equiv="refresh" content="0;url=T/refresh"><base href="T/base/"><img src="relative.png">
    <link rel="stylesheet" href="T/sheet"><link rel="prefetch" href="T/prefetch"><link rel="dns-prefetch" href="//dns.example">`,
  styles: `<style>@import url(T/import); @font-face{font-family:f;src:url(T/font)} *{font-family:f;background:url(T/background)}
    p[class^=a]{background:url(T/exfiltrate)}</style><p class=abc style="background-image:url(T/inline);list-style:url(T/list)">x</p>`,
  pictures: `<img src="T/pixel" srcset="T/set 2x"><picture><source srcset="T/source"><img src="T/picture"></picture>
    <table background="T/table"><tr><td background="T/cell">x</td></tr></table><input type=image src="T/input">
    <video poster="T/poster" src="T/video"></video><audio src="T/audio" autoplay></audio>`,
  own: `<img src="/jmap/api"><img src="/config.json"><img src="//HOST/double-slash">`,
  vectors: `<svg onload="top.hacked=1"><image href="T/svg"/><use href="T/use#x"/><script>top.hacked=1</script>
    <foreignObject><iframe src="T/foreign"></iframe></foreignObject><animate attributeName=href values="javascript:top.hacked=1"/></svg>
    <math href="javascript:top.hacked=1"><maction actiontype="statusline#T/math">x</maction></math>`,
  mutation: `<noscript><p title="</noscript><img src=x onerror=top.hacked=1>"></noscript>
    <math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=top.hacked=1&gt;">
    <svg></p><style><a id="</style><img src=1 onerror=top.hacked=1>"></svg>
    <form><math><mtext></form><form><mglyph><style></math><img src onerror=top.hacked=1>
    <template><img src=x onerror=top.hacked=1></template><xmp><img src="</xmp><img src=x onerror=top.hacked=1>"></xmp>`,
  forms: `<form action="T/form"><input name=password type=password><button>Sign in</button></form>
    <form id=f action="T/form2"></form><button form=f>Go</button><a ping="T/ping" href="https://example.org/">ping</a>`,
  written: String.raw`<style>p{background:\75rl(T/escape)} p{background-image:image-set("T/set" 1x)} p{--x:url(T/own);background:var(--x)}
    @supports (color:red){p{background:url(T/supports)}} @media screen{p{list-style-image:url(T/media)}} @layer a{p{background:url(T/layer)}}
    @container (min-width:0){p{background:url(T/container)}} p{cursor:url(T/cursor),auto} @keyframes k{from{background:url(T/frames)}}
    p{animation:k 1s} p::before{content:url(T/content)} p{&:hover{background:url(T/nested)}} p{filter:url(T/filter#a);mask:url(T/mask)}
    @\69mport "T/import2"; p{background:cross-fade(url(T/fade),red)}</style><!--<style>--><p style="background:\000075rl(T/in-style)">x</p>
    <p style="--a:1;background:var(--b,url(T/fallback))">y</p><p style="border-image:url(T/border) 1;shape-outside:url(T/shape)">z</p>`,
  dark: `<body bgcolor="#ffffff" style="background:#fff url(T/ground)"><p style="background-image:linear-gradient(red,#fff),url(T/gradient);background-color:#fff;color:#000">x</p>
    <p style="background:#fff;color:expression(top.hacked=1);behavior:url(T/behaviour);-moz-binding:url(T/binding)">x</p>
    <style>@media (prefers-color-scheme:dark){p{background:url(T/dark)}} a:visited{background:url(T/visited)} p[class^=q]{background:url(T/attribute)}</style>
    <a href="https://example.org/" class=q>visited</a>`,
  quotes: `<p>Yes</p><div class="gmail_quote"><details open ontoggle="top.hacked=1"><summary onclick="top.hacked=1">On 1 Jan wrote:</summary></details>
    <img src=x onerror="top.hacked=1"><style><img src="</style><img src=x onerror=top.hacked=1>"></style></div>
    <div id="divRplyFwdMsg"><b>From:</b><noscript><style></noscript><img src=x onerror=top.hacked=1></style></div>
    <div id="quoted"><summary>x</summary></div><div id="mail"><p style="height:100vh">${'w'.repeat(400)}</p></div>`,
  clobber: `<img name=body><img name=documentElement><form id=getElementById><input name=attributes></form><a id=mail name=mail>x</a>`,
};

test('a hostile message runs nothing, asks nobody, and leaves the app alone', async () => {
  const address = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
  const mails = Object.entries(ATTACKS).map(([name, html]) =>
    htmlMail(
      `Attack by ${name}`,
      `<html><body>${html.replaceAll('HOST', address.slice(7)).replaceAll(/\bT\//g, `${address}/`)}</body></html>`,
    ),
  );
  await dropMail(app.cloud.demo(), mails);
  const { context, page } = await app.device();
  await page.setViewportSize({ width: 1280, height: 2400 });
  // In the dark, so that what turns colours round is tried as well.
  await page.emulateMedia({ colorScheme: 'dark' });
  const strangers: string[] = [];
  context.on('request', request => {
    const { origin } = new URL(request.url());
    if (origin !== app.cloud.url && !/^(data|blob|about):/.test(request.url())) strangers.push(request.url());
  });
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  for (const name of Object.keys(ATTACKS)) {
    await openMessage(page, `Attack by ${name}`);
    const frame = page.frameLocator('.mail-frame');
    await frame.locator('#mail').first().waitFor({ state: 'attached' });
    const links = await frame
      .locator('a[href]')
      .evaluateAll(all => all.map(link => link.getAttribute('href') ?? ''));
    for (const link of links) assert.match(link, /^(https?:|mailto:|tel:)/, `${name}: ${link}`);
    await page.mouse.move(900, 300);
    await page.waitForTimeout(150);
    assert.equal(await page.evaluate(() => 'hacked' in window), false, `${name} ran a script`);
    assert.equal(new URL(page.url()).origin, app.cloud.url, `${name} led away`);
    assert.equal(await frame.locator('form, input, button, iframe, object, embed').count(), 0, name);
  }
  assert.deepEqual(caught, []);
  assert.deepEqual(strangers, []);
  assert.equal(context.pages().length, 1);
  assert.deepEqual(errors, []);
  assert.deepEqual(await page.evaluate(tryUntrusted), ['TypeError', 'TypeError', 'TypeError', 'TypeError']);
});

/** What script that got into the page would try, once the sanitiser is at work: each has to be refused. */
function tryUntrusted(): string[] {
  const attempts = [
    () => document.createElement('div').setHTMLUnsafe('<img src=x onerror="window.hacked=1">'),
    () => document.createElement('iframe').setAttribute('srcdoc', '<p>text</p>'),
    () => new Worker('/service-worker.js'),
    () => {
      const { trustedTypes } = globalThis as unknown as {
        trustedTypes: { createPolicy(name: string): void };
      };
      trustedTypes.createPolicy('mailferry');
    },
  ];
  return attempts.map(attempt => {
    try {
      attempt();
      return 'done';
    } catch (error) {
      return (error as Error).name;
    }
  });
}

/** Which directive keeps a picture in the message's frame from being fetched. */
function refusedInFrame(src: string): Promise<string> {
  const inside = document.querySelector<HTMLIFrameElement>('.mail-frame')?.contentDocument;
  if (!inside) throw new Error('There is no message.');
  return new Promise(resolve => {
    inside.addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective));
    inside.body.append(Object.assign(inside.createElement('img'), { src }));
  });
}

test('pictures on the internet are asked for only when the person says so', async () => {
  const wanted: string[] = [];
  await dropMail(app.cloud.demo(), [
    htmlMail(
      'Remote picture',
      '<p>Look:</p><img alt="boat" width="40" height="40" src="https://pictures.example/boat.png">',
    ),
  ]);
  const { context, page } = await app.device();
  await context.route('https://pictures.example/**', route => {
    wanted.push(route.request().url());
    return route.fulfill({ contentType: 'image/png', body: '' });
  });
  await page.getByRole('link', { name: 'Remote picture' }).waitFor();
  await openMessage(page, 'Remote picture');
  await page.getByText('Images from the internet are not shown').waitFor();
  // Whatever cleaning would miss the frame's own policy refuses.
  assert.equal(await page.evaluate(refusedInFrame, 'https://pictures.example/missed.png'), 'img-src');
  assert.deepEqual(wanted, []);
  await page.getByRole('button', { name: 'Show images' }).click();
  await page.frameLocator('.mail-frame').locator('img[src^="https:"]').waitFor({ state: 'attached' });
  await page.waitForTimeout(300);
  assert.deepEqual(wanted, ['https://pictures.example/boat.png']);
});
