import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { other: '#件のメール' });

/** Adding an account in three steps. */
export const onboarding = {
  title: 'アカウントを追加',
  step: (at: number, of: number) => `ステップ${digits(at)}／${digits(of)}`,
  address: 'メールアドレスを入力してください',
  addressText:
    'アドレスからメールサーバーを探します。アドレスを伝える相手は、メールドメインのWebサーバーだけです。',
  next: '続ける',
  searching: (domain: string) => `${domain}のメールサーバーを探しています…最大12秒かかります。`,
  manual: 'サーバーを自分で入力する',
  archive: '以前のメール用のアーカイブを作成',
  archiveTitle: '以前のメール用のアーカイブ',
  archiveText:
    'メールサーバーのない保管場所です。以前のパソコンのmboxなど、ファイルに保存したメールに使います。メールはMailferryとお使いのデバイスだけに保存されます。',
  archiveName: 'アーカイブの名前',
  archiveDefault: 'アーカイブ',
  archiveMake: 'アーカイブを作成',
  back: '戻る',
  invalid: 'メールアドレスの形式が正しくありません。name@example.orgのように入力してください。',
  how: 'メールの取得方法を選択してください',
  manualTitle: 'メールサーバーを入力してください',
  manualText: 'サーバー名はプロバイダーの案内で確認できます。多くはメールソフトの設定ページにあります。',
  foundAt: (provider: string) => `これは${provider}のメールボックスです。`,
  others: 'このメールボックスを、ほかのメールソフトやデバイスでも読みますか？',
  othersYes: 'はい、これからも読みます',
  othersNo: 'いいえ、Mailferryだけで読みます',
  room: 'メールサーバーの空きを増やす',
  roomText:
    'メールは、ここに安全に保存されてから30日後にサーバーから削除されます。この設定は後で変更できます。',
  recommended: 'おすすめ',
  advice: { imap: 'IMAPをおすすめします', pop: 'POPをおすすめします' },
  why: {
    onlyImap: 'このプロバイダーはほかの方式に対応していません。',
    onlyPop: 'このプロバイダーはほかの方式に対応していません。受信トレイだけを取得します。',
    imapAnswered: '先ほど、IMAPサーバーは応答しましたが、POPサーバーは応答しませんでした。',
    popAnswered: '先ほど、POPサーバーは応答しましたが、IMAPサーバーは応答しませんでした。',
    others: 'ここで既読、スター、移動の操作をすると、ほかのメールソフトにも反映されます。その逆も同じです。',
    folders: 'すべてのフォルダーを取得し、メールを常にサーバーと同じ状態に保ちます。',
    alone:
      'ほかのメールソフトと状態を合わせる必要がないため、POPなら最小限の手間で新着メールを取得できます。',
    room: 'メールを残さないサーバーに適しています。',
    roomShared:
      'サーバーから削除されたメールは、ほかのメールソフトでも表示されなくなります。ここには残ります。',
  },
  offers: 'サーバーの情報',
  server: (host: string, port: number, security: string) => `${host}、ポート${port}、${security}`,
  unconfirmed: 'このサーバーは先ほど応答しませんでした。このまま試すこともできます。',
  change: 'サーバーを変更',
  oauthOnly: (provider: string) =>
    `${provider}では専用のサインインページからしかメールソフトを接続できませんが、このMailferryはそれに対応する設定になっていません。このMailferryの管理者に${provider}への登録を依頼するか、${provider}がアプリパスワードを発行している場合はここに入力してください。`,
  oauthToo: (provider: string) =>
    `${provider}の通常のパスワードはここでは使えません。アプリパスワードが必要です。`,
  help: '参考になるページ',
  sealed: 'パスワードはすぐに暗号化されます。誰にも読まれず、二度と表示されません。',
  connect: '接続',
  adding: '接続できました。アカウントを追加しています…',
  problems: {
    authentication: {
      title: 'サーバーがユーザー名またはパスワードを拒否しました。',
      todo: 'パスワードをもう一度入力してください。多くのプロバイダーでは、通常のパスワードの代わりに、設定画面で作成するアプリパスワードが必要です。ユーザー名に@以降を含めないプロバイダーもあります。',
    },
    'unknown-host': {
      title: 'この名前のサーバーはありません。',
      todo: 'メールサーバー名に入力ミスがないか確認するか、プロバイダーにサーバー名をお問い合わせください。',
    },
    'forbidden-host': {
      title: 'このMailferryは、プライベートネットワークのサーバーには接続しません。',
      todo: 'メールサーバーの公開名を入力してください。',
    },
    unreachable: {
      title: 'このサーバーとポートからは応答がありません。',
      todo: 'サーバー名とポートを確認してください。正しい場合は、プロバイダー側の障害の可能性があります。後でもう一度お試しください。',
    },
    timeout: {
      title: 'サーバーが時間内に応答しませんでした。',
      todo: 'サーバー名とポートを確認するか、数分後にもう一度お試しください。',
    },
    tls: {
      title: '暗号化された接続を確立できませんでした。',
      todo: 'もう一方の保護方式（TLSまたはSTARTTLS）と、その標準のポートを選択してください。プロバイダーの証明書が有効でない場合は、プロバイダーに連絡してください。',
    },
    protocol: {
      title: '応答したのは、この種類のメールサーバーではありません。',
      todo: 'ポートを確認してください。通常、IMAPは993、POPは995です。',
    },
    temporary: {
      title: 'サーバーは現在、誰の接続も受け付けていません。',
      todo: '数分後にもう一度お試しください。このメールボックスを読んでいるほかのメールソフトは閉じてください。',
    },
    throttled: {
      title: 'サーバーへの問い合わせが多すぎました。',
      todo: '15分待ってから、もう一度お試しください。',
    },
    quota: {
      title: 'プロバイダーが定める1日の利用量の上限に達しました。',
      todo: '明日、もう一度お試しください。',
    },
    refused: {
      title: 'サーバーが要求を拒否しました。',
      todo: 'IMAPまたはPOPを先に有効にする必要があるかどうか、プロバイダーの設定を確認してください。',
    },
    disconnected: {
      title: 'サーバーが接続を切断しました。',
      todo: 'もう一度お試しください。繰り返し起こる場合は、ポートと接続の保護を確認してください。',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: '数分後にもう一度お試しください。',
  saidThat: (message: string) => `詳しい内容: ${message}`,
  notAdded: (reason: string) => `アカウントは追加されませんでした。${reason}`,
  coming: 'メールを取得しています',
  arrived: '最新のメールが届きました',
  complete: 'すべてのメールがそろいました',
  empty: 'このメールボックスは空です。新着メールは自動的に表示されます。',
  firstWait: '最新のメールから順に取得します。',
  progress: (stored: number, total: number) => `${messages(total)}のうち${digits(stored)}件を保存しました`,
  canLeave: 'このままメールを読んだり、Mailferryを閉じたりできます。取得は続きます。',
  toInbox: '受信トレイへ',
  newest: '最新のメール',
};
