import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';
import { apart, messages, ofMessages, pendingChanges } from './counted.ts';

/** The list of accounts, and what an account's page says of its health. */
export const accounts = {
  title: 'الحسابات',
  add: 'إضافة حساب',
  none: 'أضف حسابك الأول',
  noneText:
    'يحتاج Mailferry إلى حساب POP أو IMAP ليجلب البريد منه. تُحفظ كلمة مرورك مشفّرة ولا تُعرض مرة أخرى أبدًا.',
  phases: {
    new: 'لم يُجلب بعد',
    pulling: 'جارٍ جلب البريد',
    ok: 'يعمل',
    failing: 'تجري إعادة المحاولة',
    stopped: 'يحتاج إلى انتباهك',
    paused: 'متوقف مؤقتًا',
  },
  archive: 'أرشيف بلا خادم بريد',
  stored: (stored: number, atSource: number | null) =>
    atSource === null
      ? stored === 0
        ? 'لم تُحفظ أي رسالة بعد'
        : `تم حفظ ${ofMessages(stored)}`
      : `تم حفظ ${digits(stored)} من ${ofMessages(atSource)}`,
  quarantined: (n: number) => `استُبعدت ${messages(n)} بسبب تعذّر المعالجة`,
  device: (kept: number, total: number, size: string) =>
    `يمكن قراءة ${digits(kept)} من ${ofMessages(total)} بلا اتصال على هذا الجهاز (${size})`,
  full: 'امتلأت المساحة المخصصة للبريد على هذا الجهاز، وتُجلب الرسائل الأقدم عند فتحها.',
  lastSuccess: (at: number) => `آخر جلب: ${when(at)}`,
  nextCheck: (at: number) => `التحقق التالي: ${at > Date.now() ? when(at) : 'في أي لحظة'}`,
  next: (at: number) => `المحاولة التالية: ${when(at)}`,
  check: 'التحقق الآن',
  checkOf: (name: string) => `التحقق الآن: ${apart(name)}`,
  checking: 'يبحث Mailferry الآن عن بريد جديد.',
  details: 'التفاصيل',
  detailsOf: (name: string) => `تفاصيل ${apart(name)}`,
  settings: 'الإعدادات',
  mend: 'تغيير الإعدادات',
  back: 'الرجوع إلى الحسابات',
  backTo: (name: string) => `الرجوع إلى ${apart(name)}`,
  gone: 'لم يعد هذا الحساب موجودًا هنا.',
  pause: 'إيقاف مؤقت',
  resume: 'استئناف',
  paused: 'متوقف مؤقتًا. لن يتم الاتصال بخادم البريد حتى تستأنف.',
  resumed: 'تم الاستئناف. يبحث Mailferry الآن عن بريد جديد.',
  progress: (name: string) => `مقدار ما حُفظ من ${apart(name)}`,
  serverMail: 'البريد على الخادم',
  setAside: 'الرسائل المستبعدة',
  setAsideNone: 'أمكنت معالجة كل الرسائل.',
  files: 'الاستيراد والتصدير',
  filesText: 'أدخل بريدك القديم، أو خذ كل بريدك معك.',
  colour: 'اللون',
  colourHint: 'يظهر بجانب رسائل هذا الحساب على هذا الجهاز عندما تكون لديك عدة حسابات.',
  colours: ['بحري', 'برقوقي', 'كهرماني', 'أخضر', 'وردي', 'سماوي', 'قرميدي', 'أردوازي'] as readonly string[],
  remove: 'إزالة الحساب…',
  cancel: 'إلغاء',
  offline: 'يتعذر الوصول إلى الخادم الآن. حاول مرة أخرى عند توفر الاتصال.',
  offlineList: 'هذه القائمة محفوظة على الخادم، ويتعذر الوصول إليه الآن.',
  loadingList: 'جارٍ سؤال الخادم…',
  again: 'إعادة المحاولة',
  failed: (reason: string) => `لم ينجح ذلك. ${apart(reason)}`,
  signOut: 'تسجيل الخروج',
  signOutTitle: 'هل تريد تسجيل الخروج من هذا الجهاز؟',
  signOutText: 'سيُزال كل البريد من هذا الجهاز، ويبقى على الخادم وعلى أجهزتك الأخرى.',
  signOutPending: pendingChanges,
};

/** Before an account is removed. */
export const removal = {
  title: (name: string) => `هل تريد إزالة ${apart(name)}؟`,
  here: (n: number) =>
    `ستُحذف رسائل هذا الحساب (عددها ${digits(n)}) وإعداداته وكلمة مروره من Mailferry ومن كل أجهزتك.`,
  source: 'يبقى البريد على خادم بريدك كما هو.',
  onlyHere: (n: number) =>
    `عدد الرسائل التي أُزيلت من خادم البريد لأنها محفوظة هنا: ${digits(n)}. لا وجود لهذه الرسائل في أي مكان آخر، وستُفقد.`,
  archive: 'لا وجود لهذا البريد في أي مكان آخر، وسيُفقد.',
  pending: pendingChanges,
  export: 'تصديره أولًا',
  understood: 'أعلم أن هذا البريد لا يمكن استرجاعه',
  confirm: 'إزالة الحساب',
  removing: 'جارٍ الإزالة…',
  removed: (name: string) => `تمت إزالة ${apart(name)}، ومن هذا الجهاز أيضًا.`,
};

