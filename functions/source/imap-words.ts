import type { SourceSettings } from './source.ts';

/** What must not be shown: the password, or the token in its place. */
export type Secrets = Pick<SourceSettings, 'username' | 'password'>;

/** A run of base64 that could hold a secret. */
const BASE64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/**
 * The words of a server as they may be shown, as a sentence to append, or nothing: one printable line of at
 * most 200 characters, in which every form of the password that travels is blacked out.
 */
export function serverWords(text: string, secrets: Secrets): string {
  const clean = withoutSecrets(text, secrets)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  if (clean === '') return '';
  return ` It says: “${clean.length > 200 ? `${clean.slice(0, 199)}…` : clean}”`;
}

/** Blacks out the password or token, as it is and as it travels: quoted, in a URL, and inside of base64 (SASL). */
export function withoutSecrets(text: string, { password }: Secrets): string {
  if (password === '') return text;
  const holdsSecret = (encoded: string) => Buffer.from(encoded, 'base64').includes(password);
  const decoded = text.replace(BASE64, encoded => (holdsSecret(encoded) ? '•••' : encoded));
  const forms = [
    Buffer.from(password, 'utf8').toString('base64'),
    encodeURIComponent(password),
    password.replace(/["\\]/g, '\\$&'),
    password,
  ];
  return forms.reduce((rest, form) => rest.replaceAll(form, '•••'), decoded);
}
