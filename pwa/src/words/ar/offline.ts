import { count, digits } from '../numbers.ts';
import { fileSize } from '../time.ts';
import { apart, ofMessages } from './counted.ts';

const conversations = (n: number) =>
  count(n, { one: 'محادثة واحدة', two: 'محادثتان', few: '# محادثات', other: '# محادثة' });

const single = (n: number) =>
  count(n, {
    one: 'رسالة مفردة واحدة',
    two: 'رسالتان مفردتان',
    few: '# رسائل مفردة',
    other: '# رسالة مفردة',
  });

const lost = (n: number) =>
  count(n, {
    one: 'فُقد تغيير واحد لم يكن قد وصل إلى الخادم.',
    two: 'فُقد تغييران لم يكونا قد وصلا إلى الخادم.',
    few: 'فُقدت # تغييرات لم تكن قد وصلت إلى الخادم.',
    many: 'فُقد # تغييرًا لم تكن قد وصلت إلى الخادم.',
    other: 'فُقد # تغيير لم تكن قد وصلت إلى الخادم.',
  });

/** What this device keeps, and what it says of its room, the connection and itself. */
export const offline = {
  title: 'على هذا الجهاز',
  summary: (kept: number, size: string) => `يمكن قراءة ${ofMessages(kept)} بلا اتصال، ${size}`,
  used: (size: string, of: string) => `استُخدم ${size} من ${of}`,
  usedLabel: (name: string) => `المساحة التي يشغلها ${apart(name)} على هذا الجهاز`,
  readable: (kept: number, total: number) => `يمكن قراءة ${digits(kept)} من ${ofMessages(total)} بلا اتصال`,
  days: 'المدة المحفوظة',
  daysHint: 'تبقى الرسائل الأقدم في القوائم، وتُجلب عند فتحها.',
  lastDays: (n: number) =>
    n === 365
      ? 'السنة الأخيرة'
      : count(n, {
          one: 'اليوم الأخير',
          two: 'اليومان الأخيران',
          few: 'آخر # أيام',
          many: 'آخر # يومًا',
          other: 'آخر # يوم',
        }),
  everything: 'كل شيء',
  forecast: (n: number, size: string) => `نحو ${size} مقابل ${ofMessages(n)}`,
  forecastFull: (n: number, size: string) => `نحو ${size} مقابل ${ofMessages(n)}: أكثر من الحد أدناه`,
  forecasting: 'جارٍ الحساب…',
  forecastPartly: (n: number) => `حُسب من ${ofMessages(n)} في القوائم حتى الآن.`,
  octets: 'الحد الأقصى',
  octetsHint: 'عند بلوغه تُفسح أقدم الرسائل المجال للرسائل الجديدة. لا يُزال شيء من الخادم.',
  attachments: 'المرفقات أيضًا',
  attachmentsHint: (size: string) =>
    `حتى 25 ميغابايت لكل مرفق، أي نحو ${size} للمدة المختارة. من دون هذا الخيار يُجلب المرفق عند فتحه.`,
  pinnedTitle: 'ما يُحفظ مهما كان عمره',
  pinnedHint: 'مع كل المرفقات، ضمن الحد الأقصى.',
  pinnedMailboxes: 'صناديق البريد',
  pinnedOthers: (threads: number, emails: number) =>
    threads === 0
      ? `وأيضًا ${single(emails)}.`
      : emails === 0
        ? `وأيضًا ${conversations(threads)}.`
        : `وأيضًا ${conversations(threads)} و${single(emails)}.`,
  pin: {
    mailboxes: 'إبقاء صندوق البريد هذا متاحًا بلا اتصال',
    threads: 'إبقاء هذه المحادثة متاحة بلا اتصال',
    emails: 'إبقاء هذه الرسالة متاحة بلا اتصال',
  },
  pinned: 'متاح بلا اتصال',
  pinnedByOther: 'متاح بلا اتصال مع صندوق البريد أو المحادثة',
  pinDone: 'سيُحفظ على هذا الجهاز من الآن فصاعدًا.',
  unpinDone: 'سيُحفظ ما دامت هناك مساحة كافية فقط.',
  notChanged: 'لم تبق مساحة على هذا الجهاز، ولا حتى لحفظ هذا الاختيار. لم يتغير شيء.',
  device: 'كل ما يخص Mailferry على هذا الجهاز',
  deviceUsed: (used: number, quota: number) =>
    `استُخدم ${fileSize(used)}، ويتيح المتصفح ${fileSize(quota)} على الأكثر.`,
  persisted: 'يحتفظ المتصفح بهذا البريد حتى تزيله أنت.',
  notPersisted: 'عندما تضيق مساحة الجهاز قد يزيل المتصفح هذا البريد. ويبقى البريد على الخادم.',
  persist: 'طلب الاحتفاظ به من المتصفح',
  persistRefused: 'لم يوافق المتصفح. وهو يوافق للتطبيقات المثبّتة، ولما تستخدمه كثيرًا.',
  tight: 'مساحة هذا الجهاز ضيقة. أُزيلت منه أقدم الرسائل، وتُجلب عند فتحها.',
  noRoom: 'لم تبقَ مساحة على هذا الجهاز. يبقى البريد الجديد على الخادم حتى تتوفر مساحة.',
  manage: 'مقدار ما يمكن قراءته من هذا البريد بلا شبكة.',
  toBudget: 'ما يُحفظ هنا',
  metered: 'توفير البيانات مفعّل: تُنزَّل القوائم فقط، وتُجلب الرسائل عند فتحها.',
  waitsForInstall: 'لا توجد هنا إلا أحدث الرسائل حتى تقرر هل تثبّت Mailferry أم لا.',
  goOn: 'تنزيل الكل الآن',
  wiped:
    'أزال المتصفح البريد الذي كان محفوظًا على هذا الجهاز، وقد يفعل ذلك عند ضيق المساحة أو عند عدم استخدام الموقع مدة طويلة. ما زال البريد على الخادم: سجّل الدخول ليعود، الأحدث أولًا.',
  wipedPending: (n: number | null) =>
    n === null ? 'فُقدت التغييرات التي لم تكن قد وصلت إلى الخادم.' : lost(n),
  rebuilding: 'كان المتصفح قد أزال البريد من هذا الجهاز. وهو يعود الآن، الأحدث أولًا.',
  rebuildingPending: lost,
  install: {
    title: 'تثبيت Mailferry',
    text: 'يُفتح من شاشتك الرئيسية، ويحتفظ المتصفح ببريده على نحو أكثر موثوقية.',
    ios: 'اضغط على زر المشاركة في المتصفح، ثم «إضافة إلى الشاشة الرئيسية»، وافتح Mailferry من هناك. يحفظ التطبيق المثبّت بريده بنفسه، لذا ثبّته قبل تنزيل كل شيء هنا.',
    yes: 'تثبيت',
    no: 'ليس الآن',
    noIos: 'البقاء في المتصفح',
  },
  other: {
    title: 'على هذا الجهاز بريد شخص آخر',
    text: 'سجّلت الدخول بصفة شخص غير صاحب البريد الموجود هنا. لم يتغير أي شيء بعد.',
    pending: (n: number) =>
      count(n, {
        one: 'لدى ذلك الشخص تغيير واحد لم يصل إلى الخادم بعد، وسيُفقد.',
        two: 'لدى ذلك الشخص تغييران لم يصلا إلى الخادم بعد، وسيُفقدان.',
        few: 'لدى ذلك الشخص # تغييرات لم تصل إلى الخادم بعد، وستُفقد.',
        many: 'لدى ذلك الشخص # تغييرًا لم تصل إلى الخادم بعد، وستُفقد.',
        other: 'لدى ذلك الشخص # تغيير لم تصل إلى الخادم بعد، وستُفقد.',
      }),
    keep: 'تركه كما هو',
    replace: 'إزالته والمتابعة',
  },
};
