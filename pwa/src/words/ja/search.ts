import type { OwnNames } from '../../search/query.ts';
import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { other: '#件のメール' });

export const search = {
  title: '検索',
  field: 'すべてのメールを検索',
  clear: '検索をクリア',
  results: '検索結果',
  narrow: '検索を絞り込む',
  /** How each suggestion is called; what is typed is in `ownNames`. */
  operators: {
    from: '差出人',
    to: '宛先',
    subject: '件名',
    has: '添付ファイルあり',
    is: '',
    in: 'メールボックス',
    before: 'これより前',
    after: 'これ以降',
    account: 'アカウント',
  } as Record<string, string>,
  ownNames: [
    ['差出人', 'from'],
    ['宛先', 'to'],
    ['件名', 'subject'],
    ['場所', 'in'],
    ['以前', 'before'],
    ['以降', 'after'],
    ['アカウント', 'account'],
  ] as OwnNames,
  unread: '未読',
  starred: 'スター付き',
  all: (n: number) => `このデバイスの${messages(n)}をすべて検索しました。`,
  ready: (n: number) => `このデバイスの${messages(n)}をすべて検索できます。`,
  allFound: (found: number, n: number) =>
    `このデバイスの${messages(n)}のうち、${digits(found)}件が見つかりました。`,
  partly: (searched: number, total: number) =>
    `このデバイスの${messages(total)}のうち、${digits(searched)}件は本文まで検索できます。`,
  here: (searched: number, total: number) =>
    `このデバイスの${messages(total)}のうち、${digits(searched)}件を検索しました。`,
  asking: (searched: number, total: number) =>
    `このデバイスの${messages(total)}のうち、${digits(searched)}件を検索しました。サーバーに問い合わせています…`,
  hereAndServer: (searched: number, total: number) =>
    `このデバイスの${messages(total)}のうち${digits(searched)}件と、サーバーを検索しました。`,
  hereOffline: (searched: number, total: number) =>
    `このデバイスの${messages(total)}のうち、${digits(searched)}件を検索しました。現在サーバーに接続できません。`,
  opening: '検索インデックスを開いています…',
  building: (searched: number, total: number) =>
    `検索の準備中: このデバイスの${messages(total)}のうち${digits(searched)}件が完了`,
  serverOnly:
    'プライベートウィンドウなどのため、このブラウザーには検索インデックスが保存されません。代わりにサーバーで検索します。',
  serverOnlyOffline: 'このブラウザーには検索インデックスが保存されず、現在サーバーにも接続できません。',
  startTitle: 'どのメールも見つかります',
  startText:
    '名前や言葉、またはその先頭の部分を入力します。ひと続きの語句は "引用符" で囲みます。英語の名前（from:、to:、subject:など）も使えます。',
  examples: [
    ['差出人:田中', '特定の人から届いたメール'],
    ['件名:"乗船のご案内"', '件名にこの語句を含むメール'],
    ['has:attachment 以降:2026-01', '2026年1月以降の、ファイルが添付されたメール'],
    ['ボート -is:read 場所:アーカイブ', 'メールボックス内の、ボートに関する未読のメール'],
  ] as [string, string][],
  nothing: '見つかりませんでした',
  nothingText: '言葉を減らすか、短くしてみてください。言葉の先頭の部分だけでも検索できます。',
  nothingYet: 'まだ見つかっていません',
  unknown: (typed: string) => `「${typed}」は値が不明なため、検索に使われませんでした。`,
  held: (n: number) => count(n, { other: 'サーバーの新しい結果を#件表示' }),
  choose: '読む検索結果を選択してください',
};
