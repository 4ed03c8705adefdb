import { count } from '../numbers.ts';

export const selecting = {
  select: (subject: string) => `選択: ${subject}`,
  count: (n: number) => count(n, { other: '#件を選択中' }),
  none: '選択を終了',
  all: '読み込み済みのメールをすべて選択',
  actions: '選択したメールの操作',
};
