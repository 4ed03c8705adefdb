/** メールプロバイダー自身のページでのサインイン。 */
export const authorize = {
  signIn: (provider: string) => `${provider}でサインイン`,
  again: 'もう一度サインイン',
  text: (provider: string) =>
    `${provider}のページでサインインします。パスワードがMailferryに知られることはなく、許可はいつでもそこで取り消せます。`,
  leaving: (provider: string) => `${provider}を開いています…`,
  byPassword: '代わりにアプリパスワードを使う',
  bySignIn: (provider: string) => `このアカウントはパスワードを使わず、${provider}でサインインします。`,
  title: (provider: string | null) => (provider ? `${provider}でのサインイン` : 'プロバイダーでのサインイン'),
  completing: 'サインインを完了しています…最大20秒かかることがあります。',
  done: 'サインインしました。新着メールを確認しています。',
  tryAgain: 'もう一度試す',
  toAccounts: 'アカウント一覧へ',
  unchanged: '追加や変更は行われていません。',
  problems: {
    expired: {
      title: 'このサインインは期限切れです。',
      todo: '最初からやり直してください。10分以内に、同じMailferryで、一度だけ完了できます。',
    },
    denied: {
      title: '許可が与えられませんでした。',
      todo: '間違いだった場合は、もう一度サインインし、Mailferryがメールを読むことを許可してください。',
    },
    notGranted: {
      title: 'プロバイダーがサインインを完了しませんでした。',
      todo: 'もう一度お試しください。繰り返す場合は、このMailferryの管理者に問い合わせてください。',
    },
    noRefreshToken: {
      title: 'プロバイダーの許可は、この場限りのものでした。',
      todo: 'もう一度サインインし、Mailferryが求めるすべてを許可してください。繰り返す場合は、このMailferryの管理者に問い合わせてください。',
    },
    authentication: {
      title: 'メールサーバーが、このサインインをお使いのメールボックスに対して受け付けません。',
      todo: 'メールボックスそのもののアドレスでサインインし、Mailferryがメールを読むことを許可してください。職場や学校ではIMAPやPOPが無効になっていることがあります。管理者に問い合わせてください。',
    },
    refused: {
      title: 'メールサーバーがこのメールボックスを拒否しました。',
      todo: 'IMAPまたはPOPを先に有効にする必要がないか、プロバイダーの設定を確認してください。',
    },
    notFound: {
      title: 'このアカウントはその間に削除されました。',
      todo: '必要な場合は、もう一度追加してください。',
    },
    overQuota: {
      title: 'アカウントの数がMailferryの上限に達しています。',
      todo: '不要になったアカウントを削除してください。',
    },
    configuration: {
      title: 'このMailferryは、そこでのサインインに対応する設定になっていません。',
      todo: 'プロバイダーがアプリパスワードを発行している場合はそれを使うか、このMailferryの管理者に登録を依頼してください。',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: '数分後にもう一度お試しください。',
};
