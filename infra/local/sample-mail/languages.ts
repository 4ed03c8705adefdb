import { encodeIso2022Jp, encodeLegacy } from './encode.ts';
import { type Calendar, headerDate, imap, MARA, messageId, type SampleMessage } from './message.ts';

/** Mail in scripts other than Latin, in UTF-8 and in the charsets that were used before it. */
export function languageMail(calendar: Calendar): SampleMessage[] {
  return [...inUtf8(calendar), ...inOldCharsets(calendar)];
}

function inUtf8({ day, minutesAgo }: Calendar): SampleMessage[] {
  return [
    imap('INBOX', ['travel'], {
      id: 'japanese-utf8',
      from: '佐藤 由美 <yumi@example.org>',
      date: minutesAgo(260),
      subject: '瀬戸内海の旅のご案内 🚢',
      text: 'マーラ様\n\nお元気ですか。五月の瀬戸内海の旅の日程をお送りします。小豆島で二泊、直島で一泊の予定です。オリーブ畑の宿から海がよく見えますよ。\n\nお会いできるのを楽しみにしています。\n\n佐藤由美',
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'arabic-utf8',
      from: 'ليلى حداد <layla@example.org>',
      date: day(1, '15:25'),
      subject: 'صور من معرض القوارب في الإسكندرية',
      text: 'عزيزتي مارا،\n\nكان المعرض جميلاً جداً، وقد رأيت القارب الخشبي الذي حدثتني عنه (طوله 12 متراً!). سأرسل لك الصور يوم الأحد.\n\nمع أطيب التحيات،\nليلى',
      html: '<div dir="rtl" lang="ar"><p>عزيزتي مارا،</p><p>كان المعرض جميلاً جداً، وقد رأيت القارب الخشبي الذي حدثتني عنه (طوله 12 متراً!). سأرسل لك الصور يوم الأحد.</p><p>مع أطيب التحيات،<br>ليلى</p></div>\n',
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'hebrew-utf8',
      from: 'נועה לוי <noa@example.org>',
      date: day(6, '09:50'),
      subject: 'תמונות מהנמל של יפו',
      text: 'שלום מרה,\n\nהיינו אתמול בנמל של יפו, והים היה שקט כמו מראה. מצאתי שם סירה כחולה בשם "Mara"!\n\nנשיקות,\nנועה',
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'hindi-utf8',
      from: 'Priya Raman <priya@example.org>',
      date: day(12, '17:05'),
      subject: 'दीपावली की तैयारी और नाव की सजावट',
      text: 'प्रिय मारा,\n\nइस बार हम नाव को दीयों से सजाएँगे। क्या तुम शनिवार को आ सकती हो?\n\nप्रिया',
    }),
    imap('INBOX', ['\\Seen'], {
      id: 'greek-utf8',
      from: 'Νίκος Παππάς <nikos@example.org>',
      date: day(16, '12:00'),
      subject: 'Το καΐκι είναι έτοιμο!',
      text: 'Αγαπητή Μάρα,\n\nτο καΐκι βάφτηκε, μπλε και άσπρο όπως πάντα, και πέφτει στο νερό το Σάββατο.\n\nΝίκος',
    }),
    imap('Archive', ['\\Seen'], {
      id: 'chinese-utf8',
      from: '陈伟 <wei@example.org>',
      date: day(50, '03:30'),
      subject: '关于龙舟模型的问题',
      text: '玛拉您好：\n\n龙舟模型已经装箱，预计下周到达。请问贵馆的展柜有多长？模型全长一米二。\n\n陈伟',
    }),
    imap('Archive', ['\\Seen'], {
      id: 'thai-utf8',
      from: 'Somchai <somchai@example.org>',
      date: day(58, '05:12'),
      subject: 'เรือหางยาวที่กระบี่ 🌴',
      text: 'สวัสดีครับมารา เรือหางยาวลำใหม่เสร็จแล้ว ขอบคุณสำหรับแบบแปลนครับ',
    }),
  ];
}

function inOldCharsets({ day }: Calendar): SampleMessage[] {
  return [
    old('japanese-jis', 'INBOX', day(2, '01:10'), {
      charset: 'ISO-2022-JP',
      encode: encodeIso2022Jp,
      name: '田中 健',
      address: 'ken@example.org',
      subject: '木造船の写真について',
      text: 'マーラさん\n\nこんにちは、田中です。先日お願いした木造船の写真は届きましたか。\n博物館の展示に使いたいので、大きいサイズ (300 dpi) でお願いします。\n\n田中 健',
    }),
    old('russian-koi8', 'INBOX', day(19, '18:44'), {
      charset: 'KOI8-R',
      encode: text => encodeLegacy('koi8-r', text),
      name: 'Вера Орлова',
      address: 'vera@example.org',
      subject: 'Письмо с Белого моря',
      text: 'Здравствуйте, Мара!\n\nЛёд сошёл, и лодки снова на воде. Приезжайте в июне, когда ночи белые.\n\nВера',
    }),
    old('korean-euc', 'Archive', day(70, '02:02'), {
      charset: 'EUC-KR',
      encode: text => encodeLegacy('euc-kr', text),
      name: '김민지',
      address: 'minji@example.org',
      subject: '부산 항구 축제',
      text: '마라 씨, 안녕하세요.\n\n가을에 부산 항구 축제가 있습니다. 꼭 오세요!\n\n김민지',
    }),
    old('hebrew-windows', 'Archive', day(75, '10:10'), {
      charset: 'windows-1255',
      encode: text => encodeLegacy('windows-1255', text),
      name: 'נועה לוי',
      address: 'noa@example.org',
      subject: 'המפה הישנה',
      text: 'מצאתי את המפה הישנה של סבא. אשלח לך סריקה מחר.\n\nנועה',
    }),
  ];
}

interface OldLetter {
  charset: string;
  encode(text: string): Buffer;
  name: string;
  address: string;
  subject: string;
  text: string;
}

/** A message whose header words and body are both in an old charset, the body as raw bytes. */
function old(id: string, mailbox: string, date: Date, letter: OldLetter): SampleMessage {
  const word = (text: string) => `=?${letter.charset}?B?${letter.encode(text).toString('base64')}?=`;
  const head = [
    `Received: from mail.example.org by mx.example.com with ESMTP id ${id}; ${headerDate(date)}`,
    `Date: ${headerDate(date)}`,
    `From: ${word(letter.name)} <${letter.address}>`,
    `To: ${MARA}`,
    `Subject: ${word(letter.subject)}`,
    `Message-ID: ${messageId(id)}`,
    'MIME-Version: 1.0',
    `Content-Type: text/plain; charset=${letter.charset}`,
    `Content-Transfer-Encoding: ${letter.charset === 'ISO-2022-JP' ? '7bit' : '8bit'}`,
  ];
  const body = letter.encode(`${letter.text}\n`.replaceAll('\n', '\r\n'));
  const raw = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
  return { account: 'imap', mailbox, flags: ['\\Seen'], date, raw };
}
