import { z } from 'zod';
import { MailferryError } from './errors.ts';

/**
 * The canary: asks for what a device needs before it has a token, from outside and by the app's own address. Where
 * anything is not as it should be it throws, so that Lambda counts an error and the alarm sees it.
 */

/** How long one answer may take, in ms. */
const PATIENCE_MS = 8_000;

const appConfig = z.object({ issuer: z.url(), clientId: z.string().min(1) });
const discovery = z.object({ issuer: z.string(), authorization_endpoint: z.url(), token_endpoint: z.url() });

/** What the canary has found wrong. */
export class CanaryError extends MailferryError {
  override name = 'CanaryError';

  constructor(problems: readonly string[]) {
    super('canary', `${problems.join('; ')}. See docs/runbook.md, canary.`);
  }
}

/** Something is not as it should be; the message goes on from the name of what was looked at. */
class Problem extends Error {}

/**
 * A canary for the app at this address: `/`, `/config.json`, the sign-in issuer that it names (OpenID Connect Discovery 1.0
 * section 4), and `/.well-known/jmap`, which has to refuse who brings no token. Throws CanaryError naming all that is wrong.
 * @param address scheme and host, without a slash at the end
 */
export function createHandler(address: string): () => Promise<void> {
  return async () => {
    const config = ask(`${address}/config.json`, 200).then(text => parsed(appConfig, text));
    const looks = {
      app: lookAtApp(address),
      config,
      // Without a configuration there is no issuer to ask, and nothing more to say.
      issuer: config.then(lookAtIssuer, () => {}),
      api: ask(`${address}/.well-known/jmap`, 401),
    };
    const problems = await Promise.all(Object.entries(looks).map(([name, look]) => problemsOf(name, look)));
    if (problems.flat().length > 0) throw new CanaryError(problems.flat());
  };
}

async function lookAtApp(address: string): Promise<void> {
  const page = await ask(`${address}/`, 200);
  if (!/^<!doctype html/i.test(page)) throw new Problem('is no page');
}

async function lookAtIssuer({ issuer }: z.output<typeof appConfig>): Promise<void> {
  const text = await ask(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, 200);
  if (parsed(discovery, text).issuer !== issuer) throw new Problem('says that it is another');
}

async function problemsOf(name: string, look: Promise<unknown>): Promise<string[]> {
  try {
    await look;
    return [];
  } catch (error) {
    const nameOfError = error instanceof Error ? error.name : 'unknown';
    return [`${name} ${error instanceof Problem ? error.message : `did not answer (${nameOfError})`}`];
  }
}

async function ask(url: string, status: number): Promise<string> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await response.text();
  if (response.status !== status) throw new Problem(`answered ${response.status} and not ${status}`);
  return text;
}

function parsed<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Problem('is not as it should be');
  }
}

/** AWS Lambda entry, for the address APP_ADDRESS. */
export const handler = () => createHandler(z.url().parse(process.env.APP_ADDRESS))();
