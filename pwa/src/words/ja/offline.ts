import { count, digits } from '../numbers.ts';
import { fileSize } from '../time.ts';

const messages = (n: number) => count(n, { other: '#件のメール' });

/** What this device keeps, and what it says of its room, the connection and itself. */
export const offline = {
  title: 'このデバイス上のメール',
  summary: (kept: number, size: string) => `${messages(kept)}をオフラインで読めます（${size}）`,
  used: (size: string, of: string) => `${of}のうち${size}を使用中`,
  usedLabel: (name: string) => `${name}がこのデバイスで使っている容量`,
  readable: (kept: number, total: number) =>
    `${messages(total)}のうち${digits(kept)}件をオフラインで読めます`,
  days: '保存する期間',
  daysHint: 'これより古いメールも一覧に残り、開いたときに取得されます。',
  lastDays: (n: number) => (n === 365 ? '過去1年' : count(n, { other: '過去#日間' })),
  everything: 'すべて',
  forecast: (n: number, size: string) => `${messages(n)}で約${size}`,
  forecastFull: (n: number, size: string) => `${messages(n)}で約${size}（下の上限を超えます）`,
  forecasting: '計算しています…',
  forecastPartly: (n: number) => `これまでに一覧に読み込んだ${messages(n)}から計算しています。`,
  octets: '容量の上限',
  octetsHint:
    '上限に達すると、古いメールから順に新しいメールに置き換わります。サーバーからは何も削除されません。',
  attachments: '添付ファイルも保存',
  attachmentsHint: (size: string) =>
    `1個あたり25 MBまで、選択した期間で約${size}です。オフにすると、添付ファイルは開いたときに取得します。`,
  pinnedTitle: '期間に関係なく保存するもの',
  pinnedHint: '上限の範囲内で、すべての添付ファイルも保存します。',
  pinnedMailboxes: 'メールボックス',
  pinnedOthers: (threads: number, emails: number) =>
    threads === 0
      ? `ほかに${count(emails, { other: '個別のメール#件' })}があります。`
      : emails === 0
        ? `ほかに${count(threads, { other: 'スレッド#件' })}があります。`
        : `ほかに${count(threads, { other: 'スレッド#件' })}と${count(emails, { other: '個別のメール#件' })}があります。`,
  pin: {
    mailboxes: 'このメールボックスをオフラインに保存',
    threads: 'このスレッドをオフラインに保存',
    emails: 'このメールをオフラインに保存',
  },
  pinned: 'オフラインに保存中',
  pinnedByOther: 'メールボックスまたはスレッドごとオフラインに保存中',
  pinDone: '今後、このデバイスに保存します。',
  unpinDone: '空き容量がある間だけ保存します。',
  notChanged: 'この端末には空き容量がなく、この設定を保存できません。何も変更されていません。',
  device: 'このデバイス上のMailferry全体',
  deviceUsed: (used: number, quota: number) =>
    `${fileSize(used)}を使用中です。ブラウザーが許可する上限は${fileSize(quota)}です。`,
  persisted: 'ブラウザーは、ユーザーが削除するまでこのメールを保持します。',
  notPersisted:
    'デバイスの空き容量が足りなくなると、ブラウザーがこのメールを削除することがあります。サーバーには残ります。',
  persist: 'メールを保持するようブラウザーに求める',
  persistRefused:
    'ブラウザーは許可しませんでした。インストールしたアプリや、よく使うアプリであれば許可されます。',
  tight:
    'このデバイスの空き容量が足りません。最も古いメールをデバイスから削除しました。開いたときに取得します。',
  noRoom: 'このデバイスには空き容量がありません。空きができるまで、新着メールはサーバーに置かれます。',
  manage: 'ネットワークなしで読めるメールの量を設定します。',
  toBudget: '保存する範囲',
  metered: 'データ節約中です。一覧だけをダウンロードし、メールは開いたときに取得します。',
  waitsForInstall:
    'Mailferryをインストールするかどうかを決めるまで、ここには最新のメールだけが表示されます。',
  goOn: '今すぐすべてダウンロード',
  wiped:
    'ブラウザーが、このデバイスに保存されていたメールを削除しました。空き容量が足りないときや、サイトを長く使わなかったときに起こることがあります。メールはサーバーに残っています。サインインすると、新しいものから順に戻ります。',
  wipedPending: (n: number | null) =>
    n === null
      ? 'まだサーバーに届いていなかった変更は失われました。'
      : count(n, { other: 'まだサーバーに届いていなかった#件の変更は失われました。' }),
  rebuilding: 'ブラウザーがこのデバイスからメールを削除していました。現在、新しいものから順に戻しています。',
  rebuildingPending: (n: number) =>
    count(n, { other: 'まだサーバーに届いていなかった#件の変更は失われました。' }),
  install: {
    title: 'Mailferryをインストール',
    text: 'ホーム画面から開けるようになり、ブラウザーがメールをより確実に保持します。',
    ios: 'ブラウザーの共有ボタンを押して「ホーム画面に追加」を選び、そこからMailferryを開いてください。インストールしたアプリはメールを独自に保存するため、ここですべてをダウンロードする前にインストールしてください。',
    yes: 'インストール',
    no: '後で',
    noIos: 'ブラウザーで使い続ける',
  },
  other: {
    title: 'このデバイスには別の人のメールがあります',
    text: 'ここにあるメールの持ち主とは別の人としてサインインしました。まだ何も変更されていません。',
    pending: (n: number) =>
      count(n, { other: 'その人の#件の変更がまだサーバーに届いていません。続けると失われます。' }),
    keep: 'このままにする',
    replace: '削除して続ける',
  },
};
