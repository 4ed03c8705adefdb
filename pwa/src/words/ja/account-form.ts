/** The settings of an account's connection. */
export const form = {
  imap: 'IMAP',
  imapText:
    'すべてのフォルダーを取得します。既読、スター、移動は、サーバーやほかのメールソフトと常に同じ状態に保たれます。',
  pop: 'POP',
  popText:
    '受信トレイだけを取得します。フォルダー、スター、既読の状態はMailferryが管理し、お使いのすべてのデバイスに反映されます。',
  protocol: 'メールの取得方法',
  address: 'メールアドレス',
  name: 'アカウント名',
  nameHint: 'このアプリでの呼び名です。例: 自宅、仕事',
  host: 'メールサーバー',
  port: 'ポート',
  security: '接続の保護',
  securities: { tls: 'TLS', starttls: 'STARTTLS', none: 'なし（暗号化しない）' } as Record<string, string>,
  insecure: '暗号化しないと、通信の途中でパスワードやメールを誰にでも読まれるおそれがあります。',
  username: 'ユーザー名',
  usernameHint: '多くの場合、メールアドレスと同じです。',
  password: 'パスワード',
  passwordKept: '空欄のままにすると、保存されているパスワードをそのまま使います。',
  test: 'テスト',
  testing: 'サインインを試しています…最大20秒かかることがあります。',
  change: 'アカウントの設定',
  save: '保存',
  saving: '保存しています…',
  saved: '保存しました。',
  notChanged: (reason: string) => `設定は変更されませんでした。${reason}`,
};
