import { type ConnectionOptions, rootCertificates } from 'node:tls';
import type { Target } from './guard.ts';
import type { SourceSettings } from './source.ts';

/**
 * TLS options for a mail server, the same for implicit TLS and for STARTTLS: the certificate is checked against
 * the name that the person entered (or the literal address), never against what the name resolved to.
 *
 * @param settings their `ca` (PEM) is trusted beside the certificate authorities that Node brings
 * @param target from `resolveHost`
 * @returns options for `tls.connect`, without the socket or the port
 */
export function tlsOptions(settings: Pick<SourceSettings, 'ca'>, target: Target): ConnectionOptions {
  return {
    host: target.address,
    servername: target.servername,
    minVersion: 'TLSv1.2',
    ...(settings.ca === undefined ? {} : { ca: [...rootCertificates, settings.ca] }),
  };
}
