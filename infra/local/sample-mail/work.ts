import { calendarEvent, csv, noise, pdf, zip } from './files.ts';
import {
  type Calendar,
  compose,
  filePart,
  headersOf,
  imap,
  type Letter,
  MARA,
  multipart,
  type Part,
  type SampleMessage,
  textPart,
} from './message.ts';

const JONAS = 'Jonas Berg <jonas@example.org>';
const ADA = 'Ada Okafor <ada.okafor@example.com>';

/** Work, shop, bank and travel: attachments of every kind, an invitation, a forward, a bounce, a large one. */
export function workMail(calendar: Calendar): SampleMessage[] {
  return [...office(calendar), ...errands(calendar), ...special(calendar), ...large(calendar)];
}

function office({ day, minutesAgo }: Calendar): SampleMessage[] {
  const figures = csv('visitors.csv', [
    ['month', 'visitors', 'tickets'],
    ['January', 1240, 868],
    ['February', 1515, 1102],
    ['March', 2210, 1730],
  ]);
  return [
    imap('INBOX', ['\\Flagged', '$work'], {
      id: 'work-exhibition',
      from: ADA,
      date: minutesAgo(34),
      subject: 'Opening night: final plan and the floor plan as PDF',
      text: 'Dear Mara,\n\nhere is the plan for the opening. Doors at six, your speech at half past, then the boat is lowered from the ceiling (slowly, this time).\n\nPlease check the names on page one.\n\nBest wishes,\nAda',
      files: [
        pdf('opening-night.pdf', 'Opening night', [
          '18:00  Doors open, music by the river',
          '18:30  Welcome: Mara Lindqvist',
          '18:45  The boat is lowered',
          '19:30  Guided tour, two groups',
          '22:00  Last ferry home',
        ]),
      ],
    }),
    imap('INBOX', ['\\Seen', '$work'], {
      id: 'work-figures',
      from: ADA,
      date: day(2, '08:30'),
      subject: 'Visitors of the first quarter',
      text: 'Mara, the figures for the board attached. March was our best month since the reopening.\n\nAda',
      files: [figures],
    }),
    imap('Sent', ['\\Seen'], {
      id: 'work-figures-answer',
      from: MARA,
      to: ADA,
      date: day(2, '09:02'),
      subject: 'Re: Visitors of the first quarter',
      text: 'Wonderful! Let us put this on the first slide and say nothing about February.\n\nMara\n\n> Mara, the figures for the board attached. March was our best month since the reopening.\n> \n> Ada',
      after: ['work-figures'],
    }),
    imap('Archive', ['\\Seen', '$work'], {
      id: 'work-scans',
      from: ADA,
      date: day(64, '15:00'),
      subject: 'Scans of the log book, 1911',
      text: 'The scans are in the archive file. The empty page is really empty; the clerk at the time was thorough.',
      files: [
        zip('logbook-1911.zip', 'page-014.raw', noise(24_000, 14)),
        { name: 'page-015.txt', type: 'text/plain', bytes: Buffer.alloc(0) },
        { name: 'Überfahrt – Ærø.dat', type: 'application/octet-stream', bytes: noise(5_000, 15) },
      ],
    }),
  ];
}

function errands({ day, minutesAgo }: Calendar): SampleMessage[] {
  return [
    imap('INBOX', [], {
      id: 'bank-statement',
      from: 'Harbour Bank <service@bank.example.com>',
      date: minutesAgo(210),
      subject: 'Your statement is ready',
      text: 'Dear Mara Lindqvist,\n\nyour statement for last month is ready in your online mailbox. For your safety this message contains no link.\n\nHarbour Bank',
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'shop-order',
      from: 'Chandlery & Sons <orders@shop.example.com>',
      date: day(3, '11:48'),
      subject: 'Order 20417: your hinges are on their way',
      text: 'Hello Mara,\n\n2 x strap hinge, galvanised, 400 mm\n1 x linseed oil, 1 l\n\nTotal 86.40, paid by card. Expect the parcel on Friday between nine and noon.\n\nChandlery & Sons',
    }),
    imap('INBOX', ['\\Seen', 'travel'], {
      id: 'travel-ferry',
      from: 'Sund Ferries <booking@ferry.example.com>',
      date: day(5, '16:20'),
      subject: 'Booking F7K2Q: Svendborg – Ærøskøbing, 2 adults, 1 bicycle',
      text: 'Departure 10:15, please be at the quay 15 minutes earlier. The bicycle travels free of charge; so does the dog, if there is one.',
      files: [
        pdf('ticket-F7K2Q.pdf', 'Boarding pass F7K2Q', [
          'Svendborg - Aeroskobing',
          '2 adults, 1 bicycle',
          'Gate 2',
        ]),
        {
          name: 'ferry.ics',
          type: 'text/calendar; charset=utf-8; method=PUBLISH',
          bytes: Buffer.from(
            calendarEvent('PUBLISH', 'ferry-f7k2q', day(-20, '10:15'), 1.25, 'Ferry to Ærø', 'Svendborg'),
          ),
        },
      ],
    }),
    imap('Trash', ['\\Seen'], {
      id: 'shop-survey',
      from: 'Chandlery & Sons <news@shop.example.com>',
      date: day(11, '04:00'),
      subject: 'How did you like your rope?',
      text: 'Tell us in three minutes and win a bucket.',
    }),
    imap('Trash', [], {
      id: 'club-parking',
      from: 'Harbour office <office@harbour.example.org>',
      date: day(15, '09:09'),
      subject: 'Parking closed on Saturday (cancelled)',
      text: 'The market has moved, so parking stays open after all.',
    }),
  ];
}

