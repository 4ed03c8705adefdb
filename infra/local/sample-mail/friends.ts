import { png, seascape } from './files.ts';
import { type Calendar, imap, type Letter, MARA, type SampleMessage } from './message.ts';

const JONAS = 'Jonas Berg <jonas@example.org>';
const PRIYA = 'Priya Raman <priya@example.org>';
const TOMAS = 'Tomáš Novák <tomas@example.org>';
const ALL = `${MARA}, ${JONAS}, ${PRIYA}, ${TOMAS}`;

/** The thread about the boat house: who, days ago, when, and what they wrote. Mara's own letters are in Sent. */
const BOAT_HOUSE: readonly (readonly [from: string, daysAgo: number, clock: string, text: string])[] = [
  [
    JONAS,
    21,
    '08:12',
    'Morning all,\n\nthe ice took two of the boards on the north side, and the door hangs. If we want the boats in by May, we should give it a weekend soon. Who has time?\n\nJonas',
  ],
  [
    PRIYA,
    21,
    '09:40',
    'I have, except the first weekend. I can bring the big drill and a lot of tea.\n\nPriya',
  ],
  [
    MARA,
    21,
    '12:05',
    'Count me in. I still have paint from last year, the red one, about four litres.\n\nMara',
  ],
  [
    TOMAS,
    20,
    '19:22',
    'Same here. Should we replace the sill as well? I put a knife into it in October and it went in far too easily.\n\nTomáš',
  ],
  [
    JONAS,
    20,
    '20:01',
    'I feared that. A new sill is 6 metres of larch, 90 x 140. I will ask at the mill in the morning.',
  ],
  [
    JONAS,
    18,
    '10:30',
    'The mill has larch, 48 a metre, ready on Thursday. They deliver to the slip if somebody is there to help unload.',
  ],
  [PRIYA, 18, '10:44', 'I can be there on Thursday from four. Does anybody have straps?'],
  [MARA, 18, '11:15', 'Straps are in my car already. I come straight from work, so half past four.\n\nMara'],
  [
    TOMAS,
    14,
    '07:58',
    'Delivery done, sill is under the tarpaulin. It is a beautiful piece of wood, almost too good to put in the mud.',
  ],
  [
    PRIYA,
    13,
    '21:10',
    'Plan for the weekend, if nobody objects:\n\n1. Saturday nine: jack up the north corner\n2. Old sill out, new sill in\n3. Lunch (I cook)\n4. Boards, then the door\n5. Sunday: paint, if it is dry',
  ],
  [JONAS, 13, '21:32', 'No objection, Your Honour. I bring two jacks and the long level.'],
  [
    MARA,
    12,
    '08:20',
    'Forecast says dry until Sunday afternoon. I will be there with paint, brushes and cinnamon buns.\n\nMara',
  ],
  [
    TOMAS,
    9,
    '18:47',
    'It stands! And it is level, which it has not been since 1974 according to my neighbour.\n\nThank you all. I have not slept this well for months.',
  ],
  [
    PRIYA,
    8,
    '09:15',
    'I found the photographs of the day and put them in the club folder. Mara, the one of you with the paint is going on the wall.',
  ],
  [
    JONAS,
    2,
    '17:30',
    'Bill for the wood attached to the door: 288 all together, so 72 each. No hurry.\n\nNext: the slip rails. But let us enjoy this one first.\n\nJonas',
  ],
];

/** Friends, family and the boat club: a long thread, photographs, and answers in Sent. */
export function friendsMail(calendar: Calendar): SampleMessage[] {
  return [...boatHouse(calendar), ...family(calendar), ...drafts(calendar)];
}

function boatHouse({ day }: Calendar): SampleMessage[] {
  const ids = BOAT_HOUSE.map((_, index) => `boat-house-${index + 1}`);
  return BOAT_HOUSE.map(([from, daysAgo, clock, text], index) => {
    const letter: Letter = {
      id: ids[index] ?? '',
      from,
      to: ALL,
      date: day(daysAgo, clock),
      subject: index === 0 ? 'The boat house before the season' : 'Re: The boat house before the season',
      text,
      after: ids.slice(0, index),
    };
    if (from === MARA) return imap('Sent', ['\\Seen'], letter);
    const last = index === BOAT_HOUSE.length - 1;
    return imap('INBOX', last ? ['\\Flagged'] : ['\\Seen', ...(index === 9 ? ['\\Answered'] : [])], letter);
  });
}

