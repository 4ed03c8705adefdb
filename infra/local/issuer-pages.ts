const STYLE =
  'body{font:1.1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:12vh auto;padding:0 1rem;color:#1b1f24;background:#fff}' +
  'label,input,button{display:block;font:inherit;width:100%;box-sizing:border-box}' +
  'input,button{margin:.4rem 0 1rem;padding:.7rem;border:1px solid #57606a;border-radius:.4rem;min-height:2.75rem}' +
  'button{background:#0b57d0;color:#fff;border-color:#0b57d0;cursor:pointer}' +
  '[role=alert]{color:#b3261e}' +
  '@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}input{color:inherit;background:#161b22}[role=alert]{color:#ffb4ab}}';

/** The page that asks for the password; `wrong` after one that was not it. */
export function passwordPage(wrong: boolean): string {
  const alert = wrong
    ? '<p role="alert" id="wrong">That is not the password. It is the value of MAILFERRY_PASSWORD.</p>'
    : '';
  return page(
    'Sign in to Mailferry',
    `${alert}<form method="post"><label for="password">Password</label>` +
      `<input id="password" name="password" type="password" autocomplete="current-password" required autofocus` +
      `${wrong ? ' aria-invalid="true" aria-describedby="wrong"' : ''}><button type="submit">Sign in</button></form>`,
  );
}

/** The page that asks whether to sign out; `form` is the issuer's own, with its secret. */
export function signOutPage(form: string): string {
  return page(
    'Sign out of Mailferry?',
    `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>`,
  );
}

/** A page that says one thing, with the way back to the app. */
export function noticePage(title: string, text: string): string {
  return page(title, `<p>${escapeHtml(text)}</p><p><a href="/">Back to Mailferry</a></p>`);
}

function page(title: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>` +
    `<body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
