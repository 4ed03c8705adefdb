import { count } from '../numbers.ts';
import { when } from '../time.ts';
import { apart } from './counted.ts';

export const outbox = {
  title: 'صندوق الصادر',
  text: 'ما فعلته على هذا الجهاز ولم يعرفه الخادم بعد. يُرسَل تلقائيًا بهذا الترتيب.',
  empty: 'لا شيء قيد الانتظار',
  emptyText: 'وصل كل ما فعلته إلى الخادم.',
  actions: {
    star: 'إضافة نجمة',
    unstar: 'إزالة النجمة',
    read: 'وضع علامة «مقروءة»',
    unread: 'وضع علامة «غير مقروءة»',
    move: 'نقل',
    destroy: 'حذف نهائي',
  } as Record<string, string>,
  moveTo: (name: string) => `نقل إلى ${apart(name)}`,
  waiting: (at: number) => `نُفّذ ${when(at)}، ولم يُرسَل بعد`,
  sending: 'جارٍ الإرسال الآن',
  sendNow: 'الإرسال الآن',
  unreachable: 'يتعذر الوصول إلى الخادم الآن.',
  tried: (n: number) =>
    count(n, {
      one: 'تعذّر على الخادم قبوله مرة واحدة.',
      two: 'تعذّر على الخادم قبوله مرتين.',
      few: 'تعذّر على الخادم قبوله # مرات.',
      other: 'تعذّر على الخادم قبوله # مرة.',
    }),
  doneAt: (at: number) => `نُفّذ ${when(at)}`,
  others: (n: number) =>
    count(n, {
      one: 'ورسالة أخرى',
      two: 'ورسالتان أخريان',
      few: 'و# رسائل أخرى',
      other: 'و# رسالة أخرى',
    }),
  of: (action: string, subject: string) => (subject ? `${action}: ${apart(subject)}` : action),
  refused: (reason: string) => `رفض الخادم هذا: ${reason}`,
  reasons: {
    forbidden: 'لا يسمح بهذا التغيير.',
    invalidProperties: 'لا يقبل هذا التغيير، ربما لأن أحد صناديق البريد لم يعد موجودًا.',
    invalidPatch: 'لا يفهم هذا التغيير.',
    tooManyKeywords: 'تحمل هذه الرسالة عددًا كبيرًا جدًا من التصنيفات.',
    tooManyMailboxes: 'هذه الرسالة موجودة في عدد كبير جدًا من صناديق البريد.',
    overQuota: 'لم تبقَ مساحة على الخادم.',
    accountReadOnly: 'هذا الحساب للقراءة فقط.',
    serverFail: 'أخفق عدة مرات أثناء المحاولة.',
  } as Record<string, string>,
  otherReason: (type: string) => `ذكر السبب «${apart(type)}».`,
  undo: 'تراجع',
  dismiss: 'تجاهل',
  retry: 'إعادة المحاولة',
  unknown: 'رسالة لم تعد موجودة هنا',
};