function special({ day, minutesAgo }: Calendar): SampleMessage[] {
  const invitation: Letter = {
    id: 'invitation-sailing',
    from: JONAS,
    date: minutesAgo(400),
    subject: 'Invitation: First sail of the year',
  };
  const event = calendarEvent(
    'REQUEST',
    'first-sail',
    day(-9, '09:00'),
    6,
    'First sail of the year',
    'North slip',
  );
  const request: Part = {
    headers: [
      'Content-Type: text/calendar; charset=utf-8; method=REQUEST',
      'Content-Transfer-Encoding: 8bit',
    ],
    body: Buffer.from(event),
  };
  const note = textPart('text/plain', 'First sail of the year, from the north slip. Bring gloves.\n');

  const original = compose({
    id: 'forwarded-original',
    from: 'Museum of the Sea <archive@museum.example.org>',
    to: ADA,
    date: day(9, '10:00'),
    subject: 'Loan of the model "Havfrue"',
    text: 'We are glad to lend you the model for six months. It travels in its own case and must not be turned.',
  });
  const forward: Letter = {
    id: 'forward-loan',
    from: ADA,
    date: day(8, '10:12'),
    subject: 'Fwd: Loan of the model',
  };
  const enclosed: Part = {
    headers: ['Content-Type: message/rfc822', 'Content-Disposition: attachment; filename="loan.eml"'],
    body: original,
  };
  const words = textPart('text/plain', 'They said yes! See below.\n\nAda\n');
  return [
    whole('INBOX', [], invitation, multipart('alternative', invitation.id, [note, request])),
    whole('INBOX', ['\\Seen', '$Forwarded'], forward, multipart('mixed', forward.id, [words, enclosed])),
    bounce(day(7, '14:41')),
  ];
}

/** A delivery status notification (RFC 3464). */
function bounce(date: Date): SampleMessage {
  const letter: Letter = {
    id: 'bounce-1',
    from: 'Mail Delivery System <mailer-daemon@mx.example.com>',
    date,
    subject: 'Undelivered Mail Returned to Sender',
    headers: [['Auto-Submitted', 'auto-replied']],
  };
  const status =
    'Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; olaf@nowhere.invalid\nAction: failed\nStatus: 5.1.2\nDiagnostic-Code: X-Mailer; host not found\n';
  const report = multipart('report', letter.id, [
    textPart(
      'text/plain',
      'Your message to <olaf@nowhere.invalid> could not be delivered: the host was not found.\n',
    ),
    textPart('message/delivery-status', status, 'us-ascii'),
    {
      headers: ['Content-Type: message/rfc822'],
      body: compose({
        id: 'bounced',
        from: MARA,
        to: 'olaf@nowhere.invalid',
        date,
        subject: 'Ahoy',
        text: 'Are you there?',
      }),
    },
  ]);
  return whole('INBOX', ['\\Seen'], letter, report);
}

/** A recording of 9 MB, which is a message of 12 MB. */
function large({ day }: Calendar): SampleMessage[] {
  const letter: Letter = {
    id: 'large-recording',
    from: JONAS,
    date: day(10, '20:20'),
    subject: 'The choir at the harbour, whole recording',
  };
  const recording = { name: 'choir.wav', type: 'audio/wav', bytes: wave(9_000_000) };
  const note = textPart(
    'text/plain',
    'It became rather large, sorry. The wind stops after a minute.\n\nJonas\n',
  );
  return [whole('INBOX', ['\\Seen'], letter, multipart('mixed', letter.id, [note, filePart(recording)]))];
}

/** A WAVE file of so many bytes of 16-bit sound. */
function wave(length: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
  head.writeUInt32LE(36 + length, 4);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(44_100, 24);
  head.writeUInt32LE(88_200, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(length, 40);
  return Buffer.concat([head, noise(length, 9)]);
}

function whole(mailbox: string, flags: string[], letter: Letter, part: Part): SampleMessage {
  const head = [...headersOf(letter), 'MIME-Version: 1.0', ...part.headers].join('\r\n');
  const raw = Buffer.concat([Buffer.from(`${head}\r\n\r\n`), part.body]);
  return { account: 'imap', mailbox, flags, date: letter.date, raw };
}