/** What happens to the mail at the server, and the proofs of it. */
export const deletion = {
  title: 'البريد على الخادم',
  text: 'يحتفظ Mailferry بنسخة من كل رسالة. ما الذي تريد فعله بالرسالة الموجودة على خادم بريدك؟',
  archive: 'ليس للأرشيف خادم بريد.',
  policies: {
    keep: 'الاحتفاظ بها',
    afterDays: 'إزالتها بعد عدة أيام',
    onceStored: 'إزالتها فورًا',
    whenDestroyed: 'إزالة ما أحذفه هنا',
  },
  texts: {
    keep: 'لا يزيل Mailferry شيئًا من تلقاء نفسه. مع IMAP، يُحذف من الخادم أيضًا ما تحذفه هنا نهائيًا.',
    afterDays: 'تبقى كل رسالة على الخادم بضعة أيام بعد حفظها هنا، ثم تُزال منه. وتبقى هنا.',
    onceStored: 'تُزال الرسالة بمجرد حفظها هنا. يوفّر هذا الخيار أكبر مساحة. وتبقى الرسالة هنا.',
    whenDestroyed: 'لا يُحذف من الخادم إلا ما تحذفه هنا نهائيًا.',
  },
  summaries: {
    keep: 'يُحتفظ بها.',
    onceStored: 'تُزال بمجرد حفظها هنا.',
    whenDestroyed: 'تُزال عندما تحذفها هنا.',
  },
  summaryDays: (days: number) =>
    count(days, {
      one: 'تُزال بعد يوم واحد من حفظها هنا.',
      two: 'تُزال بعد يومين من حفظها هنا.',
      few: 'تُزال بعد # أيام من حفظها هنا.',
      many: 'تُزال بعد # يومًا من حفظها هنا.',
      other: 'تُزال بعد # يوم من حفظها هنا.',
    }),
  days: 'عدد الأيام على الخادم',
  daysHint: 'من 1 إلى 3,650.',
  proof:
    'قبل إزالة أي شيء، يعيد Mailferry قراءة نسخته ويقارنها بالمجموع الاختباري. وإذا بدا أي شيء غريبًا، توقفت الإزالة.',
  others: 'لن تجد البرامج والأجهزة الأخرى التي تقرأ صندوق البريد هذا ما أزاله Mailferry منه.',
  save: 'حفظ',
  saved: 'تم الحفظ.',
  confirmTitle: 'هل تريد إزالة البريد من الخادم؟',
  confirmText: (stored: number) =>
    `يسري هذا أيضًا على ما سبق حفظه، وهو حاليًا ${messages(stored)}. يبقى البريد في Mailferry، وعلى أجهزتك بقدر ما تتسع المساحة.`,
  confirm: 'الإزالة من الخادم',
  frozen: 'لا يُزال أي شيء الآن',
  unfreeze: 'السماح بالإزالة مجددًا',
  unfreezeTitle: 'هل تريد السماح بالإزالة مجددًا؟',
  unfreezeText:
    'توقف Mailferry لأن شيئًا على الخادم لم يكن كما هو متوقع. تأكد أولًا من اكتمال بريدك هنا. بعد ذلك تُستأنف إزالة البريد من الخادم.',
  unfrozen: 'يمكن الآن إزالة البريد من الخادم مجددًا.',
  receipts: 'ما أُزيل حتى الآن',
  receiptsNone: 'لم يُزَل أي شيء من الخادم بعد.',
  receiptsSum: (n: number, since: string, freed: string) =>
    `تمت إزالة ${ofMessages(n)} من الخادم منذ ${since}، بعد الحفظ هنا أولًا. وفّر ذلك ${freed} على الخادم.`,
  receiptsShow: 'عرض سجل الإزالة',
  receiptsMore: 'عرض المزيد',
  receiptOf: (at: string, size: string) => `أُزيلت في ${at} · ${size}`,
  outcomes: {
    confirmed: 'أكّد الخادم ذلك.',
    gone: 'لم يعد الخادم يدرجها.',
  },
  checksum: (sha256: string) => apart(`SHA-256 ${sha256}`),
  notOnDevice: 'رسالة ليست على هذا الجهاز',
};

/** Messages that could not be handled. */
export const quarantine = {
  title: 'الرسائل المستبعدة',
  text: 'تعذرت معالجة هذه الرسائل. ما زالت على خادم البريد، ولا يُزال منه شيء بسببها.',
  empty: 'لا توجد رسائل مستبعدة',
  emptyText: 'أمكنت معالجة كل رسائل هذا الحساب.',
  message: (uid: string, mailbox: string) => `الرسالة ${apart(uid)} في ${apart(mailbox)}`,
  facts: (size: string | null, since: string, tried: string) =>
    size === null ? `منذ ${since}. آخر محاولة: ${tried}.` : `${size}. منذ ${since}. آخر محاولة: ${tried}.`,
  retry: 'إعادة المحاولة',
  retryOf: (what: string) => `إعادة المحاولة: ${apart(what)}`,
  retryAll: 'إعادة محاولة الكل',
  asked: (n: number) => `تُعاد الآن محاولة معالجة ${ofMessages(n)}.`,
  waits: 'الحساب متوقف مؤقتًا؛ استأنفه لإعادة المحاولة.',
  save: 'حفظ كما وردت',
  saveOf: (what: string) => `حفظ كما وردت: ${apart(what)}`,
  more: 'عرض المزيد',
};
