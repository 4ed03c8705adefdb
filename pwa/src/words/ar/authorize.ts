import { apart } from './counted.ts';

/** تسجيل الدخول لدى مزوّد البريد، في صفحاته. */
export const authorize = {
  signIn: (provider: string) => `تسجيل الدخول عبر ${apart(provider)}`,
  again: 'تسجيل الدخول مجددًا',
  text: (provider: string) =>
    `تسجّل الدخول في صفحة تابعة لـ ${apart(provider)}. لا يرى Mailferry كلمة مرورك أبدًا، ويمكنك سحب الإذن من هناك في أي وقت.`,
  leaving: (provider: string) => `جارٍ فتح ${apart(provider)}…`,
  byPassword: 'استخدام كلمة مرور للتطبيقات بدلًا من ذلك',
  bySignIn: (provider: string) => `يسجّل هذا الحساب الدخول لدى ${apart(provider)} من دون كلمة مرور.`,
  title: (provider: string | null) =>
    provider ? `تسجيل الدخول لدى ${apart(provider)}` : 'تسجيل الدخول لدى مزوّد الخدمة',
  completing: 'جارٍ إكمال تسجيل الدخول… قد يستغرق ذلك ما يصل إلى 20 ثانية.',
  done: 'تم تسجيل الدخول. يبحث Mailferry الآن عن بريد جديد.',
  tryAgain: 'المحاولة مرة أخرى',
  toAccounts: 'الانتقال إلى الحسابات',
  unchanged: 'لم يُضَف شيء ولم يتغيّر شيء.',
  problems: {
    expired: {
      title: 'انتهت صلاحية تسجيل الدخول هذا.',
      todo: 'ابدأ من جديد. يجب إكماله خلال عشر دقائق، في نسخة Mailferry نفسها، ومرة واحدة فقط.',
    },
    denied: {
      title: 'لم تمنح الإذن.',
      todo: 'إذا كان ذلك خطأً، فسجّل الدخول مجددًا واسمح لـ Mailferry بقراءة بريدك.',
    },
    notGranted: {
      title: 'لم يُكمل مزوّد الخدمة تسجيل الدخول.',
      todo: 'حاول مرة أخرى. وإذا تكرر ذلك، فاسأل من يدير نسخة Mailferry هذه.',
    },
    noRefreshToken: {
      title: 'منح مزوّد الخدمة إذنًا لهذه اللحظة فقط.',
      todo: 'سجّل الدخول مجددًا واسمح هناك بكل ما يطلبه Mailferry. وإذا تكرر ذلك، فاسأل من يدير نسخة Mailferry هذه.',
    },
    authentication: {
      title: 'لا يقبل خادم البريد تسجيل الدخول هذا لصندوق بريدك.',
      todo: 'سجّل الدخول بعنوان صندوق البريد نفسه، واسمح لـ Mailferry بقراءة بريدك. قد يكون IMAP أو POP معطَّلًا في العمل أو المدرسة: اسأل المسؤول.',
    },
    refused: {
      title: 'رفض خادم البريد صندوق البريد هذا.',
      todo: 'تحقّق في إعدادات مزوّد الخدمة مما إذا كان يجب تفعيل IMAP أو POP أولًا.',
    },
    notFound: {
      title: 'أُزيل هذا الحساب في هذه الأثناء.',
      todo: 'أضفه من جديد إذا أردت استعادته.',
    },
    overQuota: {
      title: 'لديك أكبر عدد من الحسابات يسمح به Mailferry.',
      todo: 'أزل حسابًا لم تعد تحتاج إليه.',
    },
    configuration: {
      title: 'نسخة Mailferry هذه غير مُعدّة لتسجيل الدخول هناك.',
      todo: 'استخدم كلمة مرور للتطبيقات إذا كان مزوّد الخدمة يوفّرها، أو اطلب ممن يدير نسخة Mailferry هذه تسجيلها هناك.',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: 'حاول مرة أخرى بعد بضع دقائق.',
};
