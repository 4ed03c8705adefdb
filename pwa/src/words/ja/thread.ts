import { count } from '../numbers.ts';

export const thread = {
  messages: (n: number) => count(n, { other: '#件のメール' }),
  unfold: (sender: string, date: string) => `${sender}からのメールを表示（${date}）`,
  fold: (sender: string, date: string) => `${sender}からのメールを折りたたむ（${date}）`,
  more: (n: number) => count(n, { other: 'さらに#件のメールを表示' }),
  archive: 'スレッドをアーカイブ',
  trash: 'スレッドをゴミ箱に移動',
  inbox: 'スレッドを受信トレイに移動',
  destroy: 'スレッドを完全に削除',
  markUnread: 'スレッドを未読にする',
  move: 'スレッドを移動…',
};
