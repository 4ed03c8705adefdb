import { type Calendar, imap, type SampleMessage } from './message.ts';

/** HTML newsletters as they are really sent: nested tables of fixed width, bgcolor, font tags, trackers. */
export function newsletterMail({ day, minutesAgo }: Calendar): SampleMessage[] {
  return [
    imap('INBOX', [], {
      id: 'news-tide',
      from: 'The Tide Table <letter@tide.example.org>',
      date: minutesAgo(150),
      subject: 'The Tide Table No. 118: eels, varnish and a lighthouse for sale',
      headers: [
        ['List-Unsubscribe', '<mailto:leave@tide.example.org>'],
        ['List-Id', 'The Tide Table <tide.example.org>'],
      ],
      text: 'The Tide Table No. 118\n\nEels in the inner harbour. A varnish test. A lighthouse is for sale, again.',
      html: newsletter('#123f5a', 'The Tide Table', 'No. 118', [
        [
          'Eels in the inner harbour',
          'For the first time in twenty years they were counted in hundreds. What the new gate has to do with it, and where to watch from at dusk.',
        ],
        [
          'Five varnishes, one winter',
          'We left five oak boards on the mole from October to March. Two are still pretty. One is not to be spoken of.',
        ],
        [
          'Lighthouse for sale, again',
          'Four rooms, one lamp, no road. The keeper of the keys told us why the last three owners left.',
        ],
      ]),
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'news-seeds',
      from: 'Garten & Beet <post@beet.example.com>',
      date: day(3, '05:30'),
      subject: 'Jetzt aussäen: Tomaten, Wicken und ein bisschen Geduld',
      headers: [['List-Unsubscribe', '<mailto:abmelden@beet.example.com>']],
      html: newsletter('#3d6b35', 'Garten & Beet', 'Frühling', [
        [
          'Tomaten auf der Fensterbank',
          'Hell und kühl heißt die Regel. Acht alte Sorten, die auch an der Küste reif werden.',
        ],
        ['Wicken', 'Über Nacht in Wasser legen, zwei Zentimeter tief, und danach: nicht mehr hinsehen.'],
        ['20 % auf Hochbeete', 'Nur bis Sonntag, solange das Lärchenholz reicht.'],
      ]),
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'news-timetable',
      from: 'Sund Ferries <news@ferry.example.com>',
      date: day(8, '06:00'),
      subject: 'Summer timetable: every departure on one wide page',
      html: timetable(),
    }),
    imap('Archive', ['\\Seen'], {
      id: 'news-museum',
      from: 'Musée de la Mer <lettre@museum.example.org>',
      date: day(45, '07:15'),
      subject: 'À voir ce mois-ci : les cartes oubliées',
      html: newsletter('#7a2f3b', 'Musée de la Mer', 'La lettre', [
        [
          'Les cartes oubliées',
          'Quarante cartes retrouvées derrière une cloison, et une île qui n’existe pas.',
        ],
        ['Atelier de nœuds', 'Chaque mercredi à 15 h, à partir de huit ans. Les parents peuvent rester.'],
      ]),
    }),
    imap('Junk', ['$Junk'], {
      id: 'junk-prize',
      from: 'Price Departement <win@lottery.invalid>',
      date: day(2, '02:22'),
      subject: '🎉🎉 You are the WINNER of 4.500.000 🎉🎉',
      html: '<table width="1200" bgcolor="#ff0000"><tr><td align="center"><font size="7" color="#ffff00">CONGRATULATION!!!</font><br><font color="#ffffff">Reply with your bank details to receive your price.</font></td></tr></table>\n',
    }),
  ];
}

function newsletter(
  colour: string,
  title: string,
  issue: string,
  items: readonly (readonly [string, string])[],
): string {
  const rows = items.map(
    ([heading, text], index) => `
      <tr><td bgcolor="${index % 2 ? '#f4f1ea' : '#ffffff'}" style="padding:24px 40px">
        <table width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
          <td width="180" valign="top"><img src="https://images.example.invalid/${index}.jpg" width="160" height="110" alt="" style="background:${colour}"></td>
          <td valign="top"><h2 style="margin:0 0 8px;font:bold 20px Georgia,serif;color:${colour}">${heading}</h2>
          <p style="margin:0;font:15px/1.5 Arial,sans-serif;color:#333333">${text}</p>
          <p><a href="https://www.example.org/read/${index}" style="color:${colour}">Read on</a></p></td>
        </tr></table>
      </td></tr>`,
  );
  return `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>${title}</title>
<style>body{margin:0} a{text-decoration:underline} @media (max-width:600px){.wide{width:100%!important}}</style></head>
<body bgcolor="#e6e2d8">
<table width="100%" bgcolor="#e6e2d8" cellpadding="0" cellspacing="0" border="0"><tr><td align="center">
  <table class="wide" width="860" cellpadding="0" cellspacing="0" border="0">
      <tr><td bgcolor="${colour}" style="padding:32px 40px"><font face="Georgia" size="6" color="#ffffff">${title}</font>
        <br><font face="Arial" size="2" color="#dddddd">${issue}</font></td></tr>${rows.join('')}
      <tr><td align="center" style="padding:20px;font:12px Arial;color:#777777">You receive this letter because you asked for it.
        <img src="https://count.example.invalid/open?id=mara" width="1" height="1" alt=""></td></tr>
  </table>
</td></tr></table></body></html>
`;
}

function timetable(): string {
  const quays = [
    'Svendborg',
    'Skarø',
    'Drejø',
    'Hjortø',
    'Ærøskøbing',
    'Søby',
    'Marstal',
    'Strynø',
    'Rudkøbing',
  ];
  const head = quays
    .map(quay => `<th bgcolor="#0b3954" style="color:#ffffff;padding:6px 14px">${quay}</th>`)
    .join('');
  const rows = Array.from({ length: 14 }, (_, row) => {
    const cells = quays.map((_quay, column) => {
      const minutes = 330 + row * 65 + column * 22;
      const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
      return `<td align="center" nowrap style="padding:6px 14px">${clock}</td>`;
    });
    return `<tr bgcolor="${row % 2 ? '#e8f1f5' : '#ffffff'}">${cells.join('')}</tr>`;
  });
  return `<html><body bgcolor="#ffffff"><h1><font color="#0b3954">Summer timetable</font></h1>
<p>All departures daily, except where the weather disagrees.</p>
<table width="1400" border="1" bordercolor="#0b3954" cellspacing="0">
<tr>${head}</tr>
${rows.join('\n')}
</table></body></html>
`;
}
