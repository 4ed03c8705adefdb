import type { Sentence } from '../jmap/types.ts';
import { say } from '../sentences/say.ts';
import { SourceError, type SourceErrorCode } from './errors.ts';
import type { Security } from './source.ts';

/** Where a connection was to go, for the sentence. Port and security are absent while the name is looked up. */
export interface Endpoint {
  host: string;
  port?: number;
  security?: Security;
}

/** Where an error of node:dns, node:net or node:tls came from and what OpenSSL says about it. */
interface Underneath {
  code: string;
  text: string;
}

type Translation = readonly [
  code: SourceErrorCode,
  sentence: (place: string, endpoint: Endpoint) => string | Sentence,
];

const unreachable: Translation = [
  'unreachable',
  place => `Nothing answers at ${place}. Check the server name and the port.`,
];

const lookupFailed: Translation = [
  'unknown-host',
  (_place, { host }) =>
    `The server name ${host} could not be looked up. Check its spelling, and that this machine has a network.`,
];

const noSuchName: Translation = ['unknown-host', (_place, { host }) => unknownHost(host).message];

const lost: Translation = ['disconnected', place => `The connection to ${place} was lost.`];

const selfSigned: Translation = ['tls', place => say('tls/not-trusted', { place })];

const translations: Readonly<Record<string, Translation>> = {
  ENOTFOUND: noSuchName,
  ENODATA: noSuchName,
  EAI_NONAME: noSuchName,
  EAI_AGAIN: lookupFailed,
  EAI_FAIL: lookupFailed,
  ESERVFAIL: lookupFailed,
  ECONNREFUSED: unreachable,
  EHOSTUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  ENETUNREACH: unreachable,
  ENETDOWN: unreachable,
  EADDRNOTAVAIL: unreachable,
  EACCES: unreachable,
  EPERM: unreachable,
  ETIMEDOUT: unreachable,
  ECONNRESET: lost,
  ECONNABORTED: lost,
  EPIPE: lost,
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: selfSigned,
  UNABLE_TO_GET_ISSUER_CERT: selfSigned,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: selfSigned,
  CERT_UNTRUSTED: selfSigned,
  CERT_HAS_EXPIRED: ['tls', place => say('tls/expired', { place })],
  CERT_NOT_YET_VALID: ['tls', place => say('tls/not-yet', { place })],
  CERT_REVOKED: ['tls', place => say('tls/revoked', { place })],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', (place, { host }) => say('tls/other-name', { place, host })],
};

const noTls: Translation = [
  'tls',
  (place, { security }) =>
    say(security === 'starttls' ? 'tls/no-tls-after-starttls' : 'tls/no-tls', { place }),
];

const closedInHandshake: Translation = [
  'tls',
  place => `${place} closed the connection while TLS was set up. It may not speak TLS on this port.`,
];

const handshakeFailed: Translation = [
  'tls',
  place => `${place} and Mailferry found no TLS version and cipher in common. The server may be too old.`,
];

/**
 * Says in a sentence what an error of a name look-up, a socket or a TLS handshake means. A SourceError is
 * returned as it is; anything unknown becomes `disconnected` with the error as its cause.
 *
 * @param error whatever was thrown or emitted by node:dns, node:net or node:tls
 * @param endpoint the host and port as the person entered them
 */
export function toSourceError(error: unknown, endpoint: Endpoint): SourceError {
  if (error instanceof SourceError) return error;
  const [code, sentence] = translate(underneath(error));
  const place = endpoint.port === undefined ? endpoint.host : `${endpoint.host}:${endpoint.port}`;
  return new SourceError(code, sentence(place, endpoint), { cause: error });
}

/** A host name that does not exist. */
export function unknownHost(host: string): SourceError {
  return new SourceError('unknown-host', `The server name ${host} does not exist. Check its spelling.`);
}

function translate({ code, text }: Underneath): Translation {
  // The first bytes were not TLS: a greeting in plain text, or HTTP.
  if (/wrong.version.number|packet.length.too.long|http.request|unknown.protocol/i.test(`${code} ${text}`)) {
    return noTls;
  }
  if (/before secure TLS connection/i.test(text)) return closedInHandshake;
  const known = translations[code];
  if (known !== undefined) return known;
  if (code === 'EPROTO' || /^ERR_(SSL|TLS|OSSL)_/.test(code)) return handshakeFailed;
  return lost;
}

function underneath(error: unknown): Underneath {
  if (!(error instanceof Error)) return { code: '', text: '' };
  const { code } = error as NodeJS.ErrnoException;
  // Connecting to several addresses at once collects their errors.
  const [first] = error instanceof AggregateError ? error.errors : [];
  if (typeof code !== 'string' && first !== undefined) return underneath(first);
  return { code: typeof code === 'string' ? code : '', text: error.message };
}
