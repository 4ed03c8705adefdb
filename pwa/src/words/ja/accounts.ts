import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

const messages = (n: number) => count(n, { other: '#件のメール' });

/** The list of accounts, and what an account's page says of its health. */
export const accounts = {
  title: 'アカウント',
  add: 'アカウントを追加',
  none: '最初のアカウントを追加しましょう',
  noneText:
    'メールを取得するには、POPまたはIMAPのアカウントが必要です。パスワードは暗号化して保管され、二度と表示されません。',
  phases: {
    new: '未取得',
    pulling: 'メールを取得中',
    ok: '正常',
    failing: '再試行中',
    stopped: '対応が必要です',
    paused: '一時停止中',
  },
  archive: 'アーカイブ（メールサーバーなし）',
  stored: (stored: number, atSource: number | null) =>
    atSource === null
      ? `${messages(stored)}を保存済み`
      : `${messages(atSource)}のうち${digits(stored)}件を保存済み`,
  quarantined: (n: number) => `処理できなかった${messages(n)}を保留しています`,
  device: (kept: number, total: number, size: string) =>
    `${messages(total)}のうち${digits(kept)}件をこのデバイスでオフラインでも読めます（${size}）`,
  full: 'このデバイスのメール用の容量を使い切りました。古いメールは開いたときに取得します。',
  lastSuccess: (at: number) => `前回の取得: ${when(at)}`,
  nextCheck: (at: number) => `次回の確認: ${at > Date.now() ? when(at) : 'まもなく'}`,
  next: (at: number) => `次回の試行: ${when(at)}`,
  check: '今すぐ確認',
  checkOf: (name: string) => `今すぐ確認: ${name}`,
  checking: '新着メールを確認しています。',
  details: '詳細',
  detailsOf: (name: string) => `${name}の詳細`,
  settings: '設定',
  mend: '設定を変更',
  back: 'アカウント一覧に戻る',
  backTo: (name: string) => `${name}に戻る`,
  gone: 'このアカウントはもうありません。',
  pause: '一時停止',
  resume: '再開',
  paused: '一時停止中です。再開するまでメールサーバーには接続しません。',
  resumed: '再開しました。新着メールを確認しています。',
  progress: (name: string) => `${name}の保存の進み具合`,
  serverMail: 'サーバー上のメール',
  setAside: '保留中のメール',
  setAsideNone: 'すべてのメールを処理できました。',
  files: 'インポートとエクスポート',
  filesText: '以前のメールを取り込んだり、すべてのメールを書き出したりできます。',
  colour: '色',
  colourHint: 'アカウントが複数あるとき、このデバイスでこのアカウントのメールの横に表示されます。',
  colours: ['海', 'プラム', '琥珀', '若葉', 'ローズ', '空', 'れんが', 'スレート'] as readonly string[],
  remove: 'アカウントを削除…',
  cancel: 'キャンセル',
  offline: '現在サーバーに接続できません。オンラインのときにもう一度お試しください。',
  offlineList: 'この一覧はサーバーにありますが、現在サーバーに接続できません。',
  loadingList: 'サーバーに問い合わせています…',
  again: 'もう一度試す',
  failed: (reason: string) => `うまくいきませんでした。${reason}`,
  signOut: 'サインアウト',
  signOutTitle: 'このデバイスからサインアウトしますか？',
  signOutText: 'すべてのメールがこのデバイスから削除されます。サーバーとほかのデバイスにはそのまま残ります。',
  signOutPending: (n: number) =>
    count(n, { other: '#件の変更がまだサーバーに届いていません。この変更は失われます。' }),
};

/** Before an account is removed. */
export const removal = {
  title: (name: string) => `${name}を削除しますか？`,
  here: (n: number) =>
    `このアカウントの${messages(n)}と設定、パスワードが、Mailferryとお使いのすべてのデバイスから削除されます。`,
  source: 'メールサーバー上のメールはそのまま残ります。',
  onlyHere: (n: number) =>
    `このうち${messages(n)}は、ここに保存されているため、メールサーバーからはすでに削除されています。ほかのどこにもないため、失われます。`,
  archive: 'このメールはほかのどこにもないため、失われます。',
  pending: (n: number) =>
    count(n, { other: '#件の変更がまだサーバーに届いていません。この変更は失われます。' }),
  export: '先にエクスポートする',
  understood: 'このメールを元に戻せないことを理解しました',
  confirm: 'アカウントを削除',
  removing: '削除しています…',
  removed: (name: string) => `${name}を削除しました。このデバイスからも削除されています。`,
};

