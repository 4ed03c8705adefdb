import { count } from '../numbers.ts';

export const mailboxes = {
  new: (account: string) => `${account}に新しいメールボックスを作成`,
  change: (name: string) => `メールボックス「${name}」を変更`,
  newTitle: '新しいメールボックス',
  title: (name: string) => `メールボックス「${name}」`,
  name: '名前',
  atServer: 'メールボックスの作成や変更はサーバーで行われるため、ネットワーク接続が必要です。',
  create: '作成',
  createInside: 'この中に新しいメールボックスを作成…',
  rename: '名前を変更',
  delete: 'メールボックスを削除',
  deleteEmpty: 'このメールボックスにメールはありません。',
  deleteFull: (n: number) => count(n, { other: '中にある#件のメールはゴミ箱に移動されます。' }),
  noTrash:
    'このメールボックスにはメールがありますが、このアカウントにはゴミ箱がありません。先にメールをほかの場所へ移動してください。',
  unreachable:
    '現在サーバーに接続できません。メールボックスの作成や変更はサーバーで行われます。後でもう一度お試しください。',
  refused: 'サーバーがこの操作を拒否しました。',
  reasons: {
    mailboxHasChild: 'このメールボックスの中に別のメールボックスがあります。先にそれらを削除してください。',
    mailboxHasEmail: 'その間に、このメールボックスにメールが届きました。もう一度お試しください。',
    notFound: 'このメールボックスはもうありません。',
    forbidden: 'サーバーはこの操作を許可していません。',
  } as Record<string, string>,
};
