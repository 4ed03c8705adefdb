import { encodeIso2022Jp } from './encode.ts';
import { csv, noise, pdf, png, seascape } from './files.ts';
import { type Calendar, headerDate, type Letter, pop, type SampleMessage } from './message.ts';

const TO = 'Mara Lindqvist <mara.lindqvist@example.org>';
const CLUB = 'Båtklubben Tre Öar <klubben@example.org>';
const HANNE = 'Hanne Sørensen <hanne@example.org>';
const LANDLADY = 'Frau Petersen <petersen@example.org>';
const LIBRARY = 'Town library <loans@library.example.org>';

/** Short letters of the POP account: id, sender, days ago, time of day, subject, text. */
const LETTERS: readonly (readonly [string, string, number, string, string, string])[] = [
  [
    'pop-minutes',
    CLUB,
    2,
    '19:00',
    'Protokoll från styrelsemötet',
    'Hej alla,\n\nvi beslutade att köpa en ny brygga (61 000 kr) och att bastun får en ny ugn.\n\nStyrelsen',
  ],
  [
    'pop-sauna',
    CLUB,
    4,
    '07:30',
    'Bastun är varm på torsdag 🔥',
    'Från klockan sjutton. Ta med ved om du kan.',
  ],
  [
    'pop-harbour-day',
    CLUB,
    9,
    '12:00',
    'Hamndagen: vem bakar?',
    'Vi behöver sex kakor, två termosar och en person som inte är rädd för måsar.',
  ],
  [
    'pop-lost',
    CLUB,
    15,
    '21:12',
    'Borttappad: en röd stövel',
    'Vänster, storlek 41. Den andra väntar på kontoret.',
  ],
  [
    'pop-meter',
    LANDLADY,
    3,
    '08:15',
    'Ablesung der Wasseruhr',
    'Liebe Frau Lindqvist,\n\nam Dienstag zwischen acht und zehn wird die Wasseruhr abgelesen. Ich kann aufschließen, wenn Sie nicht da sind.\n\nFreundliche Grüße\nA. Petersen',
  ],
  [
    'pop-storm',
    LANDLADY,
    12,
    '17:40',
    'Sturm am Wochenende',
    'Bitte denken Sie an die Blumenkästen und schließen Sie das Dachfenster.',
  ],
  [
    'pop-due',
    LIBRARY,
    1,
    '05:00',
    'Two books are due on Friday',
    'The Shipwright and the Schooner\nKnots, Splices and Good Manners\n\nYou can renew them twice.',
  ],
  [
    'pop-hold',
    LIBRARY,
    6,
    '05:00',
    'Your reservation has arrived',
    '"Atlas of Islands Nobody Visits" waits for you at the desk until Saturday.',
  ],
  [
    'pop-choir',
    'Choir <choir@example.org>',
    5,
    '20:50',
    'Rehearsal moved to the church',
    'The school has no heating. Bring the blue folder, and a scarf.',
  ],
  [
    'pop-hotel',
    'Hôtel du Phare <accueil@hotel.example.com>',
    7,
    '10:05',
    'Confirmation de votre séjour',
    'Madame,\n\nnous confirmons votre réservation : deux nuits, chambre avec vue sur le phare, petit déjeuner compris.\n\nÀ bientôt !',
  ],
  [
    'pop-bakery',
    'Bageriet vid torget <order@bakery.example.com>',
    3,
    '14:14',
    'Din prinsesstårta är bokad',
    'Hämtas på söndag klockan ett. Tolv bitar, extra marsipan.',
  ],
  [
    'pop-dentist',
    'Dr. Wu <praxis@dentist.example.com>',
    20,
    '09:00',
    'Your appointment in spring',
    'See you on the 12th at 8:40. If you cannot come, please tell us a day before.',
  ],
  [
    'pop-telescope',
    'Rafael Ortiz <rafael@example.org>',
    8,
    '22:48',
    '¿Sigue en venta el telescopio?',
    'Hola Mara:\n\nvi tu anuncio. ¿Sigue en venta el telescopio? Podría recogerlo el sábado.\n\nUn saludo,\nRafael',
  ],
  [
    'pop-piano',
    'Zofia Wójcik <zofia@example.org>',
    18,
    '16:30',
    'Stroiciel fortepianu',
    'Dzień dobry, stroiciel może przyjść w środę o jedenastej. Pasuje?\n\nZofia',
  ],
  [
    'pop-bicycle',
    'Cykelverkstan <verkstad@bicycle.example.com>',
    10,
    '15:55',
    'Cykeln är klar',
    'Ny kedja, nya bromsar. 840 kr. Vi har öppet till sex.',
  ],
  ['pop-emoji', HANNE, 2, '11:11', '🐚🦀🌊', 'Se hvad vi fandt på stranden!'],
];

