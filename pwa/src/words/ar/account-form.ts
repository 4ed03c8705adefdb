import { apart } from './counted.ts';

/** The settings of an account's connection. */
export const form = {
  imap: 'IMAP',
  imapText: 'كل المجلدات. تبقى علامات القراءة والنجوم وعمليات النقل متطابقة مع الخادم ومع برامجك الأخرى.',
  pop: 'POP',
  popText: 'صندوق الوارد فقط. يحتفظ Mailferry بالمجلدات والنجوم وعلامات القراءة لكل أجهزتك.',
  protocol: 'طريقة جلب البريد',
  address: 'عنوان البريد الإلكتروني',
  name: 'اسم الحساب',
  nameHint: 'الاسم الذي يظهر به هنا، مثل: المنزل أو العمل.',
  host: 'خادم البريد',
  port: 'المنفذ',
  security: 'الأمان',
  securities: { tls: 'TLS', starttls: 'STARTTLS', none: 'بلا أمان (غير مشفّر)' } as Record<string, string>,
  insecure: 'من دون تشفير، يمكن لأي شخص على طول الطريق قراءة كلمة مرورك وبريدك.',
  username: 'اسم المستخدم',
  usernameHint: 'غالبًا ما يكون عنوان البريد الإلكتروني نفسه.',
  password: 'كلمة المرور',
  passwordKept: 'اترك الحقل فارغًا للإبقاء على كلمة المرور المحفوظة.',
  test: 'اختبار',
  testing: 'تجري محاولة تسجيل الدخول… قد يستغرق ذلك ما يصل إلى 20 ثانية.',
  change: 'إعدادات الحساب',
  save: 'حفظ',
  saving: 'جارٍ الحفظ…',
  saved: 'تم الحفظ.',
  notChanged: (reason: string) => `لم تتغير الإعدادات. ${apart(reason)}`,
};