/** What happens to the mail at the server, and the proofs of it. */
export const deletion = {
  title: 'サーバー上のメール',
  text: 'Mailferryはすべてのメールのコピーを保管します。メールサーバーにあるメールはどうしますか？',
  archive: 'アーカイブにはメールサーバーがありません。',
  policies: {
    keep: '残す',
    afterDays: '数日後に削除する',
    onceStored: 'すぐに削除する',
    whenDestroyed: 'ここで削除したものだけ削除する',
  },
  texts: {
    keep: 'Mailferryが自動で削除することはありません。IMAPでは、ここで完全に削除したメールはサーバーからも削除されます。',
    afterDays:
      'メールはここに保存されてから指定した日数だけサーバーに残り、その後削除されます。ここには残ります。',
    onceStored:
      'メールがここに保存されると、すぐに削除されます。空き容量を最も増やせます。ここには残ります。',
    whenDestroyed: 'ここで完全に削除したメールだけが、サーバーからも削除されます。',
  },
  summaries: {
    keep: 'サーバーに残します。',
    onceStored: 'ここに保存されしだい、サーバーから削除します。',
    whenDestroyed: 'ここで削除すると、サーバーからも削除します。',
  },
  summaryDays: (days: number) =>
    count(days, { other: 'ここに保存されてから#日後に、サーバーから削除します。' }),
  days: 'サーバーに残す日数',
  daysHint: '1～3,650の範囲で指定します。',
  proof:
    '削除する前に、Mailferryは保存したコピーをもう一度読み込み、チェックサムと照合します。不審な点があれば削除を中止します。',
  others:
    'このメールボックスを読むほかのメールソフトやデバイスでは、Mailferryが削除したメールは表示されなくなります。',
  save: '保存',
  saved: '保存しました。',
  confirmTitle: 'サーバーからメールを削除しますか？',
  confirmText: (stored: number) =>
    `すでに保存されているメール（現在${digits(stored)}件）も対象になります。メールはMailferryに残り、容量の許すかぎりお使いのデバイスにも残ります。`,
  confirm: 'サーバーから削除',
  frozen: '現在、削除を停止しています',
  unfreeze: '削除の再開を許可',
  unfreezeTitle: '削除の再開を許可しますか？',
  unfreezeText:
    'サーバーの状態が想定と違ったため、Mailferryは削除を停止しました。まず、メールがここにすべてそろっていることを確認してください。許可すると、サーバーからの削除が再開されます。',
  unfrozen: 'サーバーからのメールの削除を再開できるようになりました。',
  receipts: 'これまでに削除したメール',
  receiptsNone: 'サーバーから削除したメールはまだありません。',
  receiptsSum: (n: number, since: string, freed: string) =>
    `${since}以降、${messages(n)}をすべて保存したうえでサーバーから削除しました。サーバーの空きが${freed}増えました。`,
  receiptsShow: '削除の記録を表示',
  receiptsMore: 'さらに表示',
  receiptOf: (at: string, size: string) => `${at}に削除 · ${size}`,
  outcomes: {
    confirmed: 'サーバーが削除を確認しました。',
    gone: 'サーバーの一覧から消えています。',
  },
  checksum: (sha256: string) => `SHA-256 ${sha256}`,
  notOnDevice: 'このデバイスにないメール',
};

/** Messages that could not be handled. */
export const quarantine = {
  title: '保留中のメール',
  text: 'これらのメールは処理できませんでした。メールサーバーには残っていて、このために削除されることはありません。',
  empty: '保留中のメールはありません',
  emptyText: 'このアカウントのメールはすべて処理できました。',
  message: (uid: string, mailbox: string) => `${mailbox}のメール ${uid}`,
  facts: (size: string | null, since: string, tried: string) =>
    size === null
      ? `保留開始: ${since}。最後の試行: ${tried}。`
      : `${size}。保留開始: ${since}。最後の試行: ${tried}。`,
  retry: 'もう一度試す',
  retryOf: (what: string) => `もう一度試す: ${what}`,
  retryAll: 'すべてもう一度試す',
  asked: (n: number) => `${messages(n)}をもう一度試しています。`,
  waits: 'アカウントは一時停止中です。もう一度試すには再開してください。',
  save: '受信したままの形で保存',
  saveOf: (what: string) => `受信したままの形で保存: ${what}`,
  more: 'さらに表示',
};
