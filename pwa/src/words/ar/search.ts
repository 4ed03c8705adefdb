import type { OwnNames } from '../../search/query.ts';
import { count, digits } from '../numbers.ts';
import { apart, ofMessages } from './counted.ts';

export const search = {
  title: 'البحث',
  field: 'البحث في كل البريد',
  clear: 'مسح البحث',
  results: 'نتائج البحث',
  narrow: 'تضييق البحث',
  /** How each suggestion is called; what is typed is in `ownNames`. */
  operators: {
    from: 'من',
    to: 'إلى',
    subject: 'الموضوع',
    has: 'مع مرفق',
    is: '',
    in: 'في صندوق البريد',
    before: 'قبل',
    after: 'بعد',
    account: 'في الحساب',
  } as Record<string, string>,
  ownNames: [
    ['من', 'from'],
    ['إلى', 'to'],
    ['الى', 'to'],
    ['الموضوع', 'subject'],
    ['في', 'in'],
    ['قبل', 'before'],
    ['بعد', 'after'],
    ['منذ', 'after'],
    ['الحساب', 'account'],
  ] as OwnNames,
  unread: 'غير مقروءة',
  starred: 'مميزة بنجمة',
  all: (n: number) => `تم البحث في كل الرسائل على هذا الجهاز، وعددها ${digits(n)}.`,
  ready: (n: number) => `يمكن العثور على كل الرسائل الموجودة على هذا الجهاز، وعددها ${digits(n)}.`,
  allFound: (found: number, n: number) =>
    `${count(found, { zero: 'لا نتائج', one: 'نتيجة واحدة', two: 'نتيجتان', few: '# نتائج', other: '# نتيجة' })} في ${ofMessages(n)} على هذا الجهاز.`,
  partly: (searched: number, total: number) =>
    `البحث في النص الكامل متاح في ${digits(searched)} من ${ofMessages(total)} على هذا الجهاز.`,
  here: (searched: number, total: number) =>
    `تم البحث في ${digits(searched)} من ${ofMessages(total)} على هذا الجهاز.`,
  asking: (searched: number, total: number) =>
    `تم البحث في ${digits(searched)} من ${ofMessages(total)} على هذا الجهاز. جارٍ سؤال الخادم…`,
  hereAndServer: (searched: number, total: number) =>
    `تم البحث في ${digits(searched)} من ${ofMessages(total)} على هذا الجهاز… وعلى الخادم.`,
  hereOffline: (searched: number, total: number) =>
    `تم البحث في ${digits(searched)} من ${ofMessages(total)} على هذا الجهاز. يتعذر الوصول إلى الخادم الآن.`,
  opening: 'جارٍ فتح فهرس البحث…',
  building: (searched: number, total: number) =>
    `جارٍ تجهيز البحث: ${digits(searched)} من ${ofMessages(total)} على هذا الجهاز.`,
  serverOnly: 'لا يحتفظ هذا المتصفح بفهرس للبحث هنا، كما هو الحال في نافذة خاصة. يبحث الخادم بدلًا منه.',
  serverOnlyOffline: 'لا يحتفظ هذا المتصفح بفهرس للبحث هنا، ويتعذر الوصول إلى الخادم الآن.',
  startTitle: 'اعثر على أي رسالة',
  startText:
    'اكتب اسمًا أو كلمة أو بداية كلمة. ضع الكلمات المتلازمة بين "علامتي اقتباس". تُفهم الأسماء الإنجليزية أيضًا (\u2068from:\u2069 و\u2068to:\u2069 و\u2068subject:\u2069 وغيرها).',
  examples: [
    ['من:سارة', 'من شخص معيّن'],
    ['الموضوع:"مواعيد العبّارة"', 'بهذه الكلمات في الموضوع'],
    ['has:attachment after:2026-01', 'مع ملف، منذ يناير 2026'],
    ['is:unread في:الأرشيف قارب', 'غير مقروءة في صندوق بريد، عن قارب'],
  ] as [string, string][],
  nothing: 'لم يُعثر على شيء',
  nothingText: 'جرّب كلمات أقل أو أقصر. تكفي بداية الكلمة.',
  nothingYet: 'لم يُعثر على شيء حتى الآن',
  unknown: (typed: string) => `استُبعد «${apart(typed)}» من البحث لأن قيمته غير معروفة.`,
  held: (n: number) =>
    count(n, {
      one: 'عرض نتيجة واحدة أحدث من الخادم',
      two: 'عرض نتيجتين أحدث من الخادم',
      few: 'عرض # نتائج أحدث من الخادم',
      other: 'عرض # نتيجة أحدث من الخادم',
    }),
  choose: 'اختر نتيجة لقراءتها',
};
