import { count } from '../numbers.ts';
import { apart } from './counted.ts';

export const selecting = {
  select: (subject: string) => `تحديد: ${apart(subject)}`,
  count: (n: number) =>
    count(n, {
      zero: 'لم يُحدَّد شيء',
      one: 'رسالة واحدة محدّدة',
      two: 'رسالتان محدّدتان',
      few: '# رسائل محدّدة',
      other: '# رسالة محدّدة',
    }),
  none: 'إنهاء التحديد',
  all: 'تحديد كل الرسائل المحمّلة',
  actions: 'إجراءات على الرسائل المحدّدة',
};
