import { count } from '../numbers.ts';
import { apart } from './counted.ts';

export const mailboxes = {
  new: (account: string) => `صندوق بريد جديد في ${apart(account)}`,
  change: (name: string) => `تغيير صندوق البريد ${apart(name)}`,
  newTitle: 'صندوق بريد جديد',
  title: (name: string) => `صندوق البريد ${apart(name)}`,
  name: 'الاسم',
  atServer: 'تُنشأ صناديق البريد وتُغيَّر على الخادم، لذلك يلزم الاتصال بالشبكة.',
  create: 'إنشاء',
  createInside: 'صندوق بريد جديد بداخله…',
  rename: 'إعادة التسمية',
  delete: 'حذف صندوق البريد',
  deleteEmpty: 'لا توجد رسائل في صندوق البريد هذا.',
  deleteFull: (n: number) =>
    count(n, {
      one: 'ستُنقل الرسالة الموجودة فيه إلى سلة المهملات.',
      two: 'ستُنقل الرسالتان الموجودتان فيه إلى سلة المهملات.',
      other: 'ستُنقل الرسائل الموجودة فيه، وعددها #، إلى سلة المهملات.',
    }),
  noTrash: 'في صندوق البريد هذا رسائل، وليس لهذا الحساب سلة مهملات. انقل الرسائل إلى مكان آخر أولًا.',
  unreachable: 'يتعذر الوصول إلى الخادم الآن، وصناديق البريد تُنشأ وتُغيَّر عليه. حاول مرة أخرى لاحقًا.',
  refused: 'رفض الخادم هذا الإجراء.',
  reasons: {
    mailboxHasChild: 'توجد صناديق بريد داخل هذا الصندوق. احذفها أولًا.',
    mailboxHasEmail: 'وصلت رسالة إلى صندوق البريد هذا في هذه الأثناء. حاول مرة أخرى.',
    notFound: 'لم يعد صندوق البريد هذا موجودًا.',
    forbidden: 'لا يسمح الخادم بهذا.',
  } as Record<string, string>,
};