/** The POP account: an older maildrop at another provider, one mailbox, mail of every kind that matters to POP. */
export function maildropMail(calendar: Calendar): SampleMessage[] {
  const letters = LETTERS.map(([id, from, daysAgo, clock, subject, text]) =>
    pop({ id, from, to: TO, date: calendar.day(daysAgo, clock), subject, text }),
  );
  return [...letters, ...conversation(calendar), ...withFiles(calendar), ...awkward(calendar)];
}

function conversation({ day }: Calendar): SampleMessage[] {
  const texts = [
    'Kære Mara,\n\nkommer du til Marstal i juli? Sommerhuset er tomt i uge 28.',
    'Åh ja! Kan jeg tage kajakken med?',
    'Selvfølgelig. Der er plads i skuret, hvis du flytter havenissen.',
  ];
  const ids = texts.map((_, index) => `pop-summer-${index + 1}`);
  return texts.map((text, index) =>
    pop({
      id: ids[index] ?? '',
      from: index === 1 ? TO : HANNE,
      to: index === 1 ? HANNE : TO,
      date: day(14 - index, '18:30'),
      subject: index === 0 ? 'Sommerhuset i Marstal' : 'Re: Sommerhuset i Marstal',
      text,
      after: ids.slice(0, index),
    }),
  );
}

function withFiles({ day, minutesAgo }: Calendar): SampleMessage[] {
  const beach = png('strand.png', 480, 270, seascape(0.5, 0.7), 'strand@example.org');
  const letters: Letter[] = [
    {
      id: 'pop-rent',
      from: LANDLADY,
      date: day(1, '09:30'),
      subject: 'Nebenkostenabrechnung',
      text: 'Liebe Frau Lindqvist,\n\nanbei die Abrechnung. Sie bekommen etwas zurück!\n\nA. Petersen',
      files: [
        pdf('Nebenkosten.pdf', 'Nebenkosten', [
          'Wasser      212,40',
          'Heizung     804,10',
          'Guthaben     96,20',
        ]),
      ],
    },
    {
      id: 'pop-members',
      from: CLUB,
      date: day(6, '18:18'),
      subject: 'Medlemslistan',
      text: 'Kontrollera gärna ditt telefonnummer.',
      files: [
        csv('medlemmar.csv', [
          ['namn', 'båt'],
          ['Mara Lindqvist', 'Måsen'],
          ['Tomáš Novák', 'Ålen'],
        ]),
      ],
    },
    {
      id: 'pop-beach',
      from: HANNE,
      date: minutesAgo(55),
      subject: 'Udsigten lige nu',
      html: '<p>Lige nu, fra bænken ved <b>fyret</b>:</p><p><img src="cid:strand@example.org" alt="Havet" width="480"></p>\n',
      files: [beach],
    },
    {
      id: 'pop-firmware',
      from: 'Weather buoy <buoy@harbour.example.org>',
      date: day(21, '03:00'),
      subject: 'Firmware 2.1 (600 kB)',
      text: 'Nothing to do for you; the file is for the club computer.',
      files: [{ name: 'buoy-2.1.bin', type: 'application/octet-stream', bytes: noise(600_000, 21) }],
    },
  ];
  return letters.map(letter => pop({ ...letter, to: TO }));
}

/** What breaks careless POP clients: dots, bytes above 127, a missing last line end, an empty body. */
function awkward({ day }: Calendar): SampleMessage[] {
  const raw = (date: Date, subject: string, id: string, rest: string | Buffer): SampleMessage => {
    const head = `Received: from mail.example.org by mx.example.org; ${headerDate(date)}\r\nDate: ${headerDate(date)}\r\nFrom: Weather buoy <buoy@harbour.example.org>\r\nTo: mara.lindqvist@example.org\r\nSubject: ${subject}\r\nMessage-ID: <${id}@example.org>\r\n`;
    const bytes = Buffer.concat([
      Buffer.from(head, 'latin1'),
      typeof rest === 'string' ? Buffer.from(rest, 'latin1') : rest,
    ]);
    return { account: 'pop', mailbox: 'INBOX', flags: [], date, raw: bytes };
  };
  const japanese = encodeIso2022Jp('港の天気\r\n風速 7 m、水温 6 度です。\r\n');
  return [
    raw(day(11, '03:00'), '. . . dots', 'pop-dots', '\r\n.\r\n..\r\n.end\r\n\r\n.\r\n'),
    raw(
      day(13, '03:00'),
      'Vind och vatten',
      'pop-latin1',
      '\r\nVatten 6 \xb0C, v\xe5gh\xf6jd 0,4 m, sikt god \xf6ver \xd6resund.\r\n',
    ),
    raw(day(16, '03:00'), 'No line end', 'pop-no-newline', '\r\nwind 5 m/s, and the line ends he'),
    raw(day(17, '03:00'), 'Nothing to report', 'pop-empty', '\r\n'),
    raw(
      day(19, '03:00'),
      `=?ISO-2022-JP?B?${encodeIso2022Jp('港の天気').toString('base64')}?=`,
      'pop-jis',
      Buffer.concat([Buffer.from('Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n'), japanese]),
    ),
  ];
}
