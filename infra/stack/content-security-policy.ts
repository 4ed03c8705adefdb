import { CONTENT_SECURITY_POLICY } from '../web-headers.ts';

/**
 * The Content-Security-Policy of the app on AWS: that of the project, with what lies on other hosts there.
 * @param connect origins to which the app sends requests: the OIDC issuer and its token endpoint, the mail bucket
 */
export function appPolicy(connect: readonly string[]): string {
  return CONTENT_SECURITY_POLICY.split('; ')
    .map(directive => (directive.startsWith('connect-src ') ? [directive, ...connect].join(' ') : directive))
    .join('; ');
}
