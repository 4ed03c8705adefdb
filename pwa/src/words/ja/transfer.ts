import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { other: '#件のメール' });

/** Import and export of mail files. */
export const transfer = {
  title: 'インポートとエクスポート',
  import: 'ファイルからメールをインポート',
  importText:
    'mboxファイル、1通のメール（.eml）、またはそれらをまとめたzipファイルを使えます。すでにあるメールが二重に保存されることはありません。',
  importImap: 'インポートしたメールは、メールサーバーにも追加されます。',
  importPop: 'インポートしたメールはMailferryだけに保存され、メールサーバーには送られません。',
  file: 'ファイル',
  choose: '選択…',
  noFile: 'ファイルが選択されていません',
  into: 'インポート先',
  folders: 'zipと同じ構成のフォルダーを作成する',
  start: 'インポート',
  uploading: (name: string, sent: string, size: string) => `${name}を送信中: ${size}のうち${sent}`,
  uploadFailed: (reason: string) => `ファイルを送信できませんでした。${reason}`,
  stop: '中止',
  imports: '過去1週間のインポート',
  ofImport: (size: string, at: string) => `${size}、${at}`,
  types: { mbox: 'mboxファイル', eml: '1通のメール', zip: 'zipアーカイブ' },
  statuses: {
    waiting: '順番待ち',
    running: '処理中',
    done: '完了',
    failed: '中断',
  },
  handled: (done: string, all: string) => `${all}のうち${done}を読み込みました`,
  imported: (n: number) => `${messages(n)}をインポートしました`,
  duplicates: (n: number) => count(n, { other: '#件はすでにありました' }),
  failed: (n: number) => `${messages(n)}を取り込めませんでした`,
  ignored: (n: number) => count(n, { other: '#個のファイルはメールではありません' }),
  failures: '取り込めなかったもの',
  failure: (at: string, reason: string) => `${at}: ${reason}`,
  notAll: '最初の100件だけを表示しています。',
  forget: 'この一覧から削除',
  export: 'すべてのメールをエクスポート',
  exportText:
    'このアカウントのすべてのメールを、ほかのメールソフトで読めるファイルに書き出します。その間、このページを離れても構いません。',
  exportTypes: {
    mbox: 'mbox: フォルダーごとに1つのファイル（メールソフト向け）',
    zip: 'zip: メールごとに1つの.emlファイル',
  },
  exportStart: 'エクスポート',
  exports: '過去1週間のエクスポート',
  exported: (n: number, total: number) => `${messages(total)}のうち${digits(n)}件を書き出しました`,
  missing: (n: number) => `データが欠けているため、${messages(n)}を書き出せませんでした。`,
  expires: (at: string) => `${at}まで保管されます。`,
  download: (name: string, size: string) => `${name}をダウンロード（${size}）`,
  downloading: (got: string, size: string) => `${size}のうち${got}をダウンロードしました`,
  downloadFailed: (reason: string) => `ファイルをダウンロードできませんでした。${reason}`,
  progressOf: (what: string) => `進み具合: ${what}`,
};
