import { count } from '../numbers.ts';

export const notifications = {
  title: '通知',
  intro: 'Mailferryを閉じているときでも、新着メールをこのデバイスにお知らせします。',
  private:
    'ブラウザーのプッシュサービスを通るのは、何かが変わったという情報だけです。メールはデバイスが自分で取得します。',
  on: '新着メールをこのデバイスに通知する',
  turningOn: 'ブラウザーに許可を求めています…',
  verifying: '最初の通知を待っています。1分以内に届きます。',
  isOn: '通知はオンです。',
  problems: {
    unsupported: 'このブラウザーではWebアプリの通知を表示できません。',
    install:
      'iPhoneやiPadでは、先にMailferryをホーム画面に追加してください。共有メニューを開いて「ホーム画面に追加」を選び、ホーム画面から開いてください。',
    denied:
      'このブラウザーではMailferryの通知が許可されていません。ブラウザーのサイト設定で通知を許可してから、もう一度お試しください。',
    'no-service':
      'ブラウザーがプッシュサービスに接続できませんでした。接続と、ブラウザーがWebサイトのプッシュ通知を許可しているかどうかを確認してください。',
    'server-key': 'お使いのサーバーはまだ通知に対応していません。',
    failed: '通知をオンにできませんでした。接続を確認して、もう一度お試しください。',
  },
  which: '通知するメール',
  account: 'このアカウントを通知する',
  more: (n: number) => count(n, { other: 'ほか#個のメールボックス' }),
  quiet: 'おやすみ時間',
  quietOn: '決まった時間帯は音を鳴らさない',
  quietText: 'この時間帯に届いたメールは、音を鳴らさずに表示します。',
  quietOther: 'アカウントやメールボックスごとの時間帯',
  quietChoose: '選択…',
  quietAsDevice: 'このデバイスの時間帯を使う',
  from: '開始',
  to: '終了',
  tryOut: 'テスト通知を表示',
  notice: {
    many: (n: number) => count(n, { other: '#件の新着メール' }),
    quiet: 'おやすみ時間の間に届きました。',
    noSubject: '件名なし',
    noSender: '差出人不明',
    nothing: 'メールは最新の状態です',
    nothingText: '選択したメールボックスに新着メールはありません。',
    unread: '新着メールが届きました',
    unreadText: 'Mailferryを開いて読んでください。',
    ready: '通知がオンになりました',
    readyText: '新着メールはこのように表示されます。',
  },
};
