import { z } from 'zod';
import type { Sentence } from '../../jmap/types.ts';
import { say, sentenceSchema } from '../../sentences/say.ts';

/**
 * What Mailferry knows of a mail provider by itself: where mail is read, and what the person has to do first.
 * Only facts that the provider publishes; what is uncertain is left out, because discovery finds it.
 */

const hostname = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/);

const server = z.strictObject({
  host: hostname,
  port: z.union([z.literal(993), z.literal(143), z.literal(995), z.literal(110)]),
  security: z.enum(['tls', 'starttls']),
});

const sentence = sentenceSchema.extend({ text: z.string().regex(/^[A-Z0-9].*[.]$/) });

/** The schema of an entry; a test holds every entry to it. */
export const providerSchema = z.strictObject({
  name: z.string().min(1),
  /** Mail domains of the provider itself, exact. */
  domains: z.array(hostname),
  /** Suffixes of MX hosts of domains that are hosted there; the longest one that fits wins. */
  mx: z.array(hostname),
  imap: server.nullable(),
  pop: server.nullable(),
  /** What the server wants as the user name. */
  username: z.enum(['address', 'local-part']),
  /** OAuth, where the provider has it for mail programs; `required` where a password is refused. */
  oauth: z.strictObject({ provider: z.string().min(1), required: z.boolean() }).nullable(),
  help: z.array(sentenceSchema.extend({ url: z.url({ protocol: /^https$/ }) })),
  /** What the person has to know before they enter a password. */
  warnings: z.array(sentence),
  /** Why neither IMAP nor POP can be used; null where one can. */
  unavailable: sentence.nullable(),
});

export type Provider = z.infer<typeof providerSchema>;
type Server = z.infer<typeof server>;

/** IMAP over TLS on its usual port (RFC 8314). */
export const imaps = (host: string): Server => ({ host, port: 993, security: 'tls' });
/** POP over TLS on its usual port (RFC 8314). */
export const pops = (host: string): Server => ({ host, port: 995, security: 'tls' });
/** IMAP with STARTTLS (RFC 9051). */
export const imapStartTls = (host: string): Server => ({ host, port: 143, security: 'starttls' });
/** POP with STLS (RFC 2595). */
export const popStls = (host: string): Server => ({ host, port: 110, security: 'starttls' });

/** An entry, with what most of them have in common left out. */
export function provider(entry: Partial<Provider> & Pick<Provider, 'name'>): Provider {
  return {
    ...{ domains: [], mx: [], imap: null, pop: null, username: 'address', oauth: null },
    ...{ help: [], warnings: [], unavailable: null },
    ...entry,
  };
}

/** For a provider whose normal password opens no mail program. */
export const needsAppPassword = (provider: string): Sentence => say('provider/app-password', { provider });

/** For a provider where the person has to allow mail programs first. */
export const hasToBeEnabled = (provider: string): Sentence => say('provider/allow', { provider });

/** A page of the provider that helps. */
export const page = (sentence: Sentence, url: string): Sentence & { url: string } => ({ ...sentence, url });