function family({ day, minutesAgo }: Calendar): SampleMessage[] {
  const evening = png('evening.png', 640, 360, seascape(0, 0.34), 'evening@example.com');
  const morning = png('morning.png', 640, 360, seascape(1, 0.52), 'morning@example.com');
  return [
    imap('INBOX', [], {
      id: 'family-photographs',
      from: 'Elin Lindqvist <elin@example.org>',
      date: minutesAgo(95),
      subject: 'Two from the pier ⛵️🌅',
      text: 'Hej Mara,\n\ntwo from the pier, one from yesterday evening and one from this morning. Same boat!\n\nKram, Elin',
      html: '<p>Hej Mara,</p><p>two from the pier, one from yesterday evening and one from this morning. <b>Same boat!</b></p>\n<p><img src="cid:evening@example.com" alt="The sea at sunset, with a sail" width="640"></p>\n<p><img src="cid:morning@example.com" alt="The sea in the morning" width="640"></p>\n<p>Kram, Elin</p>\n',
      files: [evening, morning],
    }),
    imap('INBOX', ['\\Seen', '\\Flagged', '\\Answered', 'family'], {
      id: 'family-birthday',
      from: 'Gunnar Lindqvist <gunnar@example.org>',
      date: day(4, '18:03'),
      subject: 'Mormors födelsedag på söndag',
      text: 'Hej!\n\nMormor fyller nittio på söndag. Vi samlas hos oss klockan två, och hon tror fortfarande att det blir en vanlig söndagskaffe. Kan du ta med prinsesstårtan från bageriet vid torget? Den är beställd i ditt namn.\n\nSkynda långsamt,\nPappa',
    }),
    imap('Sent', ['\\Seen'], {
      id: 'family-birthday-answer',
      from: MARA,
      to: 'Gunnar Lindqvist <gunnar@example.org>',
      date: day(4, '19:20'),
      subject: 'Re: Mormors födelsedag på söndag',
      text: 'Självklart! Jag hämtar tårtan klockan ett och lovar att inte äta marsipanrosen på vägen.\n\nMara',
      after: ['family-birthday'],
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'friend-recipe',
      from: 'Chiara Bianchi <chiara@example.org>',
      date: day(6, '13:31'),
      subject: 'La ricetta che mi avevi chiesto 🍋',
      text: 'Cara Mara,\n\necco la torta al limone della nonna: 4 uova, 200 g di zucchero, 250 g di farina, la scorza di due limoni e un bicchiere d’olio. Quaranta minuti a 170°. È più buona il giorno dopo, se resiste.\n\nUn abbraccio,\nChiara',
    }),
    imap('Projects/Boat house', ['\\Seen', 'wood'], {
      id: 'club-drawing',
      from: TOMAS,
      date: day(30, '20:15'),
      subject: 'A drawing of the slip, with measures',
      text: 'Here is what I measured last week. The rails are 1.20 m apart, and the slope is one in nine.\n\nTomáš',
      files: [
        png('slip.png', 480, 300, (x, y) =>
          Math.abs(y - 0.2 - x * 0.5) < 0.012 || (x * 12) % 1 < 0.02 ? [40, 60, 90] : [244, 246, 248],
        ),
      ],
    }),
    imap('Projects/Boat house', ['\\Seen', '\\Flagged'], {
      id: 'club-list',
      from: MARA,
      to: MARA,
      date: day(28, '07:45'),
      subject: 'List for the boat house',
      text: '[ ] hinges, 2 large\n[x] larch for the sill\n[x] red paint\n[ ] oil for the rails\n[ ] ask Priya about the drill',
    }),
  ];
}

function drafts({ day }: Calendar): SampleMessage[] {
  return [
    imap('Drafts', ['\\Draft', '\\Seen'], {
      id: 'draft-landlady',
      from: MARA,
      to: 'Frau Petersen <petersen@example.org>',
      date: day(1, '22:10'),
      subject: 'Kellerfenster',
      text: 'Liebe Frau Petersen,\n\nseit dem Sturm schließt das Kellerfenster nicht mehr richtig. Könnten Sie',
    }),
    imap('Drafts', ['\\Draft', '\\Seen'], {
      id: 'draft-speech',
      from: MARA,
      to: 'Gunnar Lindqvist <gunnar@example.org>',
      date: day(3, '23:41'),
      subject: 'Tal till mormor (utkast)',
      html: '<p>Kära mormor,</p><p>nittio år, och fortfarande den som <i>först</i> är i vattnet.</p>\n',
    }),
    imap('Entwürfe & Ideen', ['\\Seen', '\\Flagged', 'ideas'], {
      id: 'idea-lamp',
      from: MARA,
      to: MARA,
      date: day(17, '06:55'),
      subject: 'Idee: Lampe aus dem alten Bullauge 💡',
      text: 'Das Bullauge vom Schuppen, ein Ring aus Eiche, dahinter ein warmes Licht. Größe: etwa 38 cm. Gewicht prüfen!',
    }),
    imap('Entwürfe & Ideen', ['\\Seen'], {
      id: 'idea-route',
      from: MARA,
      to: MARA,
      date: day(40, '21:08'),
      subject: 'Route für den Sommer: Ærø – Strynø – Marstal',
      text: 'Tag 1: nach Ærøskøbing, 24 sm\nTag 2: Strynø, Seegras und Sandbank beachten\nTag 3: Marstal, Museum!',
    }),
  ];
}
