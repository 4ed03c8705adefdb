import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

export const welcome = {
  title: 'ネットワークがあってもなくても、あなたのメールを',
  text: 'MailferryはPOPとIMAPのメールを取得し、すべてのデバイスに届けます。このデバイスにあるメールは、電車の中でも、フェリーの上でも、どこでもすぐに開きます。',
  signIn: 'サインイン',
  signingIn: 'サインインしています…',
  failed: 'サインインできませんでした。もう一度お試しください。',
  unreachable: 'サーバーに接続できません。接続を確認して、もう一度お試しください。',
};

export const nav = {
  mailboxes: 'メールボックス',
  mailboxesOf: (name: string) => `${name}のメールボックス`,
  open: 'メールボックスを開く',
  close: '閉じる',
  allInboxes: 'すべての受信トレイ',
  accounts: 'アカウント',
  outbox: '送信トレイ',
  main: 'メインメニュー',
  inbox: '受信トレイ',
  search: '検索',
  settings: '設定',
  unread: (n: number) => `未読${digits(n)}件`,
};

export const roles: Record<string, string> = {
  inbox: '受信トレイ',
  archive: 'アーカイブ',
  drafts: '下書き',
  junk: '迷惑メール',
  sent: '送信済み',
  trash: 'ゴミ箱',
  all: 'すべてのメール',
  flagged: 'スター付き',
};

export const status = {
  upToDate: (at: number | null) => (at === null ? '' : `更新: ${when(at)}`),
  offline: (at: number | null) => (at === null ? 'オフラインです。' : `オフラインです。更新: ${when(at)}`),
  signInNeeded: '新着メールを受信するには、もう一度サインインしてください。',
  signIn: 'サインイン',
  listing: (fetched: number, total: number | null) =>
    total === null
      ? `一覧を取得しています（${digits(fetched)}件）…`
      : `一覧を取得しています（${digits(total)}件中${digits(fetched)}件）…`,
  bodies: (kept: number, total: number) =>
    `メールをダウンロードしています（${digits(total)}件中${digits(kept)}件）…`,
  waiting: (n: number) => count(n, { other: '#件の変更がネットワーク接続を待っています' }),
  waitingForSignIn: (n: number) => count(n, { other: '#件の変更がサインインを待っています' }),
  refused: (n: number) => count(n, { other: '#件の変更がサーバーに拒否されました' }),
  newVersion: 'Mailferryの新しいバージョンがあります。',
  update: '更新',
};

export const done = {
  undo: '元に戻す',
  newMail: '新着メールを確認しています…',
};

export const errors = {
  notFound: 'ページが見つかりません',
  home: '受信トレイへ',
};
