export const shared = {
  title: 'ファイルのメール',
  none: '共有されたメールはありません',
  noneText: '.emlファイルをMailferryに共有するか、Mailferryで開くと、ここに表示されます。',
  states: {
    opening: 'メールを開いています…',
    waiting: 'サーバーに接続できません。メールはここに保存され、ネットワークにつながると開きます。',
    unreadable: 'このファイルは読み取れるメールではありません。',
  },
  unchecked: 'ファイルから開きました。差出人は確認されていません。',
  account: 'アカウント',
  put: '受信トレイに入れる',
  remove: 'ここから削除',
  refused: 'サーバーはこのメールを受け付けませんでした。',
};
