import { count } from '../numbers.ts';

/** What is done to one message or to several. */
export const acting = {
  moved: {
    archive: (n: number) =>
      n === 1 ? 'アーカイブしました。' : count(n, { other: '#件のメールをアーカイブしました。' }),
    trash: (n: number) =>
      n === 1 ? 'ゴミ箱に移動しました。' : count(n, { other: '#件のメールをゴミ箱に移動しました。' }),
    inbox: (n: number) =>
      n === 1 ? '受信トレイに移動しました。' : count(n, { other: '#件のメールを受信トレイに移動しました。' }),
  },
  movedTo: (n: number, name: string) => `${count(n, { other: '#件のメール' })}を${name}に移動しました。`,
  starred: (n: number) => count(n, { other: '#件のメールにスターを付けました。' }),
  unstarred: (n: number) => count(n, { other: '#件のメールからスターを外しました。' }),
  read: (n: number) => count(n, { other: '#件のメールを既読にしました。' }),
  unread: (n: number) => count(n, { other: '#件のメールを未読にしました。' }),
  destroyed: (n: number) => count(n, { other: '#件のメールを完全に削除しました。' }),
  destroy: '完全に削除',
  destroyTitle: (n: number) => count(n, { other: '#件のメールを完全に削除しますか？' }),
  destroyEverywhere: 'すべてのデバイスとメールサーバーから削除されます。',
  destroyKept:
    'すべてのデバイスから削除されます。このアカウントの設定に従い、メールサーバーのコピーは残ります。',
  destroyMixed:
    'すべてのデバイスから削除されます。サーバーに残す設定のアカウントを除き、メールサーバーからも削除されます。',
  destroyHere:
    'すべてのデバイスから削除されます。このアカウントにはメールサーバーがないため、ほかにコピーはありません。',
  destroyText: 'この操作は取り消せません。',
  cancel: 'キャンセル',
  moveTo: '移動…',
  moveTitle: (n: number) => count(n, { other: '#件のメールの移動先' }),
  filter: 'メールボックスを検索',
  createNamed: (name: string) => `新しいメールボックス「${name}」`,
  createHint: '新しいメールボックスを作るには、その名前を入力します。',
  severalAccounts:
    '選択したメールは複数のアカウントのものです。メールはそれぞれのアカウントの中で移動します。ほかのメールボックスに移動するには、1つのアカウントのメールだけを選択してください。',
};
