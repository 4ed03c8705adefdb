import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { readOrMake } from './durable-file.ts';

/** The one person of a Mailferry on one machine: `sub` of the sign-in and of the token file alike. */
export const LOCAL_USER = 'local';

/**
 * The bearer token of `<data>/token` (mode 0600, made once: 32 random bytes in base64url), by which scripts and
 * other JMAP clients of the same person reach the API without signing in.
 */
export async function staticToken(data: string): Promise<string> {
  return (await readOrMake(join(data, 'token'), () => `${randomBytes(32).toString('base64url')}\n`)).trim();
}

/** Whom a bearer token speaks for (the claims that API Gateway's JWT authoriser hands on), or null. */
export type TokenCheck = (authorization: string | undefined) => Promise<Record<string, string> | null>;

/**
 * Checks `Authorization: Bearer …` (RFC 6750): the static token, or an access token (RFC 9068) that the local
 * issuer signed for this origin. Anything else is null.
 */
export function tokenCheck(options: {
  token: string;
  issuer: string;
  audience: string;
  keys: JSONWebKeySet;
}): TokenCheck {
  const fixed = digest(options.token);
  const keys = createLocalJWKSet(options.keys);
  return async authorization => {
    const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
    if (bearer === undefined) return null;
    // Equal lengths by hashing: the comparison tells nothing by its time.
    if (timingSafeEqual(digest(bearer), fixed)) return { sub: LOCAL_USER };
    try {
      const { payload } = await jwtVerify(bearer, keys, {
        issuer: options.issuer,
        audience: options.audience,
        typ: 'at+jwt',
        algorithms: ['RS256'],
      });
      return payload.sub ? { sub: payload.sub, iss: options.issuer } : null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
