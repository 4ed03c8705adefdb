import { count } from '../numbers.ts';
import { apart, messages } from './counted.ts';

export const thread = {
  messages,
  unfold: (sender: string, date: string) => `عرض الرسالة من ${apart(sender)}، ${date}`,
  fold: (sender: string, date: string) => `طي الرسالة من ${apart(sender)}، ${date}`,
  more: (n: number) =>
    count(n, {
      one: 'عرض رسالة أخرى',
      two: 'عرض رسالتين أخريين',
      few: 'عرض # رسائل أخرى',
      other: 'عرض # رسالة أخرى',
    }),
  archive: 'أرشفة المحادثة',
  trash: 'نقل المحادثة إلى سلة المهملات',
  inbox: 'نقل المحادثة إلى صندوق الوارد',
  destroy: 'حذف المحادثة نهائيًا',
  markUnread: 'وضع علامة «غير مقروءة» على المحادثة',
  move: 'نقل المحادثة إلى…',
};
