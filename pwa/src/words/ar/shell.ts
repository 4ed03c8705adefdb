import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';
import { apart, ofMessages } from './counted.ts';

export const welcome = {
  title: 'بريدك، بشبكة أو من دونها',
  text: 'يجلب Mailferry بريدك من POP وIMAP ويحمله إلى كل جهاز. ما هو موجود على هذا الجهاز يُفتح فورًا، في القطار أو على العبّارة أو في أي مكان.',
  signIn: 'تسجيل الدخول',
  signingIn: 'جارٍ تسجيل الدخول…',
  failed: 'لم ينجح تسجيل الدخول. يُرجى المحاولة مرة أخرى.',
  unreachable: 'يتعذر الوصول إلى الخادم. تحقق من اتصالك وحاول مرة أخرى.',
};

export const nav = {
  mailboxes: 'صناديق البريد',
  mailboxesOf: (name: string) => `صناديق بريد ${apart(name)}`,
  open: 'فتح صناديق البريد',
  close: 'إغلاق',
  allInboxes: 'كل صناديق الوارد',
  accounts: 'الحسابات',
  outbox: 'صندوق الصادر',
  main: 'الأماكن الرئيسية',
  inbox: 'صندوق الوارد',
  search: 'البحث',
  settings: 'الإعدادات',
  unread: (n: number) => `${digits(n)} غير مقروءة`,
};

export const roles: Record<string, string> = {
  inbox: 'صندوق الوارد',
  archive: 'الأرشيف',
  drafts: 'المسودات',
  junk: 'البريد المزعج',
  sent: 'البريد المرسل',
  trash: 'سلة المهملات',
  all: 'كل البريد',
  flagged: 'المميزة بنجمة',
};

export const status = {
  upToDate: (at: number | null) => (at === null ? '' : `آخر تحديث: ${when(at)}.`),
  offline: (at: number | null) => (at === null ? 'بلا اتصال.' : `بلا اتصال. آخر تحديث: ${when(at)}.`),
  signInNeeded: 'سجّل الدخول مرة أخرى لاستلام البريد الجديد.',
  signIn: 'تسجيل الدخول',
  listing: (fetched: number, total: number | null) =>
    total === null
      ? `جارٍ إدراج ${ofMessages(fetched)}…`
      : `جارٍ إدراج ${digits(fetched)} من ${ofMessages(total)}…`,
  bodies: (kept: number, total: number) => `جارٍ تنزيل ${digits(kept)} من ${ofMessages(total)}…`,
  waiting: (n: number) =>
    count(n, {
      one: 'تغيير واحد في انتظار الشبكة',
      two: 'تغييران في انتظار الشبكة',
      few: '# تغييرات في انتظار الشبكة',
      many: '# تغييرًا في انتظار الشبكة',
      other: '# تغيير في انتظار الشبكة',
    }),
  waitingForSignIn: (n: number) =>
    count(n, {
      one: 'تغيير واحد في انتظار تسجيل دخولك',
      two: 'تغييران في انتظار تسجيل دخولك',
      few: '# تغييرات في انتظار تسجيل دخولك',
      many: '# تغييرًا في انتظار تسجيل دخولك',
      other: '# تغيير في انتظار تسجيل دخولك',
    }),
  refused: (n: number) =>
    count(n, {
      one: 'رفض الخادم تغييرًا واحدًا',
      two: 'رفض الخادم تغييرين',
      few: 'رفض الخادم # تغييرات',
      many: 'رفض الخادم # تغييرًا',
      other: 'رفض الخادم # تغيير',
    }),
  newVersion: 'تتوفر نسخة جديدة من Mailferry.',
  update: 'تحديث',
};

export const done = {
  undo: 'تراجع',
  newMail: 'جارٍ التحقق من وجود بريد جديد…',
};

export const errors = {
  notFound: 'لا توجد صفحة كهذه',
  home: 'إلى صندوق الوارد',
};
