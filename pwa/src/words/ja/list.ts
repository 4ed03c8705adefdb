import { count } from '../numbers.ts';

export const list = {
  count: (n: number) => count(n, { other: '#件のメール' }),
  conversations: (n: number) => count(n, { other: '#件のスレッド' }),
  inConversation: (n: number) => count(n, { other: '#件のメール' }),
  messages: (name: string) => `${name}のメール`,
  noSubject: '（件名なし）',
  noSender: '（差出人不明）',
  unread: '未読',
  starred: (subject: string) => `スター付き: ${subject}`,
  attachment: '添付ファイルあり',
  empty: 'メールはありません',
  emptyText: '新着メールは届きしだいここに表示されます。',
  coming: 'メールを取得しています',
  comingText: '届いたメールから順に読めます。',
  gone: 'メールボックスが見つかりません',
  goneText: '別のデバイスで名前が変更されたか、削除された可能性があります。',
  check: '新着メールを確認',
  choose: '読むメールを選択してください',
  chooseText: '? キーを押すと、キーボードショートカットが表示されます。',
};
