import { count } from '../numbers.ts';
import { apart, messages } from './counted.ts';

export const list = {
  count: messages,
  conversations: (n: number) =>
    count(n, {
      zero: 'لا محادثات',
      one: 'محادثة واحدة',
      two: 'محادثتان',
      few: '# محادثات',
      other: '# محادثة',
    }),
  inConversation: messages,
  messages: (name: string) => `الرسائل في ${apart(name)}`,
  noSubject: '(بلا موضوع)',
  noSender: '(مرسل غير معروف)',
  unread: 'غير مقروءة',
  starred: (subject: string) => `مميزة بنجمة: ${apart(subject)}`,
  attachment: 'تحتوي على مرفقات',
  empty: 'لا توجد رسائل هنا',
  emptyText: 'يظهر البريد الجديد هنا فور وصوله.',
  coming: 'بريدك في الطريق',
  comingText: 'يمكن قراءة كل رسالة فور وصولها إلى هنا.',
  gone: 'لم يُعثر على صندوق البريد',
  goneText: 'ربما أُعيدت تسميته أو أُزيل على جهاز آخر.',
  check: 'التحقق من وجود بريد جديد',
  choose: 'اختر رسالة لقراءتها',
  chooseText: 'اضغط على ? لعرض اختصارات لوحة المفاتيح.',
};
