import { count, digits } from '../numbers.ts';
import { apart, ofMessages } from './counted.ts';

/** Import and export of mail files. */
export const transfer = {
  title: 'الاستيراد والتصدير',
  import: 'استيراد بريد من ملف',
  importText:
    'ملف mbox، أو رسالة واحدة (\u200e.eml)، أو ملف zip يضم عددًا منها. ما هو موجود هنا من قبل لا يُحفظ مرتين.',
  importImap: 'يوضع ما تستورده على خادم بريدك أيضًا.',
  importPop: 'يبقى ما تستورده في Mailferry فقط، ولا يُرسَل إلى خادم بريدك.',
  file: 'الملف',
  choose: 'اختيار…',
  noFile: 'لم يُختر ملف',
  into: 'إلى',
  folders: 'إنشاء المجلدات كما هي في ملف zip',
  start: 'استيراد',
  uploading: (name: string, sent: string, size: string) => `جارٍ إرسال ${apart(name)}: ${sent} من ${size}`,
  uploadFailed: (reason: string) => `لم يُرسَل الملف. ${apart(reason)}`,
  stop: 'إيقاف',
  imports: 'عمليات الاستيراد في الأسبوع الأخير',
  ofImport: (size: string, at: string) => `${size}، ${at}`,
  types: { mbox: 'ملف mbox', eml: 'رسالة واحدة', zip: 'أرشيف zip' },
  statuses: {
    waiting: 'في انتظار الدور',
    running: 'قيد التنفيذ',
    done: 'مكتمل',
    failed: 'تم التخلي عنه',
  },
  handled: (done: string, all: string) => `تمت قراءة ${done} من ${all}`,
  imported: (n: number) => `تم استيراد ${ofMessages(n)}`,
  duplicates: (n: number) =>
    count(n, {
      one: 'رسالة واحدة كانت موجودة هنا من قبل',
      two: 'رسالتان كانتا موجودتين هنا من قبل',
      few: '# رسائل كانت موجودة هنا من قبل',
      other: '# رسالة كانت موجودة هنا من قبل',
    }),
  failed: (n: number) => `تعذر استيراد ${ofMessages(n)}`,
  ignored: (n: number) =>
    count(n, {
      one: 'ملف واحد ليس بريدًا',
      two: 'ملفان ليسا بريدًا',
      few: '# ملفات ليست بريدًا',
      many: '# ملفًا ليست بريدًا',
      other: '# ملف ليست بريدًا',
    }),
  failures: 'ما تعذر استيراده',
  failure: (at: string, reason: string) => `${apart(at)}: ${apart(reason)}`,
  notAll: 'لا يُدرَج إلا أول مئة.',
  forget: 'إزالة من هذه القائمة',
  export: 'تصدير كل البريد',
  exportText: 'كل بريد هذا الحساب في ملفات يمكن لبرامج أخرى قراءتها. يمكنك مغادرة هذه الصفحة في هذه الأثناء.',
  exportTypes: {
    mbox: 'mbox: ملف واحد لكل مجلد، لبرامج البريد',
    zip: 'zip: ملف \u200e.eml واحد لكل رسالة',
  },
  exportStart: 'تصدير',
  exports: 'عمليات التصدير في الأسبوع الأخير',
  exported: (n: number, total: number) => `تمت كتابة ${digits(n)} من ${ofMessages(total)}`,
  missing: (n: number) => `تعذرت كتابة ${ofMessages(n)} بسبب نقص البيانات.`,
  expires: (at: string) => `يُحفظ حتى ${at}.`,
  download: (name: string, size: string) => `تنزيل ${apart(name)} (${size})`,
  downloading: (got: string, size: string) => `تم تنزيل ${got} من ${size}`,
  downloadFailed: (reason: string) => `لم يُنزَّل الملف. ${apart(reason)}`,
  progressOf: (what: string) => `التقدم: ${apart(what)}`,
};
