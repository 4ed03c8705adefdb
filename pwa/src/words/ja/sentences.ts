import type { Sentences } from '../said.ts';

/** What the server says, by the codes of its sentences. */
export const sentences: Sentences = {
  'status/new': '最初の取得を待っています。',
  'status/archive': 'アーカイブです。メールはここにだけあります。',
  'status/paused': '一時停止中です。メールサーバーには接続せず、ここでの変更は保留されます。',
  'status/first': 'メールを取得しています。',
  'status/first/progress': { other: 'メールを取得しています（{count}件のうち{stored}件）。' },
  'status/fetching': '新着メールを取得しています。',
  'status/fetching/progress': { other: '新着メールを取得しています（{count}件のうち{stored}件）。' },
  'status/next-part': '続きはすぐに始まります。',
  'status/interrupted': '前回の取得は中断されました。次回に続きから再開します。',
  'status/interrupted/progress': {
    other: '前回の取得は{count}件のうち{stored}件で中断されました。次回に続きから再開します。',
  },
  'status/so-far': { other: '{count}件のうち{stored}件を取得済みです。' },
  'status/ok': '最新の状態です。',
  'status/unreadable': { other: '{count}件のメールは読み取れず、サーバーに残っています。' },
  'status/doubtful':
    'サーバー上のメールが以前より大幅に減っています。もう一度確認するまで、ここからは何も削除しません。',
  'status/not-deleted': 'すべてのメールを読み取れるまで、サーバーからは何も削除しません。',
  'status/frozen/reset':
    '{date}以降、サーバーからは何も削除していません。サーバーがメールの番号を付け直したためです。',
  'status/frozen/loss':
    '{date}以降、サーバーからは何も削除していません。サーバー上のメールが以前より大幅に減ったためです。',
  'status/frozen/reset/mailbox':
    '{date}以降、サーバーからは何も削除していません。サーバーがメールボックス「{mailbox}」の番号を付け直したためです。',
  'status/frozen/loss/mailbox':
    '{date}以降、サーバーからは何も削除していません。メールボックス「{mailbox}」のメールが以前より大幅に減ったためです。',
  'status/frozen/missing-blob':
    '{date}以降、サーバーからは何も削除していません。ここに保存したはずのメールが見つからないためです。',
  'status/frozen/checksum':
    '{date}以降、サーバーからは何も削除していません。ここに保存したメールが壊れているためです。',
  'status/frozen/mismatch':
    '{date}以降、サーバーからは何も削除していません。保存したメールの場所に別のメールがあるためです。',

  'advice/password':
    'このアカウントの設定で、パスワードをもう一度入力してください。アプリパスワードが必要なプロバイダーもあります。',
  'advice/sealed': 'このアカウントの設定で、パスワードをもう一度入力してください。',
  'advice/sign-in': '{provider}にもう一度サインインしてください。',
  'advice/public-name': 'このアカウントの設定で、メールサーバーの公開名を入力してください。',
  'advice/name': 'このアカウントの設定で、サーバー名を確認してください。',
  'advice/server': 'このアカウントの設定で、サーバー名とポートを確認してください。',
  'advice/security': 'このアカウントの設定で、ポートと暗号化を確認してください。',
  'advice/provider':
    'この状態がしばらく続いています。問題がないか、メールのプロバイダーに問い合わせてください。',
  'advice/operator': 'この状態がしばらく続いています。このMailferryの管理者に知らせてください。',
  'advice/others': 'このメールボックスを読むほかのプログラムを終了するか、確認の間隔を長くしてください。',
  'advice/set-up': 'このMailferryの管理者に設定を依頼してください。',
  'advice/unfreeze': 'ここに足りないメールがなければ、このアカウントの設定で削除をもう一度許可してください。',

  sealed: '保存されているパスワードを開けなくなりました。',
  configuration: 'このアカウントに必要な設定が、このMailferryにありません。',
  protocol: 'メールサーバーの応答をMailferryが理解できませんでした。',
  internal: 'メールの取得中に、こちら側で問題が起きました。もう一度試します。',
  'authentication/token':
    '{place}がMailferryへの許可を拒否しました。プロバイダーにもう一度サインインしてください。',
  'authentication/provider':
    '{provider}がMailferryのアクセスを受け付けなくなりました。{provider}にもう一度サインインしてください。',
  'authentication/no-oauth':
    '{place}はプロバイダー経由のサインインに対応していません。アプリ用のパスワードがあれば使ってください。',
  'authentication/no-password':
    '{place}はパスワードを受け付けません。選択できる場合は、プロバイダー経由でサインインしてください。',
  'tls/not-trusted': '{place}の証明書は既知の認証局が署名したものではなく、偽のサーバーと区別できません。',
  'tls/expired': '{place}の証明書の期限が切れています。運営者による更新が必要です。',
  'tls/not-yet': '{place}の証明書はまだ有効になっていません。',
  'tls/revoked': '{place}の証明書は失効しています。',
  'tls/other-name':
    '{place}の証明書は{host}とは別の名前のものです。プロバイダーが案内しているサーバー名を入力してください。',
  'tls/no-tls':
    '{place}はこのポートでTLSを使いません。STARTTLS、暗号化なし、または別のポートを選んでください。',
  'tls/no-tls-after-starttls':
    '{place}はSTARTTLSの後にTLSを使いません。TLSまたは別のポートを選んでください。',
  'tls/from-the-start': '{place}は最初からTLSを使います。このポートにはTLSを選んでください。',
  'tls/no-starttls': '{place}はSTARTTLSに対応していません。TLSとそのポートを選んでください。',
  'tls/required':
    '{place}は暗号化された接続でだけパスワードを受け付けます。TLSまたはSTARTTLSを選んでください。',
  'protocol/pop-not-imap':
    '{place}はIMAPではなくPOPのサーバーです。POPか、このサーバーのIMAPポートを選んでください。',
  'protocol/sends-mail':
    '{place}はメールの送信用で、受信用ではありません。このサーバーのIMAPポートを入力してください。',
  'protocol/no-names':
    '{host}はメールに固有の名前を付けない（UIDLもTOPもない）ため、新着メールを見分けられません。IMAPがあればIMAPを使ってください。',
  'temporary/in-use': '{host}のメールボックスはほかのプログラムが使用中です。後でもう一度試します。',
  'temporary/full': '{host}のメールボックスがいっぱいです。',
  'quota/day':
    '{provider}が1日に許可する{megabytes} MBを使い切りました。明日{time}（UTC）に再開します。新着メールは引き続き届きます。',
  'quota/day-of-ours':
    'Mailferryが1つのメールボックスから1日に取得する{megabytes} MBを使い切りました。明日{time}（UTC）に再開します。新着メールは引き続き届きます。',
  'configuration/provider': 'このMailferryでは{provider}へのサインインが設定されていません。',
  'test/ok': '接続できました。',
  'test/ok/found': { other: '接続できました（{count}件のメール）。' },
  'test/ok/mailboxes': { other: 'メールボックスは{count}個です。' },
  'test/archive': 'アーカイブにはサーバーがないため、テストするものはありません。',
  'test/token-used':
    'その間に{provider}が許可を更新しました。保存する前に{provider}にもう一度サインインしてください。',

  'discovery/none': 'このアドレスのIMAPサーバーもPOPサーバーも見つかりませんでした。',
  'discovery/pop-only':
    'このサーバーはPOPだけに対応しています。受信トレイのみで、フォルダーや既読の印はありません。空き容量を増やす設定にしない限り、メールはサーバーに残ります。',
  'discovery/imap-only':
    'このサーバーはIMAPだけに対応しています。フォルダーや既読の印は、ほかのプログラムやデバイスと同じになります。',
  'discovery/pop-answered':
    'このアドレスにはIMAPとPOPが案内されていますが、応答したのはPOPサーバーだけです。POPでは受信トレイのみで、フォルダーや既読の印はありません。複数のプログラムを使う場合は、後でIMAPを試してください。',
  'discovery/imap':
    'IMAPではフォルダーや既読の印がほかのプログラムやデバイスと同じになり、メールはサーバーに残ります。Mailferryでサーバーを空にしたい場合はPOPを選んでください。',
  'discovery/answered': '{host}は、有効な証明書を使った暗号化接続で応答しました。',
  'discovery/condstore': '変更点を手早く知らせるサーバーなので、既読の印は次回の確認で反映されます。',
  'discovery/special-use': '送信済み、下書き、迷惑メール、ゴミ箱がどのフォルダーかを知らせるサーバーです。',
  'discovery/quota': 'メールボックスの使用量を知らせるサーバーです。',
  'discovery/unconfirmed': '今{host}（ポート{port}）に接続できなかったため、この設定は確認できていません。',
  'discovery/guessed':
    '{host}はこのアドレス用として案内されておらず、よくある名前を試して見つけたものです。プロバイダーに確認してください。',
  'discovery/no-uidl': 'このPOPサーバーは新しいメールと古いメールを区別できないかもしれません（UIDL）。',
  'discovery/takes-no-mail': 'ドメイン{domain}は、メールを受け取らないとDNSで示しています。',
  'discovery/foreign':
    '{domain}が案内しているサーバー{host}は、そのドメインのものではありません。パスワードを入力する前に、プロバイダーのものか確認してください。',
  'discovery/odd-port':
    '{protocol}用に、通常と異なるポート{port}のサーバー{host}が案内されていますが、確認していません。プロバイダーの案内と同じなら、自分で入力してください。',
  'discovery/not-encrypted':
    '{host}は暗号化なしの接続用に案内されていますが、途中でパスワードを読まれるおそれがあるため提案しません。',
  'discovery/no-domain': 'ドメイン{domain}は存在しません。アドレスのつづりを確認してください。',
  'discovery/not-asked':
    '今、{domain}についてネームサーバーに問い合わせできませんでした。後でもう一度試すか、プロバイダーが案内しているサーバーを入力してください。',
  'discovery/late':
    '{domain}のメールサーバーが時間内に応答しませんでした。後でもう一度試すか、プロバイダーが案内しているサーバーを入力してください。',
  'discovery/not-found':
    '{domain}のメールサーバーは見つかりませんでした。プロバイダーが案内しているサーバーを入力してください。',

  'provider/app-password':
    '{provider}では、{provider}のアカウント設定でMailferry用に作成したアプリパスワードが必要です。',
  'provider/app-password/two-factor': '2段階認証を使っている場合、{provider}ではアプリパスワードが必要です。',
  'provider/app-password/administrator':
    '{provider}では、通常のパスワードは{provider}のページでしか使えません。管理者が許可していれば、アプリパスワードを使ってください。',
  'provider/authorisation-code': '{provider}では、パスワードではなく、設定で作成した認証コードが必要です。',
  'provider/own-password':
    '{provider}では、Webサイトのパスワードではなく、メール専用のパスワードが必要です。',
  'provider/mail-key': '{provider}では、通常のパスワードではなくセキュアメールキーが必要です。',
  'provider/allow': 'サインインする前に、{provider}の設定でメールソフトの利用を一度許可する必要があります。',
  'provider/turn-on':
    '{provider}の設定でIMAPとPOPを有効にする必要があります。どちらも使えない無料プランもあります。',
  'provider/paying': '{provider}では、有料会員だけがメールソフトを使えます。',
  'provider/no-password':
    'Microsoftはメールソフトからのパスワードを受け付けず、自社のページでのサインインだけを認めています。また、{provider}の設定でPOPを許可する必要があります。',
  'provider/no-password/administrator':
    'Microsoftはメールソフトからのパスワードを受け付けず、自社のページでのサインインだけを認めています。また、管理者がIMAPとPOPを無効にしている場合があります。',
  'provider/local-part': 'ユーザー名には、{provider}のアドレスの@より前の部分を入力してください。',
  'provider/control-panel':
    '{provider}のExchangeとEmail Proでは、コントロールパネルに表示されるサーバー（{host}など）を入力してください。',
  'provider/bridge':
    '{provider}は、自分のコンピューターで動く{bridge}を通してのみ読めます。Mailferryが同じコンピューターで動いている場合にだけ利用できます。',
  'provider/closed': '{provider}はIMAPにもPOPにも対応しておらず、専用のアプリでしか読めません。',
  'help/about': '{what}について',
  'help/app-password': '{provider}でアプリパスワードを作成',
  'help/password': '{provider}のメールパスワードを設定',
  'help/authorisation-code': '{provider}で認証コードを作成',
  'help/allow': '{provider}でメールソフトを許可',
  'help/imap': '{provider}でIMAPを有効にする',
  'help/pop': '{provider}でPOPを有効にする',
  'help/settings': '{provider}のサーバー設定',
  'help/programs': '{provider}のメールソフト設定',

  'job/missing-file': 'アップロードしたファイルがなくなっています。もう一度アップロードしてください。',
  'job/not-readable': 'zipファイルではないか、不完全です。',
  'job/zip-bomb': 'このファイルは展開すると極端に大きくなります。',
  'job/no-mailbox': 'インポート先のメールボックスはもうありません。',
  'job/internal': '何度も試しましたが、できませんでした。もう一度開始してください。',

  'message/authentication': 'メールサーバーがこのメールへのアクセスを拒否しました。',
  'message/timeout': 'メールサーバーがこのメールを時間内に送りませんでした。',
  'message/protocol': 'メールサーバーがこのメールを読み取れない形で送りました。',
  'message/temporary': 'メールサーバーがこのメールを繰り返し後回しにしました。',
  'message/refused': 'メールサーバーがこのメールを渡しません。',
  'message/disconnected': 'このメールのところで、メールサーバーとの接続が毎回切れました。',
  'message/unreadable': 'このメールは読み取れませんでした。',
  'message/interrupted':
    'このメールを取得するたびにMailferryが停止しました。大きすぎるか、届くのが遅すぎるのかもしれません。',
  'message/missing': 'このメールはサーバーの一覧にありますが、渡されません。',
  'message/too-large': 'このメールについてサーバーが示す印やフォルダーが多すぎるため、保存できません。',
  'message/too-many-copies': 'メールサーバーに同じメールが多すぎます。このコピーは省きました。',

  'import/empty': 'ここにメールはありません。',
  'import/too-large': '150 MBを超えています。',
  'import/nul': 'NUL文字を含むメールは、メールサーバーが受け付けません。',
  'import/no-mbox': 'mboxのメールのようにFrom_行で始まっていません。',
  'import/damaged': 'このファイルは、少なくともここから先が壊れています。',
  'import/encrypted': 'このファイルは暗号化されています。パスワードなしで圧縮してください。',
  'import/unsupported': 'このファイルの圧縮形式には対応していません。',

  // What a change of an account or a job is refused with: SetErrors and errors of methods (RFC 8620).
  'set/invalidProperties': '次の項目を確認してください: {fields}。',
  'set/overQuota': 'サーバーの上限に達しているため、これ以上追加できません。',
  'set/serverFail': 'サーバーで問題が起きました。もう一度お試しください。',
  'set/serverUnavailable': 'サーバーは今これを実行できません。数分後にもう一度お試しください。',
  'set/notFound': 'サーバー上にはもうありません。',
  'set/blobNotFound': 'アップロードしたファイルがなくなっています。もう一度アップロードしてください。',
  'set/requestTooLarge': 'サーバーで扱うには大きすぎます。',
  'set/sign-in-needed': 'もう一度サインインしてください。',
};
