/**
 * The security headers of the app's origin, for whoever serves it: CloudFront's response headers policy on AWS,
 * the gateway on one machine. They live in one place so that what works at home is what is deployed.
 */

/**
 * Content-Security-Policy of the app. Script comes from the app's own files only; `'wasm-unsafe-eval'` lets it compile
 * its own WebAssembly (the search index) and no JavaScript from strings; `style-src 'unsafe-inline'` is
 * for style attributes of mail, which are sanitised first and shown in a scriptless frame; pictures may come from
 * anywhere over HTTPS because a person may ask for remote pictures; the reader's frame is a `blob:` document. Text
 * becomes HTML or a script's address through two policies only (Trusted Types): the sanitiser's and the app's own
 * (`pwa/src/trusted.ts`), each made once.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: https:",
  "connect-src 'self'",
  "frame-src 'self' blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types dompurify mailferry',
].join('; ');

/** Content-Security-Policy of what the API answers: an attachment opened in a browser can run nothing here. */
export const API_CONTENT_SECURITY_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

/** Headers of every answer of the app's origin, by lower-case name. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** A file whose name carries a hash of its content never changes. */
export const CACHE_IMMUTABLE = 'public, max-age=31536000, immutable';
/** The page, the service worker and the manifest are looked at again each time. */
export const CACHE_REVALIDATE = 'no-cache';
