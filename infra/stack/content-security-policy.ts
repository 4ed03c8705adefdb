/**
 * The Content-Security-Policy of the app.
 * @param connect origins besides its own to which the app sends requests: the OIDC issuer's and its token
 *   endpoint's, and the mail bucket's
 */
export function appPolicy(connect: readonly string[]): string {
  return toHeader({
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    // A message is shown in a scriptless frame that inherits this policy, and its style is inline.
    'style-src': ["'self'", "'unsafe-inline'"],
    // Remote images of a message, which the reader lets through only when asked.
    'img-src': ["'self'", 'data:', 'blob:', 'https:'],
    'media-src': ["'self'", 'blob:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...connect],
    'frame-src': ["'self'", 'blob:'],
    'worker-src': ["'self'"],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  });
}

/** The policy of what the API answers: an attachment that a browser opens can run nothing in our origin. */
export const apiPolicy = toHeader({ 'default-src': ["'none'"], sandbox: [], 'frame-ancestors': ["'none'"] });

function toHeader(directives: Record<string, readonly string[]>): string {
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}
