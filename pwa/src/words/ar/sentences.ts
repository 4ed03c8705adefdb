import type { Forms } from '../numbers.ts';
import type { Sentences } from '../said.ts';

/** `{stored} من {count} رسالة`, between what comes before and after. */
const progress = (before: string, after = '.'): Forms => ({
  zero: `${before}{stored} من {count} رسالة${after}`,
  one: `${before}{stored} من رسالة واحدة${after}`,
  two: `${before}{stored} من رسالتين${after}`,
  few: `${before}{stored} من {count} رسائل${after}`,
  many: `${before}{stored} من {count} رسالة${after}`,
  other: `${before}{stored} من {count} رسالة${after}`,
});

/** What the server says, by the codes of its sentences. */
export const sentences: Sentences = {
  'status/new': 'في انتظار الجلب الأول.',
  'status/archive': 'أرشيف: هذا البريد موجود هنا فقط.',
  'status/paused': 'متوقف مؤقتًا: لا يتم الاتصال بخادم البريد، وما تغيّره هنا ينتظر.',
  'status/first': 'جارٍ جلب البريد.',
  'status/first/progress': progress('جارٍ جلب البريد: '),
  'status/fetching': 'جارٍ جلب البريد الجديد.',
  'status/fetching/progress': progress('جارٍ جلب البريد الجديد: '),
  'status/next-part': 'يتبع الجزء التالي فورًا.',
  'status/interrupted': 'انقطع الجلب الأخير، وسيُستأنف في المرة التالية.',
  'status/interrupted/progress': progress('انقطع الجلب الأخير عند ', '، وسيُستأنف في المرة التالية.'),
  'status/so-far': progress('وصل حتى الآن: '),
  'status/ok': 'كل شيء محدَّث.',
  'status/unreadable': {
    zero: 'قُرئت كل الرسائل.',
    one: 'تعذّرت قراءة رسالة واحدة وبقيت على الخادم.',
    two: 'تعذّرت قراءة رسالتين وبقيتا على الخادم.',
    few: 'تعذّرت قراءة {count} رسائل وبقيت على الخادم.',
    many: 'تعذّرت قراءة {count} رسالة وبقيت على الخادم.',
    other: 'تعذّرت قراءة {count} رسالة وبقيت على الخادم.',
  },
  'status/doubtful': 'يعرض الخادم رسائل أقل بكثير من ذي قبل، ولن يُزال شيء هنا قبل التحقق مرة ثانية.',
  'status/not-deleted': 'لن يُحذف شيء هناك حتى تمكن قراءة الجميع.',
  'status/frozen/reset': 'منذ {date} لا يُحذف شيء من الخادم، لأنه أعاد ترقيم رسائله.',
  'status/frozen/loss': 'منذ {date} لا يُحذف شيء من الخادم، لأنه يعرض رسائل أقل بكثير من ذي قبل.',
  'status/frozen/reset/mailbox':
    'منذ {date} لا يُحذف شيء من الخادم، لأنه أعاد ترقيم رسائل صندوق البريد «{mailbox}».',
  'status/frozen/loss/mailbox':
    'منذ {date} لا يُحذف شيء من الخادم، لأنه يعرض رسائل أقل بكثير من ذي قبل في صندوق البريد «{mailbox}».',
  'status/frozen/missing-blob': 'منذ {date} لا يُحذف شيء من الخادم، لأن رسالة مفقودة هنا.',
  'status/frozen/checksum': 'منذ {date} لا يُحذف شيء من الخادم، لأن رسالة محفوظة هنا تالفة.',
  'status/frozen/mismatch': 'منذ {date} لا يُحذف شيء من الخادم، لأن فيه رسالة أخرى في مكان رسالة محفوظة.',

  'advice/password':
    'أدخل كلمة المرور مرة أخرى في إعدادات هذا الحساب. يطلب بعض المزوّدين كلمة مرور للتطبيقات.',
  'advice/sealed': 'أدخل كلمة المرور مرة أخرى في إعدادات هذا الحساب.',
  'advice/sign-in': 'سجّل الدخول مرة أخرى لدى {provider}.',
  'advice/public-name': 'أدخل الاسم العام لخادم البريد في إعدادات هذا الحساب.',
  'advice/name': 'تحقق من اسم الخادم في إعدادات هذا الحساب.',
  'advice/server': 'تحقق من اسم الخادم والمنفذ في إعدادات هذا الحساب.',
  'advice/security': 'تحقق من المنفذ والتشفير في إعدادات هذا الحساب.',
  'advice/provider': 'يستمر هذا منذ مدة. اسأل مزوّد صندوق البريد هذا هل هناك مشكلة.',
  'advice/operator': 'يستمر هذا منذ مدة. أبلغ من يدير Mailferry هذا.',
  'advice/others': 'أغلق البرامج الأخرى التي تقرأ صندوق البريد هذا، أو اجعلها تتحقق بوتيرة أقل.',
  'advice/set-up': 'اطلب ممن يدير Mailferry هذا أن يضبطه.',
  'advice/unfreeze': 'إذا لم يكن هنا شيء ناقص، فاسمح بالحذف مجددًا في إعدادات هذا الحساب.',

  sealed: 'لم يعد من الممكن فتح كلمة المرور المحفوظة.',
  configuration: 'ينقص Mailferry هذا إعداد يحتاج إليه هذا الحساب.',
  protocol: 'أجاب خادم البريد بما لا يفهمه Mailferry.',
  internal: 'حدث خطأ هنا أثناء جلب البريد. ستُعاد المحاولة.',
  'authentication/token': 'رفض {place} الإذن الممنوح إلى Mailferry. سجّل الدخول لدى مزوّدك مرة أخرى.',
  'authentication/provider': 'لم يعد {provider} يسمح بدخول Mailferry. سجّل الدخول مرة أخرى لدى {provider}.',
  'authentication/no-oauth':
    'لا يقبل {place} تسجيل الدخول عبر المزوّد. استخدم كلمة مرور إن كانت متاحة للتطبيقات.',
  'authentication/no-password': 'لا يقبل {place} كلمة مرور. سجّل الدخول عبر المزوّد حيث يكون ذلك متاحًا.',
  'tls/not-trusted': 'شهادة {place} غير موقّعة من جهة معروفة، فلا يمكن تمييزه عن منتحل.',
  'tls/expired': 'انتهت صلاحية شهادة {place}. على من يشغّله أن يجددها.',
  'tls/not-yet': 'شهادة {place} ليست سارية بعد.',
  'tls/revoked': 'أُلغيت شهادة {place}.',
  'tls/other-name': 'شهادة {place} تخص اسمًا غير {host}. أدخل اسم الخادم الذي يذكره مزوّدك.',
  'tls/no-tls': 'لا يستخدم {place} بروتوكول TLS على هذا المنفذ. اختر STARTTLS أو بلا تشفير أو منفذًا آخر.',
  'tls/no-tls-after-starttls': 'لا يستخدم {place} بروتوكول TLS بعد STARTTLS. اختر TLS أو منفذًا آخر.',
  'tls/from-the-start': 'يتوقع {place} بروتوكول TLS من البداية. اختر TLS لهذا المنفذ.',
  'tls/no-starttls': 'لا يوفّر {place} خيار STARTTLS. اختر TLS مع منفذه.',
  'tls/required': 'لا يقبل {place} كلمة مرور إلا عبر اتصال مشفَّر. اختر TLS أو STARTTLS.',
  'protocol/pop-not-imap': 'يستخدم {place} بروتوكول POP وليس IMAP. اختر POP أو منفذ IMAP لهذا الخادم.',
  'protocol/sends-mail': '{place} مخصص لإرسال البريد لا لقراءته. أدخل منفذ IMAP لهذا الخادم.',
  'protocol/no-names':
    'لا يعطي {host} رسائله أسماء ثابتة (لا UIDL ولا TOP)، فلا يمكن تمييز الجديد من القديم. استخدم IMAP إن وُجد.',
  'temporary/in-use': 'يستخدم برنامج آخر صندوق البريد لدى {host}. ستُعاد المحاولة لاحقًا.',
  'temporary/full': 'صندوق البريد لدى {host} ممتلئ.',
  'quota/day':
    'استُهلكت {megabytes} م.ب التي يسمح بها {provider} اليوم، ويُستأنف الجلب غدًا في {time} بالتوقيت العالمي. يستمر وصول البريد الجديد.',
  'quota/day-of-ours':
    'استُهلكت {megabytes} م.ب التي يجلبها Mailferry يوميًا من صندوق بريد واحد، ويُستأنف الجلب غدًا في {time} بالتوقيت العالمي. يستمر وصول البريد الجديد.',
  'configuration/provider': 'تسجيل الدخول لدى {provider} غير مضبوط في Mailferry هذا.',
  'test/ok': 'الاتصال يعمل.',
  'test/ok/found': {
    zero: 'الاتصال يعمل: لا توجد رسائل.',
    one: 'الاتصال يعمل: رسالة واحدة.',
    two: 'الاتصال يعمل: رسالتان.',
    few: 'الاتصال يعمل: {count} رسائل.',
    many: 'الاتصال يعمل: {count} رسالة.',
    other: 'الاتصال يعمل: {count} رسالة.',
  },
  'test/ok/mailboxes': {
    zero: 'لا توجد صناديق بريد.',
    one: 'وهي في صندوق بريد واحد.',
    two: 'وهي في صندوقي بريد.',
    few: 'وهي في {count} صناديق بريد.',
    many: 'وهي في {count} صندوق بريد.',
    other: 'وهي في {count} صندوق بريد.',
  },
  'test/archive': 'ليس للأرشيف خادم، فلا شيء يُختبر.',
  'test/token-used': 'جدّد {provider} الإذن في هذه الأثناء. سجّل الدخول مرة أخرى لدى {provider} قبل الحفظ.',

  'discovery/none': 'لم يُعثر على خادم IMAP ولا على خادم POP لهذا العنوان.',
  'discovery/pop-only':
    'لا يوفّر هذا الخادم إلا POP: صندوق الوارد بلا مجلدات ولا علامات قراءة. يبقى البريد على الخادم ما لم تختر توفير مساحة.',
  'discovery/imap-only':
    'لا يوفّر هذا الخادم إلا IMAP: تبقى المجلدات وعلامات القراءة متطابقة مع برامجك وأجهزتك الأخرى.',
  'discovery/pop-answered':
    'يُذكر لهذا العنوان IMAP وPOP، لكن لم يُجب إلا خادم POP. يجلب POP صندوق الوارد بلا مجلدات ولا علامات قراءة؛ جرّب IMAP لاحقًا إن كنت تستخدم عدة برامج.',
  'discovery/imap':
    'يُبقي IMAP المجلدات وعلامات القراءة متطابقة مع برامجك وأجهزتك الأخرى، ويترك البريد على الخادم. اختر POP إذا أردت أن يُفرغ Mailferry الخادم.',
  'discovery/answered': 'أجاب {host} عبر اتصال مشفَّر بشهادة سارية.',
  'discovery/condstore': 'يخبر بما تغيّر بكلفة قليلة، فتصل علامات القراءة مع التحقق التالي.',
  'discovery/special-use': 'يخبر أي المجلدات هي المرسل والمسودات والبريد المزعج والمهملات.',
  'discovery/quota': 'يخبر بمقدار امتلاء صندوق البريد.',
  'discovery/unconfirmed': 'تعذّر الوصول الآن إلى {host} (المنفذ {port})، فهذه الإعدادات غير مؤكدة.',
  'discovery/guessed':
    'لا أحد يذكر {host} لهذا العنوان، وقد عُثر عليه بتجربة الأسماء المعتادة. تحقق منه لدى مزوّدك.',
  'discovery/no-uidl': 'قد لا يستطيع خادم POP هذا تمييز البريد الجديد من القديم (UIDL).',
  'discovery/takes-no-mail': 'يعلن النطاق {domain} في DNS أنه لا يستقبل البريد.',
  'discovery/foreign':
    'يذكر {domain} الخادم {host} الذي لا يتبع له. تأكد من أنه يخص مزوّدك قبل إدخال كلمة المرور.',
  'discovery/odd-port':
    'ذُكر لبروتوكول {protocol} الخادم {host} على المنفذ غير المعتاد {port}، ولم يُفحص. أدخله بنفسك إن أكده مزوّدك.',
  'discovery/not-encrypted':
    'ذُكر {host} لاتصالات بلا تشفير، وهي لا تُقترح: يمكن لأي شخص على الطريق قراءة كلمة مرورك.',
  'discovery/no-domain': 'النطاق {domain} غير موجود. تحقق من كتابة العنوان.',
  'discovery/not-asked':
    'تعذّر سؤال خوادم الأسماء عن {domain} الآن. حاول لاحقًا، أو أدخل الخادم الذي يذكره مزوّدك.',
  'discovery/late':
    'لم يُجب أي خادم بريد للنطاق {domain} في الوقت المناسب. حاول لاحقًا، أو أدخل الخادم الذي يذكره مزوّدك.',
  'discovery/not-found': 'لم يُعثر على خادم بريد للنطاق {domain}. أدخل الخادم الذي يذكره مزوّدك.',

  'provider/app-password':
    'يطلب {provider} هنا كلمة مرور للتطبيقات تُنشأ من أجل Mailferry في إعدادات حساب {provider}.',
  'provider/app-password/two-factor': 'مع تسجيل الدخول بخطوتين يطلب {provider} هنا كلمة مرور للتطبيقات.',
  'provider/app-password/administrator':
    'لا يقبل {provider} كلمة مرورك العادية إلا في صفحاته: استخدم كلمة مرور للتطبيقات إن سمح بها المسؤول لديك.',
  'provider/authorisation-code': 'يطلب {provider} هنا رمز تفويض يُنشأ في إعداداته، لا كلمة مرورك.',
  'provider/own-password':
    'يطلب {provider} هنا كلمة المرور الخاصة بالبريد، لا تلك التي تسجّل بها الدخول في صفحاته.',
  'provider/mail-key': 'يطلب {provider} هنا مفتاح بريد آمنًا، لا كلمة مرورك العادية.',
  'provider/allow': 'يجب السماح لبرامج البريد مرة واحدة في إعدادات {provider} قبل أن تتمكن من تسجيل الدخول.',
  'provider/turn-on': 'يجب تفعيل IMAP وPOP في إعدادات {provider}، ولا تتضمن بعض الخطط المجانية أيًّا منهما.',
  'provider/paying': 'لدى {provider} لا يجوز استخدام برامج البريد إلا للمشتركين بمقابل.',
  'provider/no-password':
    'لا تقبل Microsoft كلمة مرور من برامج البريد، بل تسجيل دخول في صفحتها فقط، ويجب السماح ببروتوكول POP في إعدادات {provider}.',
  'provider/no-password/administrator':
    'لا تقبل Microsoft كلمة مرور من برامج البريد، بل تسجيل دخول في صفحتها فقط، وقد يكون المسؤول لديك أوقف IMAP وPOP.',
  'provider/local-part': 'أدخل كاسم مستخدم الجزء الذي يسبق العلامة @ من عنوانك لدى {provider}.',
  'provider/control-panel':
    'لخدمتي Exchange وEmail Pro من {provider} أدخل الخادم المذكور في لوحة التحكم، مثل {host}.',
  'provider/bridge':
    'لا تمكن قراءة {provider} إلا عبر {bridge}، وهو برنامج على حاسوبك لا يصل إليه Mailferry إلا إذا كان يعمل على الحاسوب نفسه.',
  'provider/closed': 'لا يوفّر {provider} بروتوكول IMAP ولا POP، فلا يُقرأ بريده إلا بتطبيقاته الخاصة.',
  'help/about': 'حول {what}',
  'help/app-password': 'إنشاء كلمة مرور للتطبيقات لدى {provider}',
  'help/password': 'تعيين كلمة مرور البريد لدى {provider}',
  'help/authorisation-code': 'إنشاء رمز تفويض لدى {provider}',
  'help/allow': 'السماح لبرامج البريد لدى {provider}',
  'help/imap': 'تفعيل IMAP لدى {provider}',
  'help/pop': 'تفعيل POP لدى {provider}',
  'help/settings': 'إعدادات خوادم {provider}',
  'help/programs': 'برامج البريد لدى {provider}',

  'job/missing-file': 'لم يعد الملف المرفوع موجودًا. ارفعه مرة أخرى.',
  'job/not-readable': 'هذا ليس أرشيف zip، أو أنه غير مكتمل.',
  'job/zip-bomb': 'سيكون حجم هذا الأرشيف بعد فكه مفرطًا.',
  'job/no-mailbox': 'لم يعد صندوق البريد الذي كان سيُستورد إليه موجودًا.',
  'job/internal': 'جُرّب هذا مرات كثيرة ولم ينجح. ابدأ من جديد.',

  'message/authentication': 'رفض خادم البريد الوصول إلى هذه الرسالة.',
  'message/timeout': 'لم يسلّم خادم البريد هذه الرسالة في الوقت المناسب.',
  'message/protocol': 'سلّم خادم البريد هذه الرسالة بطريقة لا تمكن قراءتها.',
  'message/temporary': 'أجّل خادم البريد هذه الرسالة مرة بعد مرة.',
  'message/refused': 'يرفض خادم البريد تسليم هذه الرسالة.',
  'message/disconnected': 'انقطع الاتصال بخادم البريد في كل مرة عند هذه الرسالة.',
  'message/unreadable': 'تعذّرت قراءة هذه الرسالة.',
  'message/interrupted':
    'توقف Mailferry في كل مرة جلب فيها هذه الرسالة: ربما كانت كبيرة جدًا أو تصل ببطء شديد.',
  'message/missing': 'يذكر خادم البريد هذه الرسالة، لكنه لا يسلّمها.',
  'message/too-large': 'يذكر خادم البريد عن هذه الرسالة أكثر مما يمكن حفظه: علامات أو مجلدات كثيرة جدًا.',
  'message/too-many-copies': 'لدى خادم البريد نسخ كثيرة جدًا من هذه الرسالة. تُركت هذه النسخة.',

  'import/empty': 'لا توجد رسالة هنا.',
  'import/too-large': 'حجم هذا أكبر من 150 م.ب.',
  'import/nul': 'لا تقبل خوادم البريد رسالة فيها بايتات NUL.',
  'import/no-mbox': 'لا يبدأ ما هنا بسطر From_ كما تبدأ رسائل mbox.',
  'import/damaged': 'هذا الملف من الأرشيف تالف، من هنا على الأقل.',
  'import/encrypted': 'هذا الملف من الأرشيف مشفَّر. اضغطه بلا كلمة مرور.',
  'import/unsupported': 'هذا الملف من الأرشيف مضغوط بطريقة غير معروفة هنا.',

  // What a change of an account or a job is refused with: SetErrors and errors of methods (RFC 8620).
  'set/invalidProperties': 'تحقق من هذه البيانات: {fields}.',
  'set/overQuota': 'لا يمكن إضافة المزيد: بُلغ الحد المسموح به في الخادم.',
  'set/serverFail': 'حدث خطأ في الخادم. حاول مرة أخرى.',
  'set/serverUnavailable': 'لا يستطيع الخادم ذلك الآن. حاول مرة أخرى بعد بضع دقائق.',
  'set/notFound': 'لم يعد هذا موجودًا على الخادم.',
  'set/blobNotFound': 'لم يعد الملف المرفوع موجودًا. ارفعه مرة أخرى.',
  'set/requestTooLarge': 'هذا أكبر مما يقبله الخادم.',
  'set/sign-in-needed': 'سجّل الدخول مرة أخرى.',
};
