import { apart, ofMessages } from './counted.ts';

/** What is done to one message or to several. */
export const acting = {
  moved: {
    archive: (n: number) => (n === 1 ? 'تمت الأرشفة.' : `تمت أرشفة ${ofMessages(n)}.`),
    trash: (n: number) =>
      n === 1 ? 'تم النقل إلى سلة المهملات.' : `تم نقل ${ofMessages(n)} إلى سلة المهملات.`,
    inbox: (n: number) =>
      n === 1 ? 'تم النقل إلى صندوق الوارد.' : `تم نقل ${ofMessages(n)} إلى صندوق الوارد.`,
  },
  movedTo: (n: number, name: string) => `تم نقل ${ofMessages(n)} إلى ${apart(name)}.`,
  starred: (n: number) => `أُضيفت نجمة إلى ${ofMessages(n)}.`,
  unstarred: (n: number) => `أُزيلت النجمة من ${ofMessages(n)}.`,
  read: (n: number) => `وُضعت علامة «مقروءة» على ${ofMessages(n)}.`,
  unread: (n: number) => `وُضعت علامة «غير مقروءة» على ${ofMessages(n)}.`,
  destroyed: (n: number) => `تم حذف ${ofMessages(n)} نهائيًا.`,
  destroy: 'حذف نهائي',
  destroyTitle: (n: number) => `هل تريد حذف ${ofMessages(n)} نهائيًا؟`,
  destroyEverywhere: 'يشمل الحذف كل الأجهزة وخادم البريد.',
  destroyKept: 'يشمل الحذف كل الأجهزة. ويحتفظ خادم البريد بنسخته كما اخترت لهذا الحساب.',
  destroyMixed: 'يشمل الحذف كل الأجهزة، وكذلك خادم البريد ما لم تختر الاحتفاظ بالرسائل عليه.',
  destroyHere: 'يشمل الحذف كل الأجهزة. ليس لهذا الحساب خادم بريد، ولذلك لا توجد أي نسخة أخرى.',
  destroyText: 'لا يمكن التراجع عن هذا الإجراء.',
  cancel: 'إلغاء',
  moveTo: 'نقل إلى…',
  moveTitle: (n: number) => `نقل ${ofMessages(n)} إلى…`,
  filter: 'البحث عن صندوق بريد',
  createNamed: (name: string) => `صندوق بريد جديد «${apart(name)}»`,
  createHint: 'لإنشاء صندوق بريد جديد، اكتب اسمه.',
  severalAccounts:
    'هذه الرسائل من عدة حسابات، وتبقى كل منها في حسابها. للنقل إلى صندوق بريد آخر، حدّد رسائل من حساب واحد.',
};
